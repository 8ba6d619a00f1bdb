"""Comparing the code of a contract with the one on paper, which no platform can change."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations.models import Contract
from computations.models import CodeCompared
from computations.models.runs import read_terms
from station.contract.canonical import same_code
from station.reasons import Refused


@transaction.atomic
def compare_code(*, organisation: Organisation, contract: Contract, code: str, by: User) -> CodeCompared:
    """Records that the code which the organisation's own station shows is that of this contract."""
    roles.require(by, "manage_station", organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if read_terms(contract.data).key_of(organisation.slug) is None:
        raise Refused("contract.not_ours", organisation=organisation.name)
    if not same_code(code, contract.sha256):
        raise Refused("contract.code_differs")
    made, new = CodeCompared.objects.get_or_create(organisation=organisation, contract=contract, defaults={"by": by})
    if new:
        facts = {"code": contract.code, "title": contract.use_case.title}
        audit.record(
            "contract.code_compared", by=by, about=contract, context=contract.use_case, organisation=organisation,
            **facts,
        )  # fmt: skip
    return made


def comparable(organisation: Organisation) -> Iterator[Contract]:
    """The contracts that still count and that this organisation's station signs."""
    mine = Contract.objects.current().filter(
        use_case__partners__organisation=organisation, use_case__partners__state="joined"
    )
    for contract in mine.select_related("use_case").distinct():
        if read_terms(contract.data).key_of(organisation.slug) is not None:
            yield contract
