"""A DPIA as the assessment output of the official form: every answer has a place, so that nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.models import Organisation
from dpia.checking import empty
from dpia.official_file import SCHEMA, Group, Matrix, mapping
from dpia.plain_text import called, cell, escaped, heading, said, table, written
from dpia.questions import Question, TableColumn
from dpia.sheet import Sheet

Answers = dict[str, Any]


class Output:
    """Collects what goes into each task."""

    def __init__(self, sheet: Sheet, at: datetime) -> None:
        self.sheet, self.at, self.map = sheet, at.isoformat(), mapping()
        self.flat: dict[str, list[str]] = {}
        self.grouped: dict[str, dict[int, Answers]] = {}

    def document(self) -> dict[str, Any]:
        """In Dutch, as the form is; whatever the reader's language."""
        with translation.override("nl"):
            for point in self.sheet.form.points():
                for question in point.questions:
                    for whose, value in self._given(question):
                        self._place(question, whose, value, self.map.free.get(point.number, "0"))
            self._versions()
        answers: Answers = {task: self._answer("\n\n".join(texts)) for task, texts in self.flat.items()}
        for group, elements in self.grouped.items():
            answers[group] = [{"_index": index, **elements[index]} for index in sorted(elements)]
        urn = f"{self.map.urn}:{self.map.version}"
        return {"$schema": SCHEMA, "metadata": {"urn": urn, "createdAt": self.at}, "answers": answers}

    def _given(self, question: Question) -> Iterator[tuple[Organisation | None, Any]]:
        whose: Sequence[Organisation | None] = self.sheet.controllers if question.per == "controller" else [None]
        for one in whose:
            value = self.sheet.values(one).get(question.id)
            if not empty(value):
                yield one, value

    def _place(self, question: Question, whose: Organisation | None, value: Any, free: str) -> None:
        name = whose.name if whose else ""
        if question.id in self.map.own:
            self._own(question, name, value)
        elif question.id in self.map.inside:
            place = self.map.inside[question.id]
            text = written(question, value)
            index = len(self.grouped.get(place.group, {})) if whose else 0
            self._element(place.group, index, place.task, _headed(question, name, text) if name else text)
        elif question.id in self.map.tables:
            self._rows(question, self.map.tables[question.id], name, value, free)
        elif question.id in self.map.matrices:
            self._matrix(question, self.map.matrices[question.id], name, value, free)
        elif text := written(question, value):
            self.flat.setdefault(free, []).append(_headed(question, name, text))

    def _own(self, question: Question, name: str, value: Any) -> None:
        text, texts = written(question, value), self.flat.setdefault(self.map.own[question.id], [])
        if question.type == "bool":
            text = "true" if value else "false"
        if name:
            texts.append(_headed(question, name, text))
        else:
            texts.insert(0, text)  # without a heading, so before those that have one

    def _rows(self, question: Question, place: Group, name: str, value: Any, free: str) -> None:
        start = len(self.grouped.get(place.group, {}))
        for number, row in enumerate(value, start=start):
            for column in question.columns:
                task, texts = place.columns.get(column.id), self._cell(place, column, row)
                if task and texts:
                    self._element(place.group, number, task, texts if column.id in place.lists else "\n".join(texts))
            for task, text in place.fixed.items():
                self._element(place.group, number, task, text)
        self._rest(question, place, name, value, free, start)

    def _cell(self, place: Group, column: TableColumn, row: dict[str, Any]) -> list[str]:
        """As the form stores it; what points at a row of another answer is that row's own text, as it does there."""
        stored = row.get(column.id)
        if empty(stored):
            return []
        if column.id in place.values:
            return [text] if (text := place.values[column.id].get(stored)) else []
        if column.id in place.joined:
            return [": ".join(said(row.get(key) or "") for key in place.joined[column.id])]
        if column.refers:
            rows = {one.get("id"): one for one in self.sheet.values().get(column.refers) or [] if isinstance(one, dict)}
            keys = stored if isinstance(stored, list) else [stored]
            return [str(rows[key].get("risk") or "") if key in rows else called(column.offered, key) for key in keys]
        return [cell(column, stored)]

    def _rest(self, question: Question, place: Group, name: str, value: Any, free: str, start: int) -> None:
        """Columns without a task of their own, and those of which the form does not know every value."""
        left = [c for c in question.columns if c.typed and (c.id not in place.columns or c.id in place.values)]
        if left or name:
            text = table(left, value, first=start + 1)
            self.flat.setdefault(free, []).append(_headed(question, name, text))

    def _matrix(self, question: Question, place: Matrix, name: str, value: Any, free: str) -> None:
        for row in value:
            task = place.rows.get(row["row"])
            for column in question.columns if task else []:
                text = escaped(said(row.get(column.id) or ""))
                if text:
                    self.flat.setdefault(f"{task}.{place.said[column.id]}", ["true"])
                    key = f"{task}.{place.columns[column.id]}"
                    self.flat.setdefault(key, []).append(_headed(question, name, text))
        left = [row for row in value if row["row"] not in place.rows]
        if left:
            text = table(question.all_columns, left)
            self.flat.setdefault(free, []).append(_headed(question, name, text))

    def _versions(self) -> None:
        for index, version in enumerate(self.sheet.assessment.versions.order_by("number")):
            self._element("19.1", index, "19.1.1", str(version.number))
            self._element("19.1", index, "19.1.2", version.at.date().isoformat())
            self._element("19.1", index, "19.1.3", f"{version.get_reason_display()}; SHA-256 {version.sha256}")
        self.flat["19.2"] = ["definitief" if self.sheet.assessment.state == "adopted" else "concept"]

    def _element(self, group: str, index: int, task: str, value: str | list[str]) -> None:
        self.grouped.setdefault(group, {}).setdefault(index, {})[task] = self._answer(value)

    def _answer(self, value: str | list[str]) -> Answers:
        return {"value": value, "lastEditedAt": self.at}


def document(sheet: Sheet, at: datetime) -> dict[str, Any]:
    return Output(sheet, at).document()


def _headed(question: Question, name: str, text: str) -> str:
    return f"{heading(question.label, name)}\n\n{text}"
