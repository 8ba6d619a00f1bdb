"""What the assessment output of the official form says, question by question; what has no place here is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dpia.checking import empty
from dpia.exchange import Given, Left
from dpia.official_file import Field, Group, mapping
from dpia.plain_text import heading, key_of, numbers, rows, sections, understood, unescaped
from dpia.questions import Option, Question, TableColumn
from dpia.references import LONGEST
from dpia.sheet import Sheet
from station.reasons import Reason, Refused

Whose = tuple[str, str | None]
"""A question and the controller whose answer it is."""
PICTURE = re.compile(r"^\s*(data:|\{.*\"data:)", re.DOTALL)


@dataclass
class Incoming:
    """Reads all fields into ``texts`` (said under a heading or in a task of its own), ``cells`` and ``rests`` (rows of
    a table: by task, and by heading), and gives them together as answers."""

    sheet: Sheet
    mine: str
    texts: dict[Whose, list[str]] = field(default_factory=dict)
    cells: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    rests: dict[Whose, tuple[list[int], list[dict[str, str]]]] = field(default_factory=dict)
    matrices: dict[Whose, dict[str, dict[str, str]]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    follows: int = 0

    def __post_init__(self) -> None:
        ours = self.map = mapping()
        self.known = {question.id: question for question in self.sheet.form.questions()}
        names = {one.slug: one.name for one in self.sheet.controllers}
        self.headings: dict[str, Whose] = {}
        for question in self.known.values():
            for label in (question.label, question.label.model_copy(update={"nl": question.label.en})):
                if question.per == "joint":
                    self.headings[heading(label)] = (question.id, None)
                for slug, name in names.items() if question.per == "controller" else []:
                    self.headings[heading(label, name)] = (question.id, slug)
        self.of_task = {task: key for key, task in ours.own.items()} | {o.task: key for key, o in ours.inside.items()}
        self.of_task |= ours.plain
        self.of_cell = {t: (key, column) for key, one in ours.tables.items() for column, t in one.columns.items()}
        self.fixed = {task for one in ours.tables.values() for task in one.fixed}
        self.of_right = {
            f"{task}.{part}": (key, row, column)
            for key, one in ours.matrices.items()
            for row, task in one.rows.items()
            for column, part in one.columns.items()
        }
        self.marks = {f"{t}.{n}" for m in ours.matrices.values() for t in m.rows.values() for n in m.said.values()}

    def read(self, fields: list[Field]) -> tuple[list[Given], list[Left]]:
        for one in fields:
            self._field(one)
        given = [*self._given_texts(), *self._given_rows(), *self._given_matrices()]
        order = {question.id: place for place, question in enumerate(self.sheet.form.in_order)}
        return sorted(given, key=lambda one: order[one.question]), self.left

    def _field(self, one: Field) -> None:
        if one.task in self.of_cell and one.group:
            self._cell(one)
        elif one.task in self.of_right:
            key, row, column = self.of_right[one.task]
            for title, text in sections(one.text):
                found = self._whose(title, key)
                if found is None:
                    self._tell(one.task, text, Reason("exchange.no_task", {"task": one.task}))
                elif text:
                    self.matrices.setdefault(found, {}).setdefault(row, {})[column] = unescaped(text)
        elif one.task in self.marks or one.task in self.fixed or one.task.startswith("19."):
            self.follows += 1
        elif PICTURE.match(one.text):
            self._tell(one.task, "", Reason("exchange.picture", {"task": one.task}))
        else:
            self._sections(one)

    def _sections(self, one: Field) -> None:
        for title, text in sections(one.text):
            found = self._whose(title, self.of_task.get(one.task))
            if not text:
                continue
            if found is None:
                said = f"## {title}\n\n{text}" if title else text
                self._tell(one.task, said, Reason("exchange.no_task", {"task": one.task}))
            elif self._locked(found):
                self.follows += 1
            elif found[0] in self.map.tables:
                self._rest(one, found, text)
            else:
                self.texts.setdefault(found, []).append(text)

    def _whose(self, title: str, plain: str | None) -> Whose | None:
        """What stands under a heading; without one it is the answer to the task's own question."""
        if title:
            return self.headings.get(f"## {title}")
        question = self.known.get(plain or "")
        return (question.id, self.mine if question.per == "controller" else None) if question else None

    def _locked(self, whose: Whose) -> bool:
        return self.known[whose[0]].locked

    def _cell(self, one: Field) -> None:
        key, column = self.of_cell[one.task]
        if key not in self.known:
            self._tell(one.task, one.text, Reason("exchange.no_task", {"task": one.task}))
        elif self.known[key].locked or self._column(key, column).type == "computed":
            self.follows += 1
        else:
            self.cells.setdefault(key, {}).setdefault(one.index + 1, {})[column] = one.value

    def _column(self, key: str, column: str) -> TableColumn:
        return next(one for one in self.known[key].columns if one.id == column)

    def _rest(self, one: Field, whose: Whose, text: str) -> None:
        try:
            self.rests[whose] = (numbers(text), rows(self.known[whose[0]].columns, text))
        except Refused as refusal:
            self._tell(one.task, text, refusal.reasons[0])

    def _tell(self, task: str, text: str, reason: Reason) -> None:
        if text or reason.code == "exchange.picture":
            self.left.append(Left(task, text, reason))

    def _given_texts(self) -> Iterator[Given]:
        for (key, slug), texts in self.texts.items():
            question = self.known[key]
            text = "\n\n".join(texts)
            try:
                if question.type == "matrix":
                    found = {row.pop("row"): row for row in rows(question.all_columns, text)}
                    mine = self.matrices.setdefault((key, slug), {})
                    mine.update({row: cells | mine.get(row, {}) for row, cells in found.items()})
                else:
                    yield Given(key, slug, understood(question, text))
            except (Refused, KeyError) as refusal:
                reasons = refusal.reasons if isinstance(refusal, Refused) else [Reason("exchange.no_table")]
                self._tell(key, text, reasons[0])

    def _given_matrices(self) -> Iterator[Given]:
        for (key, slug), found in self.matrices.items():
            if key in self.known and not self._locked((key, slug)):
                yield Given(key, slug, [{"row": row, **cells} for row, cells in found.items()])

    def _given_rows(self) -> Iterator[Given]:
        for key in {*self.cells, *(key for key, _slug in self.rests)}:
            question, owners = self.known[key], self._owners(key)
            made: dict[str | None, list[dict[str, Any]]] = {}
            for number in sorted({*self.cells.get(key, {}), *owners}):
                joint = None if question.per == "joint" else self.mine
                slug, rest = owners.get(number, (joint, {}))
                row = self._row(question, self.cells.get(key, {}).get(number, {}), rest)
                made.setdefault(slug, []).append(row)
            yield from (Given(key, slug, value) for slug, value in made.items())

    def _owners(self, key: str) -> dict[int, tuple[str | None, dict[str, str]]]:
        found: dict[int, tuple[str | None, dict[str, str]]] = {}
        for (question, slug), (places, cells) in self.rests.items():
            if question == key:
                found |= {number: (slug, row) for number, row in zip(places, cells, strict=False)}
        return found

    def _row(self, question: Question, cells: Mapping[str, Any], rest: Mapping[str, str]) -> dict[str, Any]:
        place, row = self.map.tables[question.id], dict(rest)
        for column in question.columns:
            if column.id not in place.columns or not column.typed:
                continue
            stored = cells.get(column.id)
            text = "\n".join(stored) if isinstance(stored, list) else stored or ""
            kept = rest.get(column.id, "")
            same = place.values.get(column.id, {}).get(kept, "") == text if column.id in place.values else False
            row[column.id] = kept if kept and same else self._value(place, column, stored if column.refers else text)
        return row

    def _value(self, place: Group, column: TableColumn, text: Any) -> Any:
        """A cell as we store it. A reference stays a text until it is known what it can point at (``pointed``)."""
        if empty(text) or column.refers:
            return text
        by_text = {said: key for key, said in place.values.get(column.id, {}).items()}
        if column.id in place.values and text in by_text:
            return by_text[text]
        try:
            return key_of(column.offered, text) if column.offered else text
        except Refused as refusal:
            self._tell(place.columns[column.id], text, refusal.reasons[0])
            return ""


def pointed(question: Question, value: Any) -> tuple[Any, list[str]]:
    """The rows with a key where a text points at something, and the texts that point at nothing here."""
    lost: list[str] = []
    if not question.tabular or not isinstance(value, list):
        return value, lost
    columns = [column for column in question.columns if column.refers]
    return [{**row, **{c.id: _keys(c, row.get(c.id), lost) for c in columns}} for row in value], lost


def _keys(column: TableColumn, given: Any, lost: list[str]) -> Any:
    texts = [given] if isinstance(given, str) else given or []
    keys = [key for text in texts if not empty(text) and (key := _key(column.offered, text, lost))]
    return keys if column.type == "references" else (keys[0] if keys else "")


def _key(options: list[Option], text: Any, lost: list[str]) -> str:
    """By key, by what the choice is called, or by the whole text of the row that it points at."""
    if any(option.key == text for option in options):
        return str(text)
    for option in options:
        label = option.label.nl
        if _same(label, str(text)) or _same(re.sub(r"^\d+\. ", "", label), str(text)[:LONGEST]):
            return option.key
    lost.append(str(text))
    return ""


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def with_known_ids(question: Question, value: Any, stood: Any) -> Any:
    """Rows that say the same as before keep their id, so that what refers to them still does."""
    if question.type not in ("risk_table", "measure_table") or not isinstance(value, list):
        return value
    ids = {_says(row): row.get("id") for row in reversed(stood or [])}
    return [{**row, "id": row.get("id") or ids.pop(_says(row), None)} for row in value]


def _says(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("risk") or "").strip(), str(row.get("measure") or "").strip()
