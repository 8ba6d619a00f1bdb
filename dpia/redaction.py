"""What others are shown of a frozen DPIA: chosen answers, with passages blacked out. Made anew from the version while
it is prepared, and stored as text in both languages once it is meant: what was blacked out is not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone, translation

from dpia.models import FactsDocument, Template, Version
from dpia.pointing import with_options
from dpia.questions import POINTING, Question
from dpia.reading import Shown, shown
from dpia.template import Point, TemplateForm, stored_form
from station.reasons import Reason, Refused
from web.language import language

SCHEMA = "nicpet.shared-assessment/1"
BLACK = "[█████]"
MOST_PASSAGES, SHORTEST, LONGEST_PASSAGE = 100, 2, 500
UNSHARED = ("attachment", "diagram")
"""Kinds of question that are not shared: papers stay where they are, and a drawing cannot be blacked out."""
Pick = tuple[str, str | None]
"""A question, and the controller whose answer it is."""


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked; ``key`` is how a form names it."""

    key: str
    pick: Pick
    point: Point
    question: Question
    whose: str


def choices(version: Version, called: Mapping[str, str]) -> list[Choice]:
    """Every answer in the version that can be shared, in the order of the form."""
    given: dict[str, list[str | None]] = {}
    for answer in version.data["answers"]:
        given.setdefault(answer["question"], []).append(answer["organisation"])
    return [
        Choice(key_of((question.id, slug)), (question.id, slug), point, question, called.get(slug or "", slug or ""))
        for point in _form(version).points()
        for question in point.questions
        if question.type not in UNSHARED
        for slug in given.get(question.id, [])
    ]


def key_of(pick: Pick) -> str:
    return f"{pick[0]}@{pick[1]}" if pick[1] else pick[0]


def passages(text: str) -> list[str]:
    """One on each line; refused when one is so short or long that it cannot be meant."""
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(found) > MOST_PASSAGES:
        raise Refused("sharing.many_passages", limit=MOST_PASSAGES)
    for one in found:
        if not SHORTEST <= len(one) <= LONGEST_PASSAGE:
            raise Refused("sharing.passage_length", passage=one[:60], least=SHORTEST, most=LONGEST_PASSAGE)
    return found


def redacted(
    version: Version, picks: Sequence[str], black: Sequence[str], title: str, called: Mapping[str, str]
) -> dict[str, Any]:
    """What others will see, all of it. Refused when a passage to black out stands nowhere: it was typed otherwise, and
    would be shown."""
    wanted, marker = set(picks), Marker(black)
    form = _form(version)
    unseen = Marker(black)  # what stands only in answers that are not picked was not found
    rows = {a["question"]: unseen.black(a["value"]) for a in version.data["answers"] if a["organisation"] is None}
    facts = FactsDocument.objects.get(sha256=version.data["facts_sha256"])
    form = with_options(form, facts.data, rows)
    points = [one for point in form.points() if (one := _point(point, version, wanted, marker, called))["answers"]]
    if not points:
        raise Refused("sharing.nothing")
    made = {
        "schema": SCHEMA, "title": marker.text(title), "template": version.data["template"],
        "template_title": form.title.model_dump(), "version": version.number, "adopted_on": _adopted_on(version),
        "points": points,
    }  # fmt: skip
    if missed := marker.missed():
        raise Refused(*(Reason("sharing.passage", {"passage": one[:60]}) for one in missed))
    return made


class Marker:
    """Blacks out passages, however they are broken over lines and whatever their capitals, and remembers which stood
    somewhere."""

    def __init__(self, black: Sequence[str]) -> None:
        ordered = sorted(black, key=len, reverse=True)  # a long passage before a part of it
        self._patterns = {one: re.compile(r"\s+".join(map(re.escape, one.split())), re.IGNORECASE) for one in ordered}
        self._found: set[str] = set()

    def text(self, text: str) -> str:
        for passage, pattern in self._patterns.items():
            if pattern.search(text):
                self._found.add(passage)
                text = pattern.sub(BLACK, text)
        return text

    def black(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.black(one) for key, one in value.items()}
        return [self.black(one) for one in value] if isinstance(value, list) else value

    def missed(self) -> list[str]:
        """A passage inside a longer one that was blacked out is not missed."""
        found = [" ".join(one.lower().split()) for one in self._found]
        return [p for p in self._patterns if p not in self._found and not any(_within(p, one) for one in found)]


def _within(passage: str, longer: str) -> bool:
    return " ".join(passage.lower().split()) in longer


def _form(version: Version) -> TemplateForm:
    return stored_form(Template.objects.get(sha256=version.data["template"]["sha256"]))


def _adopted_on(version: Version) -> str:
    """The day of the last controller's decision."""
    days = [timezone.localdate(at) for at in version.adoptions.values_list("at", flat=True)]
    return max(days).isoformat() if days else ""


def _point(
    point: Point, version: Version, wanted: set[str], marker: Marker, called: Mapping[str, str]
) -> dict[str, Any]:
    asked = {question.id: question for question in point.questions}
    answers = [
        _answer(asked[one["question"]], one, marker, called)
        for one in version.data["answers"]
        if one["question"] in asked and key_of((one["question"], one["organisation"])) in wanted
        and asked[one["question"]].type not in UNSHARED
    ]  # fmt: skip
    return {"number": point.number, "title": point.title.model_dump(), "answers": answers}


def _answer(
    question: Question, answer: Mapping[str, Any], marker: Marker, called: Mapping[str, str]
) -> dict[str, Any]:
    slug = answer["organisation"]
    plain = {}
    for end in ("nl", "en"):
        with translation.override(end):
            plain[end] = _plain(shown(question, answer["value"]))
    black = {end: marker.black(plain[end]) for end in plain}
    seen = {"nl": _alike(plain, black, "nl", "en"), "en": _alike(plain, black, "en", "nl")}
    return {
        "question": question.id, "label": question.label.model_dump(), "organisation": slug,
        "whose": marker.text(called.get(slug, slug)) if slug else "", "typed": answer["source"] == "answered",
        "value": _carried(question, answer["value"], marker, seen == plain), "shown": seen,
    }  # fmt: skip


def _alike(plain: Mapping[str, Any], black: Mapping[str, Any], own: str, other: str) -> Any:
    """As it is shown in one language; a text in which something was blacked out in the other language alone (a date, a
    choice, a fact that is written otherwise there) is blacked out whole."""
    return _both(plain[own], black[own], plain[other], black[other])


def _both(plain: Any, black: Any, other: Any, other_black: Any) -> Any:
    if isinstance(plain, str):
        return BLACK if black == plain and other != other_black else black
    if isinstance(plain, Mapping) and isinstance(other, Mapping) and plain.keys() == other.keys():
        return {key: _both(plain[key], black[key], other[key], other_black[key]) for key in plain}
    if isinstance(plain, list) and isinstance(other, list) and len(plain) == len(other):
        return [_both(*four) for four in zip(plain, black, other, other_black, strict=True)]
    if other != other_black and isinstance(plain, Mapping | list):
        return type(plain)()
    return black


def _carried(question: Question, value: Any, marker: Marker, untouched: bool) -> Any:
    """What another dossier may begin with: running text as it is shown, anything else only when nothing in it was
    blacked out, and never the names of rows, which follow from what was in them, or what points to them."""
    if question.type in ("text", "longtext"):
        return marker.black(value)
    if not untouched or question.type == "reference":
        return None
    if not question.tabular or not isinstance(value, list):
        return value
    pointing = {column.id for column in question.columns if column.type in POINTING} | {"id", "library"}
    return [{key: cell for key, cell in row.items() if key not in pointing} for row in value if isinstance(row, dict)]


def _plain(what: Shown) -> dict[str, Any]:
    return {key: value for key, value in asdict(what).items() if value}


@dataclass(frozen=True)
class SharedAnswer:
    label: str
    whose: str
    shown: Shown


def read(data: Mapping[str, Any]) -> Iterator[tuple[str, list[SharedAnswer]]]:
    """What was stored, in the reader's language: title of each point and its answers."""
    for point in data["points"]:
        title = f"{point['number']}. {point['title'][language()]}"
        yield title, [
            SharedAnswer(one["label"][language()], one["whose"], _shown(one["shown"][language()]))
            for one in point["answers"]
        ]


def _shown(data: Mapping[str, Any]) -> Shown:
    rows = [[_shown(cell) for cell in row] for row in data.get("rows", [])]
    return Shown(**{**data, "rows": rows})
