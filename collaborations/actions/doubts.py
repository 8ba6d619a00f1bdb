"""What an organisation put in doubt by ending a mandate with effect on what was signed under it.

The run gate does not wait for this: it looks at the mandates itself. Here the rows of the register say so too.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

import audit
from accounts.models import Mandate
from collaborations.actions.bases import refresh_facts
from collaborations.lifecycle import BASIS
from collaborations.models import LegalBasis


@transaction.atomic
def suspend_doubted_bases() -> int:
    """Suspends approved rows whose mandate is in doubt; a row taken up again since stays as it is. Says how many."""
    found = LegalBasis.objects.filter(
        state__in=BASIS["suspend"].sources, mandate__in=Mandate.objects.in_doubt(),
        state_since__lt=F("mandate__doubted_at"),
    )  # fmt: skip
    related = ("mandate", "partner__organisation", "partner__use_case__assessment")
    rows = list(found.select_related(*related).select_for_update(of=("self",)).order_by("pk"))
    now = timezone.now()
    for row in rows:
        row.state, row.state_since, row.reason = BASIS["suspend"].target, now, _reason(row)
    LegalBasis.objects.bulk_update(rows, ["state", "state_since", "reason"], batch_size=500)
    audit.record_all("basis.suspended", (_suspended(row) for row in rows))
    for use_case in {row.partner.use_case for row in rows}:
        refresh_facts(use_case, audit.SYSTEM)
    return len(rows)


def _reason(row: LegalBasis) -> str:
    """In the words of whoever ended the mandate."""
    mandate = row.mandate
    return f"{mandate.function}, {mandate.reference}: {mandate.withdrawn_reason}" if mandate else ""


def _suspended(row: LegalBasis) -> audit.Happened:
    facts = {"law": row.law_id, "article": row.article, "reason": row.reason}
    return row, row.partner.use_case, row.partner.organisation, facts
