"""The run gate about legal bases: every cell that the specification asks for has an approved row that holds that day.

A row in progress beside a cell that is covered stands in nobody's way; a suspended one does, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.turn import Turn
from collaborations.coverage import Cell, state_of
from collaborations.models import LegalBasis
from collaborations.papers import basis_document
from station.contract.canonical import digest
from station.contract.coverage import named, word
from station.reasons import Fact
from station.specification import Party

if TYPE_CHECKING:
    from collaborations.gate import Case

MENDS = {"draft": "draft_basis", "legal_review": "advise_basis"}
"""Who brings a row that is not approved further; in the other states its manager."""


def cells_covered(case: Case) -> Iterator[Turn]:
    """Every cell has its approved row; and what the contract rests on is exactly what is approved."""
    for party in case.spec.parties:
        missing = list(_missing(case, party))
        yield from missing
        if case.contract is not None and not missing:
            yield from _changed(case, party)


def row_facts(row: LegalBasis) -> dict[str, Fact]:
    """Whose row it is, on which law, and for what."""
    return {
        "organisation": row.partner.organisation.name, "law": row.law_id, "article": row.article,
        "operation": word(row.operation, "nl"), "operation_en": word(row.operation, "en"),
        "data": row.data_category,
    }  # fmt: skip


def not_valid(row: LegalBasis) -> dict[str, Fact]:
    return {**row_facts(row), "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat()}


def _missing(case: Case, party: Party) -> Iterator[Turn]:
    open_cells = [cell for cell in case.cells if cell.organisation == party.organisation and not cell.covered]
    without = [cell.need for cell in open_cells if cell.state == "missing"]
    if without:
        facts = {"organisation": party.name, **named(without)}
        yield Turn("gate.no_basis", facts, party.organisation, "draft_basis", case.use_case.state_since, _page(case))
    for row in _rows_of(case, party):
        if row.state == "suspended" or _fills(row, open_cells, case.day):
            yield from _row_missing(case, row)


def _rows_of(case: Case, party: Party) -> list[LegalBasis]:
    return [row for row in case.bases if row.partner.organisation.slug == party.organisation]


def _fills(row: LegalBasis, cells: Iterable[Cell], day: date) -> bool:
    """One of these cells waits for it; what ended does not count where something newer is in progress."""
    ended = state_of(row, day) == "expired"
    return any(row in cell.rows and (not ended or cell.state == "expired") for cell in cells)


def _row_missing(case: Case, row: LegalBasis) -> Iterator[Turn]:
    key = row.partner.organisation.slug
    if row.state == "expired" or (row.state == "approved" and not row.valid_from <= case.day <= row.valid_to):
        ended = row.valid_to if row.valid_to < case.day else None
        yield Turn("gate.basis_not_valid", not_valid(row), key, "draft_basis", None, _page(case), ended)
    elif row.state != "approved":
        facts = {**row_facts(row), "state": str(row.get_state_display())}
        yield Turn(
            "gate.basis_not_approved", facts, key, MENDS.get(row.state, "approve_basis"), row.state_since, _page(case)
        )


def _changed(case: Case, party: Party) -> Iterator[Turn]:
    """An approved row that the contract does not know, or a document of the contract that is approved no longer."""
    approved = {digest(basis_document(row)): row for row in _rows_of(case, party) if row.state == "approved"}
    written = {d.sha256: d for d in case.documents("legal_basis") if d.organisation == party.organisation}
    new = [row for sha256, row in approved.items() if sha256 not in written and row.valid_to >= case.day]
    for row in new:
        yield Turn("gate.basis_changed", row_facts(row), case.proposer, "draft_contract", row.state_since)
    for document in (d for sha256, d in written.items() if sha256 not in approved and not new):
        facts: dict[str, Fact] = {"organisation": party.name, "title": document.title}
        yield Turn("gate.basis_gone", facts, case.proposer, "draft_contract", None)


def _page(case: Case) -> str:
    return reverse("collaborations:basis_matrix", args=[case.use_case.pk])
