"""Which DPIA a page is about, and the way back to it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from collaborations.models import Partner, UseCase
from collaborations.views.access import trail_to
from dpia.models import Assessment
from dpia.template import Point
from web.pages import Crumb

RELATED = ("template", "facts", "coordinator", "suspended_by", "doubted_by", "coordinating_dpo")


def opened(request: HttpRequest, pk: UUID) -> tuple[UseCase, Assessment]:
    """Use case and DPIA in one query; 404 as well when there is no DPIA yet."""
    related = ("proposer", "collaboration", *(f"assessment__{name}" for name in RELATED))
    found = UseCase.objects.visible_to(request.user).filter(pk=pk, assessment__isnull=False)
    use_case = found.select_related(*related).defer("assessment__template__data").first()
    if use_case is None or use_case.assessment is None:
        raise Http404
    return use_case, use_case.assessment


def of(use_case: UseCase) -> Assessment:
    rows = Assessment.objects.select_related(*RELATED).defer("template__data")
    return rows.get(pk=use_case.assessment_id)


def seen_key(request: HttpRequest, pk: UUID) -> UUID:
    """The key of a DPIA that this person may see, for what is asked with every word somebody types: ``visible_to``
    asks the database three times as much."""
    own = {"organisation__memberships__user": request.user, "organisation__memberships__active": True}
    rows = Partner.objects.filter(use_case=pk, state__in=["invited", "joined"], organisation__state="active", **own)
    key: UUID | None = rows.order_by().values_list("use_case__assessment", flat=True).first()
    if key is None or not request.user.is_active:
        opened(request, pk)  # whoever reads for somebody else gets another answer than a stranger
        raise PermissionDenied
    return key


def page(use_case: UseCase) -> str:
    return reverse("collaborations:assessment", args=[use_case.pk])


def point_page(use_case: UseCase, point: Point) -> str:
    return reverse("collaborations:assessment_point", args=[use_case.pk, point.id])


def trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("DPIA"), page(use_case))]


def names() -> dict[str, str]:
    """Organisation key to name."""
    return dict(Organisation.objects.values_list("slug", "name"))
