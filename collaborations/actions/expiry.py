"""What ends by itself, at midnight Dutch time: the rows say so and use cases that rest on them are assessed again.

The run gate does not wait for this: it compares days itself. Everything here is in bulk, since many rows may end on the
same day, such as the last one of a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

import audit
from collaborations import gate
from collaborations.actions.bases import refresh_facts
from collaborations.gate_bases import not_valid
from collaborations.lifecycle import BASIS, CONTRACT, USE_CASE
from collaborations.models import Agreement, Contract, LegalBasis, UseCase
from station.reasons import Reason

Reasons = dict[UseCase, list[Reason]]
TOLD = (
    "law_id", "article", "operation", "data_category", "valid_from", "valid_to",
    "partner__organisation__slug", "partner__organisation__name", "partner__use_case__title",
)  # fmt: skip
"""What events and reasons say of a row; it has long texts."""


@transaction.atomic
def expire_bases(*, day: date) -> int:
    """Marks approved rows whose validity ended before ``day``. Says how many."""
    ended = LegalBasis.objects.filter(state="approved", valid_to__lt=day).select_for_update(of=("self",))
    rows = list(ended.select_related("partner__organisation", "partner__use_case").only(*TOLD).order_by("pk"))
    if not rows:
        return 0
    state = {"state": BASIS["expire"].target, "state_since": timezone.now()}
    LegalBasis.objects.filter(pk__in=[row.pk for row in rows]).update(**state)
    audit.record_all("basis.expired", (_expired(row) for row in rows))
    _lapse(_rested_on(rows))
    drafts = UseCase.objects.filter(assessment__state="draft", pk__in={row.partner.use_case_id for row in rows})
    for use_case in drafts.select_related("assessment"):
        refresh_facts(use_case, audit.SYSTEM)
    return len(rows)


@transaction.atomic
def lapse_use_cases(*, day: date) -> int:
    """Authorised use cases of which an agreement ended before ``day`` are assessed again. Says how many."""
    ended = Agreement.objects.filter(state="in_force", valid_to__lt=day).values("collaboration")
    authorised = UseCase.objects.filter(state="authorised", collaboration__in=ended).select_related("proposer")
    found = {use_case: _without_agreement(use_case, day) for use_case in authorised.order_by("pk")}
    return _lapse({use_case: reasons for use_case, reasons in found.items() if reasons})


def _without_agreement(use_case: UseCase, day: date) -> list[Reason]:
    """A draft that waits for signatures is no reason by itself: what ended is."""
    contract = use_case.contracts.current().filter(kind="contract").first()
    rules = (gate.agreement_in_force, gate.agreements_unchanged)
    missing = gate.about(use_case, day, *rules, contract=contract)
    return [turn.reason for turn in missing if turn.code != "gate.agreement_unsigned"]


def _rested_on(rows: Iterable[LegalBasis]) -> Reasons:
    """Per use case the rows that ended, as the run gate says it. An older version that ended ends nothing."""
    found: Reasons = {}
    for row in rows:
        found.setdefault(row.partner.use_case, []).append(Reason("gate.basis_not_valid", not_valid(row)))
    return found


def _lapse(reasons: Reasons) -> int:
    """Back to assessing, with the reasons; a contract that rested on what ended counts no more."""
    keys = [use_case.pk for use_case in reasons]
    locked = UseCase.objects.filter(pk__in=keys, state__in=USE_CASE["lapse"].sources).select_for_update()
    moved = list(locked.order_by("pk"))
    contracts = Contract.objects.filter(use_case__in=moved, kind="contract", state__in=CONTRACT["supersede"].sources)
    superseded = list(contracts.select_related("use_case__proposer").select_for_update(of=("self",)))
    now = timezone.now()
    UseCase.objects.filter(pk__in=[one.pk for one in moved]).update(state=USE_CASE["lapse"].target, state_since=now)
    Contract.objects.filter(pk__in=[one.pk for one in superseded]).update(state="superseded", state_since=now)
    audit.record_all("use_case.lapsed", ((one, one, None, {"reasons": _documents(reasons[one])}) for one in moved))
    audit.record_all("contract.superseded", (_superseded(one) for one in superseded))
    return len(moved)


def _documents(reasons: Iterable[Reason]) -> list[dict[str, object]]:
    return [reason.document() for reason in reasons]


def _expired(row: LegalBasis) -> audit.Happened:
    facts = {"law": row.law_id, "article": row.article, "valid_to": row.valid_to.isoformat()}
    return row, row.partner.use_case, row.partner.organisation, facts


def _superseded(contract: Contract) -> audit.Happened:
    return contract, contract.use_case, contract.use_case.proposer, {"sha256": contract.sha256}
