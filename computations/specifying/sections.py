"""The sections of a draft: each is one page, one part of the document, and one thing two people can save at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from station.contract.canonical import digest

Draft = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """``read`` takes this section's part out of a draft; ``write`` gives the draft with that part replaced."""

    key: str
    label: Any
    read: Callable[[Draft], Any]
    write: Callable[[Draft, Any], Draft]

    def seen(self, draft: Draft) -> str:
        """A mark of what stands there now; a page carries it along, so that an older page is noticed."""
        return digest(self.read(draft))


def _of_fields(key: str, label: Any, *fields: str) -> Section:
    return Section(
        key,
        label,
        lambda draft: {name: draft.get(name) for name in fields},
        lambda draft, part: {**draft, **{name: part[name] for name in fields}},
    )


def _chosen(draft: Draft) -> list[str]:
    return [f"{entry['organisation']}/{entry['dataset']}" for entry in draft["inputs"]]


def _choose(draft: Draft, chosen: list[str]) -> Draft:
    """Keeps what was said about a dataset that stays; a new one begins empty."""
    inputs = [entry for entry in draft["inputs"] if f"{entry['organisation']}/{entry['dataset']}" in chosen]
    for name in chosen:
        if name not in _chosen({"inputs": inputs}):
            inputs.append(new_input({"inputs": inputs}, *name.split("/", 1)))
    return {**draft, "inputs": inputs}


def new_input(draft: Draft, organisation: str, dataset: str) -> dict[str, Any]:
    """An input is called after its organisation, so that conditions read well; a second one after both."""
    taken = {entry["id"] for entry in draft["inputs"]}
    name = organisation if organisation not in taken else f"{organisation}_{dataset}"[:63]
    return {
        "id": name, "organisation": organisation, "dataset": dataset, "subject_category": {"nl": "", "en": ""},
        "padded_rows": None, "columns": [],
    }  # fmt: skip


def columns_of(organisation: str, dataset: str) -> Section:
    def is_it(entry: dict[str, Any]) -> bool:
        return (entry["organisation"], entry["dataset"]) == (organisation, dataset)

    def write(draft: Draft, part: dict[str, Any]) -> Draft:
        kept = [part if is_it(entry) else entry for entry in draft["inputs"]]
        return {**draft, "inputs": kept if any(map(is_it, draft["inputs"])) else [*kept, part]}

    return Section(
        f"columns/{organisation}/{dataset}",
        _("Columns of %(dataset)s (%(organisation)s)") % {"dataset": dataset, "organisation": organisation},
        lambda draft: next(filter(is_it, draft["inputs"]), None),
        write,
    )


PURPOSE = _of_fields("purpose", _("Question and purpose"), "title", "purpose")
PARTIES = _of_fields("parties", _("Parties"), "asker", "parties")
DATASETS = Section("datasets", _("Datasets"), _chosen, _choose)
ANALYSIS = _of_fields("analysis", _("Analysis, groups and conditions"), "analysis", "engine", "parameters")
OUTPUT = _of_fields("output", _("Output, threshold and checker"), "disclosure", "outputs")
WINDOW = _of_fields("window", _("Window and retention"), "schedule", "retention")
_FIXED = {section.key: section for section in (PURPOSE, PARTIES, DATASETS, ANALYSIS, OUTPUT, WINDOW)}


def all_of(draft: Draft) -> Iterator[Section]:
    """The sections in the order in which they are filled in; one for the columns of each dataset."""
    yield from (PURPOSE, PARTIES, DATASETS)
    yield from (columns_of(entry["organisation"], entry["dataset"]) for entry in draft["inputs"])
    yield from (ANALYSIS, OUTPUT, WINDOW)


def get(key: str) -> Section | None:
    """The section with this key. The columns of any dataset can be asked for; the page says whether it is announced."""
    if key.startswith("columns/") and key.count("/") == 2:
        return columns_of(*key.split("/")[1:])
    return _FIXED.get(key)


def after(key: str, draft: Draft) -> Section | None:
    """The section that follows; None after the last."""
    order = list(all_of(draft))
    place = next((n for n, section in enumerate(order) if section.key == key), len(order))
    return order[place + 1] if place + 1 < len(order) else None


def document(draft: Draft) -> Draft:
    """The draft as the specification it would be: a text without English gets the Dutch one."""
    return _both(deepcopy(draft))


def _both(node: Any) -> Any:
    if isinstance(node, dict):
        if set(node) == {"nl", "en"}:
            return {"nl": node["nl"], "en": node["en"] or node["nl"]}
        return {name: _both(value) for name, value in node.items()}
    return [_both(value) for value in node] if isinstance(node, list) else node
