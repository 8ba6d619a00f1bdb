"""A DPIA as a file that the CNIL's PIA software reads. One way only: its sections are fewer than our questions.

Our risks are not sorted into its three feared events, so all of them stand under the first, and the text says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from pydantic import Field

from dpia.checking import empty
from dpia.computed import ORDER
from dpia.conditions import Form
from dpia.models import Assessment
from dpia.questions import Question
from dpia.reading import Shown, shown, words
from dpia.sheet import Sheet

PIA = 1
STATUS = {"adopted": 2}
"""Its step of a PIA: 0 being filled in, 2 validated."""


class Mapping(Form):
    schema_: Literal["nicpet.cnil-mapping/1"] = Field(alias="schema")
    sections: dict[int, list[str]]
    rest: dict[str, int]
    risks: dict[str, Any]
    measures: dict[str, Any]
    gauges: dict[str, int]


@cache
def mapping() -> Mapping:
    data = yaml.safe_load((Path(__file__).parent / "cnil.yaml").read_text("utf-8"))
    return Mapping.model_validate(data)


def document(sheet: Sheet, at: datetime) -> dict[str, Any]:
    """In the reader's language. Functions and organisations are named, people are not."""
    stamp = at.isoformat()
    titles, contents = _measures(sheet)
    answers = [*_texts(sheet), *_risks(sheet, titles)]
    measures = [
        {"id": number, "pia_id": PIA, "title": title, "content": text, "placeholder": "", "created_at": stamp}
        for number, (title, text) in enumerate(zip(titles, contents, strict=True), start=1)
    ]
    return {
        "pia": _pia(sheet.assessment, ", ".join(one.name for one in sheet.controllers), stamp),
        "answers": [
            {"id": number, "pia_id": PIA, "reference_to": section, "data": data, "created_at": stamp}
            for number, (section, data) in enumerate(answers, start=1)
        ],
        "measures": measures, "evaluations": [], "comments": [],
    }  # fmt: skip


def _pia(assessment: Assessment, controllers: str, stamp: str) -> dict[str, Any]:
    return {
        "id": PIA, "name": assessment.title, "category": "", "status": STATUS.get(assessment.state, 0), "is_example": 0,
        "is_archive": 0, "author_name": controllers, "evaluator_name": _("Data protection officers"),
        "validator_name": _("Mandated managers"), "created_at": stamp, "updated_at": stamp, "progress": 0,
    }  # fmt: skip


def _texts(sheet: Sheet) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every section with what is named for it, then what belongs to its point."""
    ours = mapping()
    of_question = {key: section for section, keys in ours.sections.items() for key in keys}
    found: dict[int, list[SafeString]] = {}
    for point in sheet.form.points():
        for question in point.questions:
            section = of_question.get(question.id, ours.rest.get(point.number, 111))
            if question.id not in (ours.risks["question"], ours.measures["question"]):
                found.setdefault(section, []).extend(_parts(sheet, question))
    severity = ours.risks["severity"]
    yield from ((s, _data("".join(parts))) for s, parts in sorted(found.items()) if parts and s != severity)
    yield severity, _data(
        format_html("<p>{}</p>", _("Our risks are not sorted into your three feared events; all stand here."))
        + SafeString("".join(found.get(severity, []))),
        gauge=_highest(sheet, "impact"),
    )


def _parts(sheet: Sheet, question: Question) -> Iterator[SafeString]:
    for one in sheet.controllers if question.per == "controller" else [None]:
        value = sheet.values(one).get(question.id)
        text = "" if empty(value) else html(shown(question, value))
        if text:
            whose = f" ({one.name})" if one else ""
            yield format_html("<p><strong>{}{}</strong></p>{}", words(question.label), whose, text)


def html(what: Shown) -> SafeString:
    """An answer as the markup that its editor knows; nothing that somebody wrote is taken as markup."""
    if what.kind == "prose":
        return SafeString(what.html)
    if what.kind == "list":
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in what.lines)))
    if what.kind == "papers":
        names = ((f"{paper['name']} (SHA-256 {paper['sha256']})",) for paper in what.papers)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", names))
    if what.kind == "table":
        head = format_html_join("", "<th>{}</th>", ((column,) for column in what.columns))
        rows = ((format_html_join("", "<td>{}</td>", ((cell.text,) for cell in row)),) for row in what.rows)
        return format_html("<table><tr>{}</tr>{}</table>", head, format_html_join("", "<tr>{}</tr>", rows))
    return format_html("<p>{}</p>", what.text) if what.text else SafeString("")


def _risks(sheet: Sheet, measures: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    ours = mapping().risks
    rows = sheet.values().get(ours["question"]) or []
    origins = list(dict.fromkeys(row["origin"] for row in rows if row.get("origin")))
    yield ours["consequences"], _data(None, lines=[row["risk"] for row in rows if row.get("risk")])
    yield ours["threats"], _data(None, lines=origins)
    yield ours["sources"], _data(None, lines=[])
    yield ours["measures"], _data(None, lines=measures)
    yield ours["likelihood"], _data("", gauge=_highest(sheet, "likelihood"))


def _measures(sheet: Sheet) -> tuple[list[str], list[str]]:
    """Titles and what else is known of each; measures that are called the same are one there."""
    question = sheet.form.question(mapping().measures["question"])
    value = sheet.values().get(question.id) if question else None
    if question is None or empty(value):
        return [], []
    table, found = shown(question, value), {}
    for row, cells in zip(value, table.rows, strict=True):
        lines = [f"{name}: {cell.text}" for name, cell in zip(table.columns, cells, strict=True) if cell.text]
        title = str(row.get("measure") or "")[:200]
        if title:
            found[title] = str(format_html_join("", "<p>{}</p>", ((line,) for line in lines)))
    return list(found), list(found.values())


def _highest(sheet: Sheet, column: str) -> int:
    rows = sheet.values().get(mapping().risks["question"]) or []
    levels = [row[column] for row in rows if row.get(column) in ORDER]
    return mapping().gauges[max(levels, key=ORDER.index)] if levels else 0


def _data(text: str | None, lines: list[str] | None = None, gauge: int | None = None) -> dict[str, Any]:
    return {"text": None if text is None else str(text), "gauge": gauge, "list": lines or []}
