"""One question of a template: its kind, what it offers to choose from, and where its answer comes from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from dpia import computed, facts, references
from dpia.checks import CHECKS
from dpia.computed import PLAIN, Ground
from dpia.conditions import Condition, Form, Id
from dpia.labels import Label
from dpia.wrong import Wrong

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.]{0,59}$")]
QuestionType = Literal[
    "text", "longtext", "number", "date", "choice", "multichoice", "bool", "reference", "attachment", "diagram",
    "table", "matrix", "risk_table", "measure_table", "computed",
]  # fmt: skip
ColumnType = Literal["text", "number", "date", "choice", "choices", "reference", "references", "check", "computed"]
TABULAR = ("table", "matrix", "risk_table", "measure_table")
"""Their answer is a list of rows."""
CHOSEN = ("choice", "multichoice")
SEVERAL = ("multichoice", "reference", "attachment")
"""Their answer is a list."""
POINTING = ("reference", "references")
NEEDED = {
    "risk_table": ("risk", "likelihood", "impact"),
    "measure_table": ("risk", "measure", "state"),
}
"""Columns without which a kind of table is not what it says."""


class Option(Form):
    key: Key
    label: Label


class TableColumn(Form):
    """``choices`` holds several keys (only where a fact fills the table); ``computed`` follows from its own row;
    ``reference`` points at something in the facts or at a row of another question (``refers`` says which), and
    ``references`` at several; ``check`` names what can be verified against the specification."""

    id: Id
    label: Label
    type: ColumnType = "text"
    options: list[Option] = []
    required: bool = True
    computed: str | None = None
    refers: Id | None = None

    @property
    def typed(self) -> bool:
        return self.type != "computed"

    @property
    def offered(self) -> list[Option]:
        """What can be chosen: what the template or the facts offer, or the checks that there are."""
        return CHECK_OPTIONS if self.type == "check" else self.options

    @model_validator(mode="after")
    def _complete(self) -> TableColumn:
        if self.type in ("choice", "choices") and not self.options:
            raise Wrong(f"{self.id}: a choice needs options", f"{self.id}: een keuze heeft opties nodig")
        if (self.type == "computed") != (self.computed is not None):
            raise Wrong(f"{self.id}: computed names the function", f"{self.id}: computed noemt de functie")
        if self.computed is not None and self.computed not in computed.OF_ROW:
            raise Wrong(
                f"{self.id}: no value {self.computed} can be computed from a row",
                f"{self.id}: uit een rij is geen {self.computed} te berekenen",
            )
        if (self.type in POINTING) != (self.refers is not None):
            raise Wrong(
                f"{self.id}: a reference says what it refers to, and only a reference does",
                f"{self.id}: een verwijzing zegt met refers waarnaar, en alleen een verwijzing doet dat",
            )
        no_doubles(self.id, [option.key for option in self.options])
        return self


class Autofill(Form):
    """``locked``: shown, never typed; ``prefill``: a proposal until somebody answers."""

    fact: str
    mode: Literal["locked", "prefill"]


class Question(Form):
    """``guidance``: what to think of, longer than ``help``. ``rows``: the fixed rows of a matrix. ``was``: what the
    question was called in earlier versions of the template, so that answers move along."""

    id: Id
    type: QuestionType
    label: Label
    help: Label | None = None
    guidance: Label | None = None
    required: bool = False
    material: bool = False
    per: Literal["joint", "controller"] = "joint"
    options: list[Option] = []
    columns: list[TableColumn] = []
    rows: list[Option] = []
    row_label: Label | None = None
    refers: Id | None = None
    autofill: Autofill | None = None
    computed: str | None = None
    show_if: Condition | None = None
    was: list[Id] = []
    _ground: Ground = PrivateAttr(PLAIN)

    @property
    def ground(self) -> Ground:
        """What its values are computed on; a form tells its own questions."""
        return self._ground

    def on(self, ground: Ground) -> Question:
        self._ground = ground
        return self

    @property
    def of_facts(self) -> bool:
        """Whether something in it is verified against the facts."""
        return any(column.type == "check" or column.computed in computed.OF_FACTS for column in self.columns)

    @property
    def tabular(self) -> bool:
        return self.type in TABULAR

    @property
    def locked(self) -> bool:
        """Nobody types here: it follows from the facts or from other answers."""
        return self.type == "computed" or (self.autofill is not None and self.autofill.mode == "locked")

    @property
    def all_columns(self) -> list[TableColumn]:
        """The columns as they are read: a matrix begins with the names of its rows."""
        if self.type != "matrix" or self.row_label is None:
            return self.columns
        return [TableColumn(id="row", label=self.row_label, type="choice", options=self.rows), *self.columns]

    def refers_to(self) -> set[str]:
        """What it, or a column of it, refers to."""
        return set(filter(None, [self.refers, *(column.refers for column in self.columns)]))

    def reads(self) -> set[str]:
        """The questions whose answers this one looks at."""
        shown_by = {one.q for one in self.show_if.single()} if self.show_if else set()
        rows_of = {name for name in self.refers_to() if name not in references.OF_FACTS}
        made_of = computed.OF_FORM[self.computed].reads if self.computed else ()
        return {*filter(None, shown_by), *rows_of, *made_of}

    @model_validator(mode="after")
    def _complete(self) -> Question:
        if (self.type in CHOSEN) != bool(self.options):
            raise Wrong(
                f"{self.id}: a choice needs options, and only a choice has them",
                f"{self.id}: een keuze heeft opties nodig, en alleen een keuze heeft ze",
            )
        if self.tabular != bool(self.columns):
            raise Wrong(
                f"{self.id}: a table needs columns, and only a table has them",
                f"{self.id}: een tabel heeft kolommen nodig, en alleen een tabel heeft ze",
            )
        if (self.type == "matrix") != bool(self.rows and self.row_label):
            raise Wrong(
                f"{self.id}: a matrix needs rows and a row_label, and only a matrix has them",
                f"{self.id}: een matrix heeft rows en een row_label nodig, en alleen een matrix heeft ze",
            )
        if (self.type == "reference") != (self.refers is not None):
            raise Wrong(
                f"{self.id}: a reference says what it refers to, and only a reference does",
                f"{self.id}: een verwijzing zegt met refers waarnaar, en alleen een verwijzing doet dat",
            )
        if missing := set(NEEDED.get(self.type, ())) - {column.id for column in self.columns}:
            raise Wrong(
                f"{self.id}: a {self.type} needs the columns {sorted(missing)}",
                f"{self.id}: een {self.type} heeft de kolommen {sorted(missing)} nodig",
            )
        if (self.type == "computed") != (self.computed is not None):
            raise Wrong(f"{self.id}: computed names the function", f"{self.id}: computed noemt de functie")
        if self.computed is not None and self.computed not in computed.OF_FORM:
            raise Wrong(
                f"{self.id}: no computed value {self.computed}",
                f"{self.id}: er is geen berekende waarde {self.computed}",
            )
        if self.locked and self.required:
            raise Wrong(
                f"{self.id}: what nobody types cannot be required",
                f"{self.id}: wat niemand typt, kan niet verplicht zijn",
            )
        no_doubles(self.id, [option.key for option in [*self.options, *self.rows]])
        no_doubles(self.id, [column.id for column in self.columns])
        return self

    @model_validator(mode="after")
    def _filled(self) -> Question:
        if self.type == "diagram" and not self.locked:
            raise Wrong(
                f"{self.id}: a diagram is drawn from a fact, and locked",
                f"{self.id}: een schema wordt uit een feit getekend, en is vergrendeld",
            )
        if self.autofill is None:
            if any(column.type == "choices" for column in self.columns):
                raise Wrong(
                    f"{self.id}: a column with several choices needs a fact that fills it",
                    f"{self.id}: een kolom met meer keuzes heeft een feit nodig dat haar vult",
                )
            return self
        if self.autofill.fact not in facts.FACTS:
            raise Wrong(f"{self.id}: no fact {self.autofill.fact}", f"{self.id}: er is geen feit {self.autofill.fact}")
        if self.autofill.fact not in facts.FILLS.get(self.type, {}):
            raise Wrong(
                f"{self.id}: the fact {self.autofill.fact} does not fill a {self.type}",
                f"{self.id}: het feit {self.autofill.fact} past niet bij het soort {self.type}",
            )
        return self


CHECK_OPTIONS = [Option(key=key, label=check.wording.label) for key, check in CHECKS.items()]
"""What a column of type ``check`` can be chosen from."""


def no_doubles(where: str, keys: list[Any]) -> None:
    doubles = sorted({key for key in keys if keys.count(key) > 1})
    if doubles:
        raise Wrong(f"{where}: {', '.join(doubles)} stands twice", f"{where}: {', '.join(doubles)} staat er twee keer")
