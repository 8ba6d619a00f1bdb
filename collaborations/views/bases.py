"""The legal bases of a use case, per partner: anybody involved reads all of them, and adds to those of the own one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation, User
from collaborations import actions, forms
from collaborations.models import LegalBasis, Partner, UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404, trail_to
from web.pages import Crumb, form_page

WRITING = {"draft_basis", "review_basis"}
PAST = ("withdrawn", "superseded")
NEXT = {
    "draft": gettext_lazy("drafter or lawyer"),
    "legal_review": gettext_lazy("DPO"),
    "dpo_advised": gettext_lazy("mandated manager"),
    "suspended": gettext_lazy("mandated manager"),
    "expired": gettext_lazy("drafter or lawyer, with a new version"),
}
"""Who brings a row further, at its own organisation."""


@login_required
def bases(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    own = own_organisations(request.user, use_case)
    partners = use_case.partners.filter(Q(state="joined") | Q(bases__isnull=False)).distinct()
    rows = LegalBasis.objects.filter(partner__use_case=use_case).select_related("mandate")
    found = sorted(partners.select_related("organisation"), key=lambda partner: partner.organisation not in own)
    groups = [_group(use_case, partner, list(rows), partner.organisation in own, request.user) for partner in found]
    context = {"groups": groups, "specified": use_case.specification is not None}
    return render(request, "collaborations/bases.html", frame(request, use_case, "bases", **context))


@login_required
def basis_new(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    partner = get_object_or_404(use_case.partners.select_related("organisation"), organisation__slug=slug)
    writing_or_403(request.user, partner.organisation)
    form = forms.Basis.of(request, initial=_first_days(use_case))
    if form.is_valid():
        with form.accepting():
            made = actions.draft_basis(partner=partner, text=form.text(), by=request.user)
            messages.success(request, _("The draft is saved. Read it once more and hand it to the DPO."))
            return redirect("collaborations:basis", pk, made.pk)
    return form_page(
        request,
        form,
        title=_("Add a legal basis of %(organisation)s") % {"organisation": partner.organisation.name},
        submit=_("Save as draft"),
        intro=_("One row per purpose, data category and operation. You cite the law; nobody checks the citation here."),
        back=reverse("collaborations:bases", args=[pk]),
        trail=trail(use_case),
    )


def writing_or_403(user: User, organisation: Organisation) -> None:
    if not roles.permissions_of(user, organisation) & WRITING:
        raise PermissionDenied


def _group(use_case: UseCase, partner: Partner, rows: list[LegalBasis], own: bool, user: User) -> dict[str, Any]:
    """What the page shows of one partner."""
    its = [row for row in rows if row.partner_id == partner.pk]
    held = roles.permissions_of(user, partner.organisation) if own else set()
    can_be_added = use_case.state in ("exploring", "assessing") and partner.state == "joined"
    return {
        "partner": partner,
        "own": own,
        "rows": [(row, NEXT.get(row.state, "")) for row in its if row.state not in PAST],
        "past": [row for row in its if row.state in PAST],
        "may_add": bool(held & WRITING) and can_be_added and use_case.specification is not None,
        "can_be_added": can_be_added,
        "writers": _writers(partner.organisation) if own and not its else [],
    }


def _writers(organisation: Organisation) -> list[str]:
    """Who can add a row here; shown to colleagues only."""
    writing = [name for name, role in roles.ROLES.items() if WRITING & set(role.permissions)]
    held = organisation.memberships.filter(active=True, user__is_active=True, roles__role__in=writing).distinct()
    return sorted(str(membership.user) for membership in held.select_related("user"))


def _first_days(use_case: UseCase) -> dict[str, Any]:
    """A new row begins today and lasts as long as the window."""
    version = use_case.specification
    return {"valid_from": timezone.localdate(), "valid_to": version.read().schedule.last_day if version else None}


def trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("Legal bases"), reverse("collaborations:bases", args=[use_case.pk]))]
