"""Which use case a page is about, and what this person may do in it. Strangers get 404, as if it were not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation, User
from collaborations.models import UseCase
from web.pages import Crumb, crumbs


def seen_or_404(user: User, pk: UUID) -> UseCase:
    found = UseCase.objects.visible_to(user).select_related("proposer", "collaboration", "assessment").filter(pk=pk)
    use_case = found.first()
    if use_case is None:
        raise Http404
    return use_case


def own_organisations(user: User, use_case: UseCase) -> list[Organisation]:
    """The organisations of this use case that the person works for."""
    involved = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    return list(Organisation.objects.of(user).filter(pk__in=involved).distinct())


def permissions(user: User, use_case: UseCase) -> set[str]:
    """Everything the person may do for any of these organisations; which one it is, the action decides."""
    return {p for organisation in own_organisations(user, use_case) for p in roles.permissions_of(user, organisation)}


def acting_for(user: User, use_case: UseCase, *wanted: str) -> Organisation:
    """The first own organisation for which the person holds one of these permissions; 403 when there is none."""
    for organisation in own_organisations(user, use_case):
        if roles.permissions_of(user, organisation) & set(wanted):
            return organisation
    raise PermissionDenied


def frame(request: HttpRequest, use_case: UseCase, tab: str, **context: Any) -> dict[str, Any]:
    """What the frame around every page of a use case needs."""
    return {
        "use_case": use_case,
        "tab": tab,
        "can": permissions(request.user, use_case),
        "trail": crumbs((_("Use cases"), reverse("collaborations:use_cases")), (use_case.title, "")),
        **context,
    }


def trail_to(use_case: UseCase) -> list[Crumb]:
    page = reverse("collaborations:use_case", args=[use_case.pk])
    return [(_("Use cases"), reverse("collaborations:use_cases")), (use_case.title, page)]
