"""What is still empty in a draft, per section, in words that stand on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from computations.specifying.sections import Draft
from computations.specifying.words import FIELDS
from station import analyses

Gap = tuple[str, str]
"""Key of the section, and what is to be filled in there."""


def gaps(draft: Draft) -> Iterator[Gap]:
    for found in (_purpose, _parties, _inputs, _analysis, _output, _window):
        yield from found(draft)


def _purpose(draft: Draft) -> Iterator[Gap]:
    for name in ("title", "purpose"):
        if _blank(draft[name]):
            yield "purpose", str(FIELDS[name])


def _parties(draft: Draft) -> Iterator[Gap]:
    if len(draft["parties"]) < 3:
        yield "parties", _("at least three parties")
    for party in draft["parties"]:
        for name in ("capacity", "party_roles"):
            if not party.get(name):
                yield "parties", _of(name, party["name"])


def _inputs(draft: Draft) -> Iterator[Gap]:
    if not draft["inputs"]:
        yield "datasets", _("at least one dataset")
    for entry in draft["inputs"]:
        section = f"columns/{entry['organisation']}/{entry['dataset']}"
        if _blank(entry["subject_category"]):
            yield section, str(FIELDS["subject_category"])
        if entry["padded_rows"] is None:
            yield section, str(FIELDS["padded_rows"])
        if not entry["columns"]:
            yield section, _("at least one column")
        for column in entry["columns"]:
            if _blank(column["justification"]):
                yield section, _of("justification", column["name"])


def _analysis(draft: Draft) -> Iterator[Gap]:
    known = analyses.catalogue().get(draft["analysis"])
    if known is None:
        yield "analysis", str(FIELDS["analysis"])
        return
    for name, field in known.parameters.model_fields.items():
        if field.is_required() and draft["parameters"].get(name) in (None, "", []):
            yield "analysis", str(FIELDS.get(name, name))


def _output(draft: Draft) -> Iterator[Gap]:
    if draft["disclosure"].get("k") is None:
        yield "output", str(FIELDS["k"])
    if not draft["outputs"]:
        yield "output", _("at least one output")
    for output in draft["outputs"]:
        for name in ("name", "title", "use", "recipients", "checker"):
            if _blank(output[name]):
                yield "output", _of(name, output["name"] or _("new output"))


def _window(draft: Draft) -> Iterator[Gap]:
    for name in ("recurrence", "start", "end", "slots"):
        if not draft["schedule"].get(name):
            yield "window", str(FIELDS[name])
    for entry in draft["retention"]:
        for name in ("artefact", "holder", "days"):
            if _blank(entry[name]):
                yield "window", _of(name, str(FIELDS["retention"]))


def _of(field: str, what: str) -> str:
    return f"{FIELDS[field]} ({what})"


def _blank(value: Any) -> bool:
    """Nothing filled in; of a text the Dutch half counts."""
    return not value["nl"].strip() if isinstance(value, dict) else value in (None, "", [])
