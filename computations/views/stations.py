"""The data station of one organisation: is it there, what did it announce, and how it enrols."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.views.organisations import read_or_403, trail_to
from computations import actions
from computations.forms.paper import CompareCode
from computations.models import DataStation
from web.pages import act_page, crumbs


@login_required
def station(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, slug)


@login_required
@require_POST
def token(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the token once, in the answer itself; it is stored nowhere but as a hash."""
    organisation = read_or_403(request.user, slug)
    made = actions.enrolment_token(organisation=organisation, by=request.user)
    response = _page(request, slug, token=made)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
def code_compared(request: HttpRequest, slug: str) -> HttpResponse:
    """The person types what the station shows; the platform never fills it in."""
    organisation = read_or_403(request.user, slug)
    roles.require(request.user, "manage_station", organisation)
    form = CompareCode.of(request, contracts=list(actions.comparable(organisation)))
    return act_page(
        request,
        form,
        lambda: actions.compare_code(organisation=organisation, **form.given(), by=request.user),
        said=_("The codes are the same. That is recorded."),
        title=_("Compare the code of a contract"),
        submit=_("Compare and record"),
        intro=_(
            "Have your own station show the contract, write the code down on paper, and type it here from the paper. If"
            " the codes differ, somebody shows you another contract than the others: do not sign."
        ),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


def _page(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    organisation = read_or_403(request.user, slug)
    context = {
        "organisation": organisation,
        "station": DataStation.objects.filter(organisation=organisation).first(),
        "datasets": organisation.datasets.all(),
        "manages": roles.allowed(request.user, "manage_station", organisation),
        "token": token,
        "platform": settings.BASE_URL,
        "back": reverse("accounts:organisation", args=[slug]),
        "trail": crumbs(*trail_to(organisation), (_("Data station"), "")),
    }
    return render(request, "computations/station.html", context)
