"""Which use case a page is about, and what this person may do in it. Strangers get 404, as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation, User
from collaborations.models import Partner, UseCase
from dpia.review_dates import overdue
from web.pages import Crumb, crumbs

TABS = (
    ("overview", "collaborations:use_case", gettext_lazy("Overview")),
    ("partners", "collaborations:partners", gettext_lazy("Partners")),
    ("network", "collaborations:network", gettext_lazy("Network")),
    ("specification", "computations:specification", gettext_lazy("Specification")),
    ("assessment", "collaborations:assessment", gettext_lazy("DPIA")),
    ("bases", "collaborations:bases", gettext_lazy("Legal bases")),
    ("agreement", "collaborations:agreement", gettext_lazy("Agreement")),
    ("contract", "computations:contract", gettext_lazy("Contract")),
    ("runs", "computations:runs", gettext_lazy("Runs")),
    ("incidents", "computations:incidents", gettext_lazy("Incidents")),
    ("timeline", "collaborations:timeline", gettext_lazy("Timeline")),
    ("discussion", "collaborations:discussion", gettext_lazy("Discussion")),
)
"""The pages of a use case. Those of rooms above are named, not imported."""


def seen_or_404(user: User, pk: UUID) -> UseCase:
    found = UseCase.objects.visible_to(user).select_related("proposer", "collaboration", "assessment").filter(pk=pk)
    use_case = found.first()
    if use_case is None:
        raise Http404
    return use_case


def own_organisations(user: User, use_case: UseCase) -> QuerySet[Organisation]:
    """The organisations of this use case that the person works for."""
    involved = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    return Organisation.objects.of(user).filter(pk__in=involved).distinct()


def takes_part(user: User, use_case: UseCase) -> bool:
    """Whoever is only invited does not read the papers of the others, nor what went wrong there."""
    return use_case.joined().filter(organisation__in=read_for(user, use_case)).exists()


def read_for(user: User, use_case: UseCase) -> QuerySet[Organisation]:
    """For which organisations of this use case the person reads: their own, or the one they are in support of."""
    involved = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    return Organisation.objects.read_by(user).filter(pk__in=involved).distinct()


def own_parties(user: User, use_case: UseCase) -> QuerySet[Organisation]:
    """The same without those that only advise: they have nothing to decide here."""
    return own_organisations(user, use_case).exclude(pk__in=_advisers(use_case))


def permissions(user: User, use_case: UseCase) -> set[str]:
    """Everything the person may do for any of these organisations; which one it is, the action decides."""
    held = roles.permissions_at(user, list(own_parties(user, use_case)))
    return {permission for at_one in held.values() for permission in at_one}


def acting_for(user: User, use_case: UseCase, *wanted: str) -> Organisation:
    """The first own organisation for which the person holds one of these permissions; 403 when there is none."""
    for organisation in own_parties(user, use_case):
        if roles.permissions_of(user, organisation) & set(wanted):
            return organisation
    raise PermissionDenied


def _advisers(use_case: UseCase) -> QuerySet[Partner]:
    return use_case.partners.exclude(pk__in=use_case.partners.parties().values("pk")).values("organisation")


def frame(request: HttpRequest, use_case: UseCase, tab: str, **context: Any) -> dict[str, Any]:
    """What the frame around every page of a use case needs."""
    return {
        "use_case": use_case,
        "review_overdue": _review_overdue(use_case),
        "tabs": list(_tabs(use_case, tab)),
        "can": SimpleLazyObject(lambda: permissions(request.user, use_case)),  # most pages do not ask
        "trail": crumbs((_("Use cases"), reverse("collaborations:use_cases")), (str(use_case), "")),
        **context,
    }


def _review_overdue(use_case: UseCase) -> date | None:
    """The review date of its DPIA, once that has passed."""
    assessment = use_case.assessment
    return assessment.review_on if assessment and overdue(assessment, timezone.localdate()) else None


def _tabs(use_case: UseCase, current: str) -> Iterator[dict[str, Any]]:
    for key, name, label in TABS:
        try:
            url = reverse(name, args=[use_case.pk])
        except NoReverseMatch:  # a room that is not installed here
            continue
        yield {"label": label, "url": url, "current": key == current}


def trail_to(use_case: UseCase) -> list[Crumb]:
    page = reverse("collaborations:use_case", args=[use_case.pk])
    return [(_("Use cases"), reverse("collaborations:use_cases")), (str(use_case), page)]
