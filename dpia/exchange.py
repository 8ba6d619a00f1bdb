"""A DPIA's answers out and in again: our own JSON without loss, and risks and measures as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dpia.checking import checked
from dpia.questions import Question
from dpia.reading import Shown, shown, words
from dpia.sheet import Sheet
from station.reasons import Reason, Refused

SCHEMA = "nicpet.assessment-answers/1"
MOST_KIB, MOST_ANSWERS, DEEPEST = 4_096, 2_000, 12


@dataclass(frozen=True)
class Given:
    question: str
    organisation: str | None
    value: Any


@dataclass(frozen=True)
class Left:
    """What was not taken over: where it stood in the file, what it says, and why."""

    task: str
    text: str
    reason: Reason


def document(sheet: Sheet) -> dict[str, Any]:
    """What people answered; what follows from the facts is not an answer and is left out."""
    template = sheet.assessment.template
    rows = sheet.assessment.answers.select_related("organisation").order_by("question", "organisation__slug")
    return {
        "schema": SCHEMA,
        "title": sheet.assessment.title,
        "template": {"key": template.key, "version": template.version, "sha256": template.sha256},
        "specification_sha256": sheet.assessment.facts.specification_sha256,
        "answers": [
            {
                "question": row.question,
                "organisation": row.organisation.slug if row.organisation else None,
                "value": row.value,
            }
            for row in rows
        ],
    }


def read(content: bytes) -> list[Given]:
    """The answers in a file of ours; a file that is cut off, huge, nested or something else is refused."""
    if len(content) > MOST_KIB * 1024:
        raise Refused("exchange.large", kib=MOST_KIB)
    try:
        found = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("exchange.not_json", line=getattr(error, "lineno", 1)) from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise Refused("exchange.schema", schema=SCHEMA)
    answers = found.get("answers")
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        raise Refused("exchange.schema", schema=SCHEMA)
    given = [_given(one) for one in answers]
    if len({(one.question, one.organisation) for one in given}) != len(given):
        raise Refused("exchange.schema", schema=SCHEMA)
    return given


def _given(one: Any) -> Given:
    if not isinstance(one, dict) or set(one) != {"question", "organisation", "value"}:
        raise Refused("exchange.schema", schema=SCHEMA)
    whose = one["organisation"]
    if not isinstance(one["question"], str) or not (whose is None or isinstance(whose, str)) or _deep(one["value"]):
        raise Refused("exchange.schema", schema=SCHEMA)
    return Given(one["question"], whose, one["value"])


def _deep(value: Any, level: int = 0) -> bool:
    if level > DEEPEST:
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(_deep(one, level + 1) for one in inside)


def fitting(sheet: Sheet, one: Given) -> tuple[Question | None, Reason | None]:
    """The question where it fits, also when an earlier version of the template called it otherwise; or why it fits
    nowhere here."""
    question = sheet.form.question(one.question)
    if question is None:
        question = next((asked for asked in sheet.form.questions() if one.question in asked.was), None)
    if question is None or question.locked or (question.per == "controller") != (one.organisation is not None):
        return None, Reason("exchange.no_place", {"question": one.question[:60]})
    try:
        checked(question, one.value)
    except Refused as refusal:
        return None, refusal.reasons[0]
    return question, None


def as_csv(sheet: Sheet) -> str:
    """Risks and measures, one table below the other, as a spreadsheet opens them."""
    out = io.StringIO()
    writer = csv.writer(out)
    values = sheet.values()
    for question in sheet.form.questions():
        if _of_risks(question) and values.get(question.id):
            writer.writerow([_safe(words(question.label))])
            writer.writerows(_lines(shown(question, values[question.id])))
            writer.writerow([])
    return "\ufeff" + out.getvalue()


def _of_risks(question: Question) -> bool:
    return question.type in ("risk_table", "measure_table") or any(one.computed for one in question.columns)


def _lines(table: Shown) -> Iterator[list[str]]:
    yield [_safe(column) for column in table.columns]
    yield from ([_safe(cell.text) for cell in row] for row in table.rows)


def _safe(text: str) -> str:
    """A spreadsheet would compute a text that begins like a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
