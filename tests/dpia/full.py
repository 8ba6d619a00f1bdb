"""The full DPIA of the three invented organisations: the draft of the cast, put on the template of 17 points."""

from __future__ import annotations

from typing import Any

from dpia import actions
from dpia.models import Assessment
from dpia.questions import Question, TableColumn
from dpia.sheet import Sheet
from dpia.template import from_file
from station.contract.canonical import digest
from tests.dpia.people import Cast, again

FULL = from_file("nl-dpia-pet")
RISKS: list[dict[str, Any]] = [
    {"id": "small", "risk": "A small group", "origin": "Few people", "likelihood": "medium", "impact": "high",
     "likelihood_after": "low", "impact_after": "medium"},
    {"id": "creep", "risk": "Another use", "origin": "Another task", "likelihood": "low", "impact": "high",
     "likelihood_after": "low", "impact_after": "low"},
]  # fmt: skip
THRESHOLD: dict[str, Any] = {
    "id": "k", "risk": ["small"], "measure": "A threshold", "kind": "technical", "enforced_by": "platform",
    "check": "smallest_group", "bound": "10", "organisation": "alfa", "owner": "Functional administrator",
    "due": "", "state": "implemented", "evidence": "", "paper": "",
}  # fmt: skip
TRAINING = THRESHOLD | {
    "id": "training", "risk": ["small", "creep"], "measure": "A training", "kind": "organisational",
    "enforced_by": "partner", "check": "", "bound": "", "organisation": "beta", "state": "planned",
}  # fmt: skip
OWN = {"risks": RISKS, "measures": [THRESHOLD, TRAINING]}


def on_full(cast: Cast) -> Assessment:
    """Every question answered: risks and measures by ``OWN``, the rest by the first thing that fits."""
    drafter = cast.person("alfa", "drafter")
    actions.move_template(assessment=cast.assessment, key=FULL.key, version=FULL.version, by=drafter)
    for question in ("risks", "measures"):
        actions.answer(assessment=again(cast.assessment), question=question, value=OWN[question], by=drafter)
    while left := list(Sheet(again(cast.assessment)).open()):
        question, organisation = left[0].question, left[0].organisation
        by = cast.person(organisation.slug if organisation else "alfa", "drafter")
        actions.answer(
            assessment=again(cast.assessment), question=question.id, value=fitting(question), organisation=organisation,
            by=by,
        )  # fmt: skip
    return again(cast.assessment)


def fitting(question: Question) -> Any:
    first = question.options[0].key if question.options else ""
    if question.tabular:
        rows: list[dict[str, Any]] = [{"row": row.key} for row in question.rows] or [{}]
        return [row | {column.id: _cell(column) for column in question.columns if column.typed} for row in rows]
    by_type = {"bool": False, "choice": first, "multichoice": [first], "reference": [first], "number": 1,
               "date": "2027-10-01"}  # fmt: skip
    return by_type.get(question.type, f"Example answer to {question.id}")


def _cell(column: TableColumn) -> Any:
    if column.options:
        return column.options[0].key
    return {"number": "1", "date": "2027-10-01"}.get(column.type, "x")


def changed_facts(assessment: Assessment, **spec: Any) -> dict[str, Any]:
    """The facts of this DPIA after a change of the specification."""
    facts = assessment.facts.data
    document = facts["specification"] | spec
    number = facts["specification_version"] + 1
    return facts | {
        "specification": document, "specification_sha256": digest(document), "specification_version": number,
    }  # fmt: skip
