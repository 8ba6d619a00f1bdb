"""The legal-basis register of whoever works with it: the rows of the own organisations in all use cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from collaborations.coverage import SOON
from collaborations.models import LegalBasis, LegalBasisQuerySet
from web.addresses import addresses
from web.moments import Days
from web.pages import crumbs
from web.templatetags.components import badge
from web.tones import tone

PER_PAGE = 50
SHOWN = (
    "law_id", "article", "version", "state", "valid_to", "operation", "data_category",
    "partner__use_case__title", "partner__organisation__name",
)  # fmt: skip
VALIDITY = {
    "now": gettext_lazy("valid today"),
    "soon": gettext_lazy("ends within 30 days"),
    "ended": gettext_lazy("ended"),
    "later": gettext_lazy("begins later"),
}


@login_required
def register(request: HttpRequest) -> HttpResponse:
    state, validity = request.GET.get("state", ""), request.GET.get("validity", "")
    state = state if state in LegalBasis.State.values else ""
    validity = validity if validity in VALIDITY else ""
    found = LegalBasis.objects.filter(partner__organisation__in=Organisation.objects.read_by(request.user))
    if state:
        found = found.filter(state=state)
    found = _valid(found, validity, timezone.localdate())
    rows = found.select_related("partner__organisation", "partner__use_case").order_by("valid_to", "pk")
    page = Paginator(rows.only(*SHOWN), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _lines(page.object_list),
        "states": LegalBasis.State.choices,
        "state": state,
        "validities": VALIDITY.items(),
        "validity": validity,
        "keep": urlencode({"state": state, "validity": validity}) + "&",
        "trail": crumbs((_("Legal-basis register"), "")),
    }
    return render(request, "collaborations/basis_register.html", context)


def _lines(rows: Iterable[LegalBasis]) -> list[dict[str, Any]]:
    """As the page shows them, in words."""
    days, url = Days(), addresses("collaborations:basis", UUID, int)
    states, operations = _texts(LegalBasis.State.choices), _texts(LegalBasis.OPERATIONS)
    return [
        {
            "url": url(row.partner.use_case_id, row.pk),
            "law": row.cited,
            "version": row.version if row.version > 1 else "",
            "badge": badge(states[row.state], tone(row.state)),
            "valid_to": days.day(row.valid_to),
            "operation": operations[row.operation],
            "data": row.data_category,
            "use_case": row.partner.use_case.title,
            "partner": row.partner.organisation.name,
        }
        for row in rows
    ]


def _texts(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {key: str(label) for key, label in choices}


def _valid(rows: LegalBasisQuerySet, validity: str, today: date) -> LegalBasisQuerySet:
    if validity in ("now", "soon"):
        rows = rows.filter(valid_from__lte=today, valid_to__gte=today)
    if validity == "soon":
        return rows.filter(valid_to__lt=today + SOON)
    if validity == "ended":
        return rows.filter(valid_to__lt=today)
    return rows.filter(valid_from__gt=today) if validity == "later" else rows
