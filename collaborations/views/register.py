"""The legal-basis register of whoever works with it: the rows of the own organisations in all use cases."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

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
from web.pages import crumbs

PER_PAGE = 50
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
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": LegalBasis.State.choices,
        "state": state,
        "validities": VALIDITY.items(),
        "validity": validity,
        "keep": urlencode({"state": state, "validity": validity}) + "&",
        "trail": crumbs((_("Legal-basis register"), "")),
    }
    return render(request, "collaborations/basis_register.html", context)


def _valid(rows: LegalBasisQuerySet, validity: str, today: date) -> LegalBasisQuerySet:
    if validity in ("now", "soon"):
        rows = rows.filter(valid_from__lte=today, valid_to__gte=today)
    if validity == "soon":
        return rows.filter(valid_to__lt=today + SOON)
    if validity == "ended":
        return rows.filter(valid_to__lt=today)
    return rows.filter(valid_from__gt=today) if validity == "later" else rows
