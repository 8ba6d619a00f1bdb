"""What a measure can say of the computation itself, verified against the facts document: a name in a template or an
answer, a small typed function here, and the words for it in ``risk_data/checks.yaml``. There is no expression language.

Each function gets the facts and a bound (0 where none is asked), and says whether it is so and what stands there now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import Field

from dpia.conditions import Form, Id
from dpia.labels import Label
from dpia.matrices import DATA
from dpia.template_file import read_yaml

Facts = Mapping[str, Any]
Both = dict[str, str]
Finding = tuple[bool, str | Both]
LONGEST_SAID = 300


class Wording(Form):
    """``holds`` and ``fails`` may name ``{now}`` and ``{bound}``; ``asks``: what the bound is, where there is one."""

    key: Id
    label: Label
    holds: Label
    fails: Label
    asks: Label | None = None
    bound: int = Field(0, ge=0)


@dataclass(frozen=True)
class Check:
    wording: Wording
    function: Callable[[Facts, int], Finding]

    def outcome(self, facts: Facts, bound: Any) -> tuple[bool, Both]:
        """Whether it is so now, and the sentence that says why. An empty bound is the usual one."""
        asked = int(bound) if str(bound or "").isdecimal() else self.wording.bound
        holds, now = self.function(facts, asked)
        said = self.wording.holds if holds else self.wording.fails
        stands = now if isinstance(now, dict) else {"nl": now, "en": now}
        return holds, {key: getattr(said, key).format(now=stands[key], bound=asked) for key in ("nl", "en")}


def smallest_group(facts: Facts, bound: int) -> Finding:
    k = facts["specification"]["disclosure"]["k"]
    return k >= bound, str(k)


def rest_of_group(facts: Facts, _bound: int) -> Finding:
    return bool(facts["specification"]["disclosure"].get("two_sided")), ""


def rounding(facts: Facts, bound: int) -> Finding:
    base = facts["specification"]["disclosure"].get("rounding_base") or 0
    return base >= bound, str(base)


def runs_at_most(facts: Facts, bound: int) -> Finding:
    slots = facts["specification"]["schedule"]["slots"]
    return slots <= bound, str(slots)


def window_at_most(facts: Facts, bound: int) -> Finding:
    plan = facts["specification"]["schedule"]
    days = (date.fromisoformat(plan["end"]) - date.fromisoformat(plan["start"])).days + 1
    return days <= bound, str(days)


def kept_at_most(facts: Facts, bound: int) -> Finding:
    """Something has to be said about keeping; silence is no limit."""
    days = [item["days"] for item in facts["specification"]["retention"]]
    return bool(days) and max(days) <= bound, str(max(days)) if days else "–"


def no_persons_in_outcome(facts: Facts, _bound: int) -> Finding:
    return _none(one["title"] for one in facts["specification"]["outputs"] if one["kind"] == "record_list")


def not_on_platform(facts: Facts, _bound: int) -> Finding:
    return _none(one["title"] for one in facts["specification"]["outputs"] if one["shown_on_platform"])


def checked_by_another(facts: Facts, _bound: int) -> Finding:
    """Whoever asks the question does not also decide whether its outcome may leave."""
    spec = facts["specification"]
    return _none(one["title"] for one in spec["outputs"] if one["checker"] == spec["asker"])


def recipients_at_most(facts: Facts, bound: int) -> Finding:
    found = {key for one in facts["specification"]["outputs"] for key in one["recipients"]}
    return len(found) <= bound, str(len(found))


def computing_parties(facts: Facts, bound: int) -> Finding:
    found = [party for party in facts["parties"] if "computing_party" in party["party_roles"]]
    return len(found) >= bound, str(len(found))


def numbers_only_link(facts: Facts, _bound: int) -> Finding:
    """National numbers serve to link and for nothing else."""
    return _none(_columns(facts, lambda one: one["data_class"] == "national_id" and one["use"] != "join_key"))


def no_special_data(facts: Facts, _bound: int) -> Finding:
    return _none(_columns(facts, lambda one: one["data_class"] in ("special", "criminal")))


def bases_outlast_window(facts: Facts, _bound: int) -> Finding:
    """Every recorded legal basis holds up to the last day of the window, and there is at least one."""
    end, bases = facts["specification"]["schedule"]["end"], facts["bases"]
    short = [_same(f"{one['law_id']} {one['article']} ({one['valid_to']})") for one in bases if one["valid_to"] < end]
    return (False, "–") if not bases else _none(short)


def _columns(facts: Facts, wanted: Callable[[Mapping[str, Any]], bool]) -> list[Both]:
    inputs = facts["specification"]["inputs"]
    return [_same(f"{entry['dataset']}: {one['name']}") for entry in inputs for one in entry["columns"] if wanted(one)]


def _same(text: str) -> Both:
    return {"nl": text, "en": text}


def _none(found: Any) -> Finding:
    """It is so when nothing was found; else what was."""
    listed = list(found)
    return not listed, {key: ", ".join(one[key] for one in listed)[:LONGEST_SAID] for key in ("nl", "en")}


FUNCTIONS: dict[str, Callable[[Facts, int], Finding]] = {
    function.__name__: function
    for function in (
        smallest_group, rest_of_group, rounding, runs_at_most, window_at_most, kept_at_most, no_persons_in_outcome,
        not_on_platform, checked_by_another, recipients_at_most, computing_parties, numbers_only_link,
        no_special_data, bases_outlast_window,
    )
}  # fmt: skip


@cache
def wordings() -> list[Wording]:
    return [Wording.model_validate(one) for one in read_yaml((DATA / "checks.yaml").read_text("utf-8"))]


CHECKS: dict[str, Check] = {one.key: Check(one, FUNCTIONS[one.key]) for one in wordings()}
