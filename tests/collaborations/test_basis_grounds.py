"""What the law asks beside a ground: sensible combinations, complete before the DPO sees them, fixed afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from collaborations import actions, coverage
from collaborations.actions.basis_text import Citation, mark_of, text_of
from collaborations.models import LegalBasis, grounds
from collaborations.papers import basis_document
from station.contract.coverage import covers, needed
from station.specification import Specification
from tests.collaborations.test_bases import TEXT, refused
from tests.collaborations.world import World
from tests.computations.trial import specification

STOP = "assessing"
TODAY = timezone.localdate()
PDF = b"%PDF-1.7 invented"
NEEDS = {"special": {"special": "9.2.j"}, "criminal": {"criminal": "10.33"}, "national_id": {"number": "wabb.10"}}


@pytest.fixture
def partner(shared: World) -> Any:
    return shared.use_case.partners.get(organisation__slug="beta")


@pytest.fixture
def drafter(shared: World) -> User:
    return shared.person("beta", "drafter")


@pytest.fixture
def draft(partner: Any, drafter: User) -> LegalBasis:
    return actions.draft_basis(partner=partner, text=TEXT, by=drafter)


def approve(basis: LegalBasis, world: World) -> LegalBasis:
    actions.submit_basis(basis=basis, by=world.person("beta", "lawyer"))
    actions.advise_basis(basis=basis, verdict="positive", by=world.person("beta", "dpo"))
    return actions.approve_basis(basis=basis, by=world.person("beta", "mandated_manager"))


def with_class(data_class: str) -> Specification:
    """A specification in which every input column holds this class of data."""
    data = specification()
    for entry in data["inputs"]:
        for column in entry["columns"]:
            column["data_class"] = data_class
    return Specification.model_validate(data)


# What goes together


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"regime": "wpg", "ground": "wpg.20", "special": "9.2.g"}, "basis.special_regime"),
        ({"special": "wpg.5"}, "basis.special_regime"),
        ({"regime": "wjsg", "ground": "wjsg.x", "criminal": "10.33"}, "basis.criminal_regime"),
        ({"special": "9.2.z"}, "basis.choice"),
        ({"secrecy": "none", "secrecy_provision": "AWR 67"}, "basis.secrecy_contradicts"),
        ({"counterpart": "alfa"}, "basis.no_counterpart"),
        ({"side": "own", "counterpart": "alfa"}, "basis.no_counterpart"),
        ({"side": "provider", "counterpart": "beta"}, "basis.counterpart"),
        ({"side": "provider", "counterpart": "stranger"}, "basis.counterpart"),
        ({"citations": (Citation("Example Act", " "),)}, "basis.incomplete"),
        ({"citations": tuple(Citation("Act", str(n)) for n in range(11))}, "basis.many_citations"),
        ({"collected_for": "x" * 5_000_000}, "text.too_long"),
        ({"compatibility": {"link": "x" * 2_001}}, "text.too_long"),
    ],
)
def test_what_no_law_knows_is_not_kept(partner: Any, drafter: User, changes: dict[str, Any], code: str) -> None:
    assert refused(actions.draft_basis, partner=partner, text=replace(TEXT, **changes), by=drafter) == [code]
    assert not partner.bases.exists()


@pytest.mark.parametrize(("regime", "ground"), [("wpg", "wjsg.x"), ("wjsg", "wpg.20"), ("gdpr", "wpg.8")])
def test_each_regime_has_its_own_grounds(partner: Any, drafter: User, regime: str, ground: str) -> None:
    basis = actions.draft_basis(partner=partner, text=replace(TEXT, regime=regime, ground=ground), by=drafter)
    assert refused(actions.submit_basis, basis=basis, by=drafter) == ["basis.ground_regime"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"secrecy": "lifted"}, ["basis.secrecy_provision", "basis.secrecy_lifted_by"]),
        ({"secrecy": "untraceable"}, ["basis.secrecy_provision"]),
        ({"further_use": "allowed"}, ["basis.collected_for"]),
        ({"further_use": "tested", "collected_for": "levying"}, ["basis.compatibility_open"]),
    ],
)
def test_what_was_begun_is_finished_before_the_dpo_gets_it(
    partner: Any, drafter: User, changes: dict[str, Any], codes: list[str]
) -> None:
    basis = actions.draft_basis(partner=partner, text=replace(TEXT, **changes), by=drafter)
    assert refused(actions.submit_basis, basis=basis, by=drafter) == codes
    whole = {"secrecy_provision": "AWR 67", "secrecy_lifted_by": "AWR 67(2)"} if "secrecy" in changes else {}
    answers = dict.fromkeys(grounds.QUESTIONS, "answered") if "further_use" in changes else {}
    text = replace(TEXT, **changes | whole, compatibility=answers) if whole else replace(
        TEXT, **changes | {"collected_for": "levying"}, compatibility=answers
    )  # fmt: skip
    actions.edit_basis(basis=basis, text=text, by=drafter)
    assert actions.submit_basis(basis=basis, by=drafter).state == "legal_review"


@pytest.mark.parametrize("data_class", ["special", "criminal", "national_id"])
def test_what_the_columns_hold_asks_for_its_ground(
    draft: LegalBasis, drafter: User, data_class: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = with_class(data_class)
    monkeypatch.setattr("collaborations.models.SpecificationVersion.read", lambda self: spec)
    assert refused(actions.submit_basis, basis=draft, by=drafter) == [f"basis.{data_class}_needed"]
    actions.edit_basis(basis=draft, text=replace(TEXT, **NEEDS[data_class]), by=drafter)
    assert actions.submit_basis(basis=draft, by=drafter).state == "legal_review"


# Citations and papers


def test_a_row_cites_at_least_its_own_law_and_a_next_version_keeps_all(
    partner: Any, drafter: User, shared: World
) -> None:
    plain = actions.draft_basis(partner=partner, text=TEXT, by=drafter)
    assert [(row.law_id, row.article) for row in plain.citations.all()] == [("Example Act", "1")]
    assert "citations" not in basis_document(plain)
    cited = (Citation("Example Act", "1", TODAY, verified=True), Citation("BWBR0000001", "2", quote="invented"))
    basis = actions.draft_basis(partner=partner, text=replace(TEXT, citations=cited), by=drafter)
    actions.add_paper(basis=basis, document=PDF, document_name="note.pdf", by=drafter)
    said = basis_document(approve(basis, shared))
    assert said["citations"][0] == {
        "law_id": "Example Act", "article": "1", "version_date": TODAY.isoformat(), "verified": True
    }  # fmt: skip
    made = actions.revise_basis(basis=basis, text=text_of(basis), by=drafter)
    again = basis_document(made)
    assert (again["citations"], again["documents"]) == (said["citations"], said["documents"])


def test_what_an_approved_row_cites_and_rests_on_never_changes(draft: LegalBasis, drafter: User, shared: World) -> None:
    paper = actions.add_paper(basis=draft, document=PDF, document_name="note.pdf", by=drafter)
    basis = approve(draft, shared)
    for change in (
        lambda: basis.citations.update(article="9"),
        lambda: basis.citations.all().delete(),
        lambda: basis.citations.create(number=2, law_id="Other", article="1"),
        lambda: basis.documents.update(sha256="0" * 64),
        lambda: LegalBasis.objects.filter(pk=basis.pk).update(secrecy="none"),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            change()
    assert refused(actions.drop_paper, paper=paper, by=drafter) == ["lifecycle.state"]
    new = {"document": PDF + b"2", "document_name": "b.pdf"}
    assert refused(actions.add_paper, basis=basis, by=drafter, **new) == ["lifecycle.state"]


@pytest.mark.parametrize(
    ("document", "name", "code"),
    [
        (b"", "note.pdf", "upload.empty"),
        (b"<script>", "note.pdf", "basis.paper_kind"),
        (PDF, "note.exe", "basis.paper_kind"),
        (PDF, "note", "basis.paper_kind"),
        (PDF + b" " * 20 * 1024 * 1024, "note.pdf", "upload.large"),
    ],
)
def test_a_paper_is_what_its_name_says(draft: LegalBasis, drafter: User, document: bytes, name: str, code: str) -> None:
    found = refused(actions.add_paper, basis=draft, document=document, document_name=name, by=drafter)
    assert found == [code]
    assert not draft.documents.exists()


def test_whoever_adds_a_paper_is_an_author_and_nobody_of_another_organisation_does(
    draft: LegalBasis, shared: World
) -> None:
    with pytest.raises(PermissionDenied):
        actions.add_paper(basis=draft, document=PDF, document_name="a.pdf", by=shared.person("alfa", "lawyer"))
    lawyer = shared.person("beta", "lawyer")
    actions.add_paper(basis=draft, document=PDF, document_name="a.pdf", by=lawyer)
    assert lawyer in draft.authors.all()
    assert refused(actions.add_paper, basis=draft, document=PDF, document_name="b.pdf", by=lawyer) == [
        "basis.paper_twice"
    ]


# Two people at once


def test_who_saves_over_the_text_of_another_is_told(draft: LegalBasis, drafter: User, shared: World) -> None:
    seen = mark_of(draft)
    actions.edit_basis(basis=draft, text=replace(TEXT, article="2"), by=shared.person("beta", "lawyer"), seen=seen)
    text = replace(TEXT, article="3")
    assert refused(actions.edit_basis, basis=draft, text=text, by=drafter, seen=seen) == ["basis.changed_meanwhile"]
    draft.refresh_from_db()
    assert draft.article == "2"


# Coverage


def test_the_matrix_follows_a_row_from_missing_to_approved(draft: LegalBasis, shared: World) -> None:
    def state(day: Any = TODAY) -> str:
        spec = draft.specification.read()
        rows = LegalBasis.objects.filter(partner=draft.partner).select_related("partner__organisation")
        cells = coverage.matrix(spec, rows, day)
        return next(cell.state for cell in cells if (cell.organisation, cell.operation) == ("beta", "contribute"))

    assert state() == "progress"
    approve(draft, shared)
    assert state() == "expiring"  # it ends in nine days
    assert state(TODAY - timedelta(days=25)) == "progress"  # not valid yet
    assert state(TODAY + timedelta(days=10)) == "expired"
    actions.suspend_basis(basis=draft, reason="invented", by=shared.person("beta", "dpo"))
    assert state() == "suspended"
    LegalBasis.objects.filter(pk=draft.pk).update(state="withdrawn")


def test_each_kind_of_data_asks_for_a_cell_of_its_own() -> None:
    spec = with_class("special")
    asked = list(needed(spec))
    assert ("beta", "contribute", "special") in asked
    assert ("gamma", "compute", "special") in asked  # shares are still personal data
    assert ("alfa", "receive", "special") not in asked
    assert ("beta", "release", "result") in asked  # who checks sees the outcome before it is released
    assert not covers(LegalBasis(regime="gdpr", ground="6.1.e"), "special")
    assert covers(LegalBasis(regime="wpg"), "criminal")


def test_a_use_case_on_special_data_is_authorised_with_its_exceptions_in_the_contract(world: World) -> None:
    use_case = world.use_case_at("authorised", data=with_class("special").document())
    rows = LegalBasis.objects.filter(partner__use_case=use_case)
    on_data = rows.exclude(operation__in=["receive", "release"])
    assert {row.special for row in on_data} == {"9.2.j"}
    contract = use_case.contracts.get()
    texts = [document.data for document in contract.documents.filter(kind="legal_basis")]
    assert sum('"special":"9.2.j"' in text for text in texts) == on_data.count() > 0
