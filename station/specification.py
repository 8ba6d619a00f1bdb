"""The one specification schema: what is to be computed, by whom, on which columns, for whom.

Web forms, ``--spec`` files, the facts document and the contract all hold exactly this. Its hash is what the DPIA and
the legal bases are bound to. Only strings, integers, booleans, lists and objects occur (no floats), so that the
canonical JSON of RFC 8785 is the same everywhere.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
Line = Annotated[str, StringConstraints(max_length=300)]
Paragraph = Annotated[str, StringConstraints(max_length=20_000)]
Category = Annotated[str, StringConstraints(min_length=1, max_length=100)]

Capacity = Literal["controller", "joint_controller", "processor", "provider"]
PartyRole = Literal["input_party", "computing_party", "result_party"]
DataClass = Literal["ordinary", "sensitive", "special", "criminal", "national_id", "pseudonymous", "non_personal"]
Use = Literal["join_key", "group", "condition", "measure", "record"]
Operator = Literal["eq", "ne", "gt", "ge", "lt", "le", "in"]


class Strict(BaseModel):
    """Unknown keys are refused and nothing is silently converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Text(Strict):
    """One text in both languages of the platform."""

    nl: Paragraph
    en: Paragraph


class Party(Strict):
    """An organisation in the computation. ``organisation`` is its key on the platform (for example ``kvk``)."""

    organisation: Key
    name: Line
    capacity: Capacity
    party_roles: Annotated[list[PartyRole], Field(min_length=1, max_length=3)]


class DigitsType(Strict):
    kind: Literal["digits"] = "digits"
    length: Annotated[int, Field(ge=1, le=20)]


class HexType(Strict):
    kind: Literal["hex"] = "hex"
    length: Annotated[int, Field(ge=2, le=128)]


class UuidType(Strict):
    kind: Literal["uuid"] = "uuid"


class TextType(Strict):
    """Free text as an identifier: compared after Unicode NFC, outer white space refused."""

    kind: Literal["text"] = "text"
    max_length: Annotated[int, Field(ge=1, le=200)] = 100


class IntType(Strict):
    kind: Literal["int"] = "int"
    minimum: int | None = None
    maximum: int | None = None


class BoolType(Strict):
    kind: Literal["bool"] = "bool"


class CodeType(Strict):
    """A closed list of categories; the order is the order of the output table."""

    kind: Literal["code"] = "code"
    values: Annotated[list[Category], Field(min_length=1, max_length=5_000)]


ColumnType = Annotated[
    DigitsType | HexType | UuidType | TextType | IntType | BoolType | CodeType, Field(discriminator="kind")
]


class Column(Strict):
    name: ColumnName
    type: ColumnType
    data_class: DataClass
    use: Use
    description: Text
    justification: Text


class Input(Strict):
    """One dataset of one party. ``padded_rows`` is public: the station fills up to it with random ids."""

    id: Key
    organisation: Key
    dataset: Key
    subject_category: Text
    padded_rows: Annotated[int, Field(ge=1, le=5_000_000)]
    columns: Annotated[list[Column], Field(min_length=1, max_length=100)]


class ColumnRef(Strict):
    input: Key
    column: ColumnName


class Condition(Strict):
    """``column op value`` over one column of one input; ``in`` takes a list."""

    input: Key
    column: ColumnName
    op: Operator
    value: bool | int | Category | list[int | Category]


class Disclosure(Strict):
    """``k``: the smallest group that may be shown. ``two_sided``: the rest of a group (N - c) is held to k as well."""

    k: Annotated[int, Field(ge=2, le=10_000)]
    two_sided: bool = True
    rounding_base: Annotated[int, Field(ge=0, le=100)] = 0


class Output(Strict):
    """A ``record_list`` names persons or cases: it goes to one recipient's station and is never shown elsewhere."""

    name: Key
    kind: Literal["aggregate_table", "scalar", "record_list"]
    title: Text
    recipients: Annotated[list[Key], Field(min_length=1, max_length=8)]
    checker: Key
    shown_on_platform: bool
    use: Text


class Retention(Strict):
    artefact: Text
    holder: Key
    days: Annotated[int, Field(ge=0, le=36_500)]


class Schedule(Strict):
    """The window (ISO dates, both included) and the number of slots (runs) inside it."""

    recurrence: Literal["once", "weekly", "monthly", "quarterly"] = "once"
    start: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    end: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    slots: Annotated[int, Field(ge=1, le=400)]

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.start)

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.end)


class Specification(Strict):
    """What is to be computed. ``parameters`` belongs to the analysis and is checked by its own schema."""

    schema_: Literal["nicpet.specification/1"] = Field("nicpet.specification/1", alias="schema")
    title: Text
    purpose: Text
    asker: Key
    parties: Annotated[list[Party], Field(min_length=3, max_length=10)]
    inputs: Annotated[list[Input], Field(min_length=1, max_length=8)]
    analysis: Key
    engine: Key
    parameters: dict[str, object]
    disclosure: Disclosure
    outputs: Annotated[list[Output], Field(min_length=1, max_length=4)]
    retention: list[Retention]
    schedule: Schedule

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    def document(self) -> dict[str, object]:
        """The plain JSON object of this specification, as it is hashed and sent."""
        return self.model_dump(mode="json", by_alias=True)

    def party(self, organisation: str) -> Party | None:
        return next((party for party in self.parties if party.organisation == organisation), None)

    def input(self, input_id: str) -> Input | None:
        return next((entry for entry in self.inputs if entry.id == input_id), None)

    def inputs_of(self, organisation: str) -> list[Input]:
        return [entry for entry in self.inputs if entry.organisation == organisation]

    @property
    def only_giving(self) -> list[str]:
        """Keys of the organisations that give data and do not compute."""
        computing = self.with_role("computing_party")
        return sorted({entry.organisation for entry in self.inputs if entry.organisation not in computing})

    def with_role(self, role: PartyRole) -> list[str]:
        """Keys of the organisations with this party role, in the order of the specification."""
        return [party.organisation for party in self.parties if role in party.party_roles]
