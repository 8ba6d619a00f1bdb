"""Which DPIA a page is about, and the way back to it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from collaborations.models import UseCase
from collaborations.views.access import seen_or_404, trail_to
from dpia.models import Assessment
from web.pages import Crumb


def opened(request: HttpRequest, pk: UUID) -> tuple[UseCase, Assessment]:
    """404 as well when there is no DPIA yet."""
    use_case = seen_or_404(request.user, pk)
    if use_case.assessment_id is None:
        raise Http404
    return use_case, of(use_case)


def of(use_case: UseCase) -> Assessment:
    related = ("template", "facts", "coordinator", "suspended_by", "doubted_by")
    return Assessment.objects.select_related(*related).get(pk=use_case.assessment_id)


def page(use_case: UseCase) -> str:
    return reverse("collaborations:assessment", args=[use_case.pk])


def trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("DPIA"), page(use_case))]


def names() -> dict[str, str]:
    """Organisation key to name."""
    return dict(Organisation.objects.values_list("slug", "name"))
