"""Assessed versus what runs: for the DPO, and for everybody else who takes part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from collaborations.models import Contract, Signature, UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404, trail_to
from computations.comparing import compare
from computations.models import Run, Statement
from computations.views.contracts import SHORT, STATION
from web.pages import crumbs

NEWEST = 20


@login_required
@require_safe
def compared(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The contract that counts (else the newest), with its newest run."""
    use_case = seen_or_404(request.user, pk)
    found = _contracts(request.user).filter(use_case=use_case).order_by("kind", "-drafted_at")
    contract = next(iter(sorted(found, key=lambda one: one.state not in ("drafted", "signed"))), None)
    return _page(request, use_case, contract, _runs(contract))


@login_required
@require_safe
def contract_compared(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = _contracts(request.user).filter(pk=pk).first()
    if contract is None:
        raise Http404
    return _page(request, seen_or_404(request.user, contract.use_case_id), contract, _runs(contract))


@login_required
@require_safe
def run_compared(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = _with_statements(Run.objects.visible_to(request.user)).filter(pk=pk).first()
    if run is None:
        raise Http404
    contract = _contracts(request.user).get(pk=run.contract_id)
    return _page(request, seen_or_404(request.user, contract.use_case_id), contract, _runs(contract), run)


def _page(
    request: HttpRequest, use_case: UseCase, contract: Contract | None, runs: list[Run], run: Run | None = None
) -> HttpResponse:
    shown = run or (_with_statements(Run.objects.filter(pk=runs[0].pk)).get() if runs else None)
    context = {
        "contract": contract,
        "run": shown,
        "runs": runs,
        "comparison": compare(use_case, contract, shown),
        "commands": _commands(request.user, use_case, contract) if contract else {},
        "suspend_url": reverse("collaborations:assessment", args=[use_case.pk]),
        "trail": crumbs(*trail_to(use_case), (_("Assessed versus what runs"), "")),
    }
    return render(request, "computations/compared.html", frame(request, use_case, "contract") | context)


def _contracts(user: User) -> Any:
    signatures = Prefetch("signatures", Signature.objects.select_related("organisation"))
    return Contract.objects.visible_to(user).prefetch_related("documents", signatures)


def _with_statements(found: Any) -> Any:
    return found.prefetch_related(Prefetch("statements", Statement.objects.select_related("organisation")), "results")


def _runs(contract: Contract | None) -> list[Run]:
    return list(contract.runs.order_by("-queued_at")[:NEWEST]) if contract else []


def _commands(user: User, use_case: UseCase, contract: Contract) -> dict[str, str]:
    """What an own station answers; in the demo one person plays them all."""
    short = contract.sha256[:SHORT]
    own = [organisation.slug for organisation in own_organisations(user, use_case)]
    station = f"bin/demo station {own[0]}" if settings.DEMO and own else STATION
    return {
        "show": f"{station} contracts show {short}",
        "documents": f"{station} contracts show {short} --documents",
        "revoke": f"{station} revoke {short}",
    }
