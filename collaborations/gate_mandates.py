"""The run gate about mandates that their organisation ended with effect on what was signed under them.

That a mandate simply ends undoes nothing: whoever held it bound the organisation while it lasted
(docs/adr: an act outlives the mandate it was done under). Only such an explicit end puts the acts in doubt, until a
manager with a mandate in force confirms them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from accounts.models import Mandate
from accounts.turn import Turn
from collaborations.models import LegalBasis
from collaborations.models.agreements import AgreementSignature
from dpia.models import Adoption
from station.contract.signatures import unverified

if TYPE_CHECKING:
    from collaborations.gate import Case


class Act(NamedTuple):
    """What somebody did under a mandate, in words of both languages."""

    nl: str
    en: str


def mandates_stand(case: Case) -> Iterator[Turn]:
    """Nothing that a run rests on was done under a mandate that is in doubt."""
    keys = [party.organisation for party in case.spec.parties]
    for mandate in Mandate.objects.in_doubt().filter(organisation__slug__in=keys).select_related("organisation"):
        acts = list(_acts(case, mandate))
        if acts:
            facts = {
                "organisation": mandate.organisation.name, "function": mandate.function,
                "reference": mandate.reference, "reason": mandate.withdrawn_reason,
                "acts": "; ".join(act.nl for act in acts), "acts_en": "; ".join(act.en for act in acts),
            }  # fmt: skip
            page = reverse("collaborations:bases", args=[case.use_case.pk])
            yield Turn(
                "gate.mandate_doubted", facts, mandate.organisation.slug, "approve_basis", mandate.doubted_at, page
            )


def _acts(case: Case, mandate: Mandate) -> Iterator[Act]:
    for row in case.bases:
        if in_doubt(row, mandate):
            yield Act(f"grondslag {row.law_id} {row.article}", f"legal basis {row.law_id} {row.article}")
    if _adopted_under(case, mandate):
        yield Act("de vaststelling van de DPIA", "the adoption of the DPIA")
    in_force = [agreement for agreement, _keys in case.agreements]
    signed = AgreementSignature.objects.filter(agreement__in=in_force, mandate=mandate)
    for title in signed.values_list("agreement__title", flat=True):
        yield Act(f"de handtekening onder “{title}”", f"the signature under “{title}”")
    if _signed_under(case, mandate):
        yield Act("de handtekening van het station onder het contract", "the station's signature under the contract")


def in_doubt(row: LegalBasis, mandate: Mandate) -> bool:
    """Approved under it, and not taken up again since by somebody with another one."""
    since = mandate.doubted_at
    return row.mandate_id == mandate.pk and row.state == "approved" and since is not None and row.state_since < since


def _adopted_under(case: Case, mandate: Mandate) -> bool:
    assessment = case.use_case.assessment
    version = assessment.current_version if assessment else None
    return version is not None and Adoption.objects.filter(version=version, mandate=mandate).exists()


def _signed_under(case: Case, mandate: Mandate) -> bool:
    """The station signed by naming this decision; how it is written (capitals, spaces) does not matter."""
    if case.contract is None:
        return False
    approvals = case.contract.signatures.filter(organisation=mandate.organisation, kind="approval")
    return any(_plain(_reference(signature.jws)) == _plain(mandate.reference) for signature in approvals)


def _reference(jws: str) -> str:
    return str((unverified(jws).get("mandate") or {}).get("reference", ""))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
