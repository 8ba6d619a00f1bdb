"""What was agreed never changes: the database itself refuses, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from collaborations.models import Agreement, Contract, ContractDocument, LegalBasis, Signature, SpecificationVersion
from tests.collaborations.world import World

STOP = "authorised"
FROZEN: list[tuple[Any, dict[str, Any]]] = [
    (SpecificationVersion, {"number": 7}),
    (SpecificationVersion, {"data": {}}),
    (SpecificationVersion, {"sha256": "0" * 64}),
    (LegalBasis, {"ground": "6.1.a"}),
    (LegalBasis, {"purpose": "something else"}),
    (LegalBasis, {"valid_to": "2999-12-31"}),
    (LegalBasis, {"approval_reasons": "afterwards"}),
    (LegalBasis, {"advice": "afterwards"}),
    (LegalBasis, {"approved_on": "2020-01-01"}),
    (LegalBasis, {"approved_by": None}),
    (Agreement, {"valid_to": "2999-12-31"}),
    (Agreement, {"document_sha256": "0" * 64}),
    (Agreement, {"kind": "art28"}),
    (Contract, {"data": "{}"}),
    (Contract, {"sha256": "0" * 64}),
    (Contract, {"keys": []}),
    (Contract, {"kind": "trial_contract"}),
    (ContractDocument, {"data": "{}"}),
    (Signature, {"jws": "x"}),
    (Signature, {"kind": "revocation"}),
]


@pytest.mark.parametrize(("model", "change"), FROZEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_change_is_refused(shared: World, model: Any, change: dict[str, Any]) -> None:
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        model.objects.update(**change)
    assert list(model.objects.order_by("pk").values()) == before != []


@pytest.mark.parametrize("model", [SpecificationVersion, LegalBasis, Agreement, Contract, ContractDocument, Signature])
def test_a_deletion_is_refused(shared: World, model: Any) -> None:
    """By SQL, below every protection of the models."""
    number = model.objects.count()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from {model._meta.db_table}")
    assert model.objects.count() == number > 0


def test_the_parties_of_an_agreement_stay(shared: World) -> None:
    through = Agreement.parties.through.objects
    for act in (lambda: through.all().delete(), lambda: through.update(organisation=shared.organisations["alfa"])):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (LegalBasis, {"state": "suspended", "state_since": timezone.now(), "reason": "invented"}),
        (Agreement, {"state": "terminated", "reason": "invented"}),
        (Contract, {"state": "superseded", "state_since": timezone.now()}),
    ],
    ids=["LegalBasis", "Agreement", "Contract"],
)
def test_the_state_may_move(shared: World, model: Any, change: dict[str, Any]) -> None:
    assert model.objects.update(**change) == model.objects.count() > 0


def test_what_is_not_approved_yet_can_change(shared: World) -> None:
    use_case = shared.use_case_at("exploring")
    partner = use_case.partners.get(organisation__slug="beta")
    basis = LegalBasis.objects.create(
        partner=partner, specification=use_case.specification, drafted_by=shared.person("beta", "drafter"),
        valid_from="2026-01-01", valid_to="2026-01-02",
    )  # fmt: skip
    basis.purpose = "something else"
    basis.save()
    assert LegalBasis.objects.get(pk=basis.pk).purpose == "something else"


def test_an_approval_names_who_when_and_by_which_mandate(shared: World) -> None:
    draft = LegalBasis.objects.create(
        partner=shared.use_case.partners.first(), specification=shared.use_case.specification,
        drafted_by=shared.person("alfa", "drafter"), valid_from="2026-01-01", valid_to="2026-01-02",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="basis_approved_by_somebody"), transaction.atomic():
        LegalBasis.objects.filter(pk=draft.pk).update(state="approved")
