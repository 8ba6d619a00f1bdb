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
from accounts.models import Mandate, Organisation, User
from collaborations import actions, basis_examples, coverage
from collaborations.facts import current_bases
from collaborations.forms_bases import Basis
from collaborations.models import LegalBasis, Partner, UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404, trail_to
from web.language import language
from web.pages import Crumb, form_page

WRITING = {"draft_basis", "review_basis"}
OPERATIONS = dict(LegalBasis.OPERATIONS)
KINDS = {
    "data": gettext_lazy("data"),
    "special": gettext_lazy("special categories"),
    "criminal": gettext_lazy("criminal data"),
    "national_id": gettext_lazy("national number"),
    "result": gettext_lazy("result"),
}
CELLS = {
    "approved": (gettext_lazy("approved"), "approved"),
    "expiring": (gettext_lazy("ends within 30 days"), "legal_review"),
    "progress": (gettext_lazy("in progress"), "draft"),
    "expired": (gettext_lazy("expired"), "expired"),
    "missing": (gettext_lazy("missing"), "rejected"),
    "suspended": (gettext_lazy("suspended"), "suspended"),
}
"""The words of a cell of the matrix, and the state whose colour it has."""
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
    partners = use_case.partners.parties().filter(Q(state="joined") | Q(bases__isnull=False)).distinct()
    rows = LegalBasis.objects.filter(partner__use_case=use_case).select_related("mandate")
    found = sorted(partners.select_related("organisation"), key=lambda partner: partner.organisation not in own)
    groups = [_group(use_case, partner, list(rows), partner.organisation in own, request.user) for partner in found]
    doubted = Mandate.objects.in_doubt().filter(organisation__in=own).select_related("organisation", "holder")
    context = {"groups": groups, "specified": use_case.specification is not None, "doubted": doubted}
    return render(request, "collaborations/bases.html", frame(request, use_case, "bases", **context))


@login_required
def basis_new(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    partner = get_object_or_404(use_case.partners.parties().select_related("organisation"), organisation__slug=slug)
    writing_or_403(request.user, partner.organisation)
    operation = _operation(request)
    first = _first_days(use_case) | {"operation": operation}
    first |= basis_examples.filled(request.GET.get("example", ""), language())
    form = Basis.of(request, initial=first, use_case=use_case, own=partner.organisation)
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
        also={
            "url": reverse("collaborations:basis_examples", args=[pk, slug]) + f"?operation={operation}",
            "label": _("Begin with an example citation"),
        },
        **asked_of(use_case, partner),
    )


@login_required
def examples(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """Citations to begin with; nobody checked them."""
    use_case = seen_or_404(request.user, pk)
    partner = get_object_or_404(use_case.partners.parties().select_related("organisation"), organisation__slug=slug)
    writing_or_403(request.user, partner.organisation)
    context = {"partner": partner, "examples": basis_examples.shown(language()), "operation": _operation(request)}
    return render(request, "collaborations/basis_examples.html", frame(request, use_case, "bases", **context))


def _operation(request: HttpRequest) -> str:
    """The operation that the matrix asked a row for, on the way through the examples."""
    asked = request.GET.get("operation", "")
    return asked if asked in OPERATIONS else ""


@login_required
def matrix(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which cell of the current specification has an approved row, and which lacks one."""
    use_case = seen_or_404(request.user, pk)
    version = use_case.specification
    context: dict[str, Any] = {"version": version, "lines": [], "kinds": []}
    if version is not None:
        spec, user = version.read(), request.user
        cells = coverage.matrix(spec, current_bases(use_case), timezone.localdate())
        writes = {o.slug for o in own_organisations(user, use_case) if roles.permissions_of(user, o) & WRITING}
        kinds = [kind for kind in coverage.KINDS if any(cell.kind == kind for cell in cells)]
        context |= {
            "kinds": [KINDS[kind] for kind in kinds],
            "lines": _lines(cells, kinds, {party.organisation: party.name for party in spec.parties}),
            "writes": writes if use_case.state in ("exploring", "assessing") else set(),
            "missing": sum(1 for cell in cells if cell.state not in ("approved", "expiring")),
            "total": len(cells),
        }
    return render(request, "collaborations/basis_matrix.html", frame(request, use_case, "bases", **context))


def asked_of(use_case: UseCase, partner: Partner) -> dict[str, Any]:
    """What the specification asks of this partner, for above the form; nothing before there is one."""
    version = use_case.specification
    if version is None:
        return {}
    cells = coverage.matrix(version.read(), current_bases(use_case), timezone.localdate())
    own = [cell for cell in cells if cell.organisation == partner.organisation.slug]
    asked: dict[str, list[tuple[Any, tuple[Any, str]]]] = {}
    for cell in own:
        asked.setdefault(str(OPERATIONS[cell.operation]), []).append((KINDS[cell.kind], CELLS[cell.state]))
    return {"about": "collaborations/basis_asked.html", "asked": asked, "partner": partner} if asked else {}


def _lines(cells: list[coverage.Cell], kinds: list[str], names: dict[str, str]) -> list[dict[str, Any]]:
    """One line per partner and operation, with a place for every kind of data."""
    found: dict[tuple[str, str], dict[str, coverage.Cell]] = {}
    for cell in cells:
        found.setdefault((cell.organisation, cell.operation), {})[cell.kind] = cell
    return [
        {
            "organisation": organisation,
            "name": names[organisation],
            "operation": OPERATIONS[operation],
            "cells": [(KINDS[kind], by_kind.get(kind), _label(by_kind.get(kind))) for kind in kinds],
        }
        for (organisation, operation), by_kind in found.items()
    ]


def _label(cell: coverage.Cell | None) -> tuple[Any, str]:
    return CELLS[cell.state] if cell else ("", "")


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
