"""The contract of a use case: what it still needs, what it says, who signed, and how that is done at the station."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.models import User
from collaborations import gate
from collaborations.models import Contract, UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404
from computations import actions, reports
from computations.marks import Mark, marks
from computations.models.runs import read_terms
from computations.specifying import reading
from computations.specifying.promoting import offered
from web.pdf import pdf_response

SHORT = 12  # characters of the hash that name a contract at a station
STATION = "python -m station --home DIR"


@login_required
def contract(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    everything = list(use_case.contracts.select_related("drafted_by"))
    current = [entry for entry in everything if entry.state in ("drafted", "signed")]
    context = {
        "shown": [_shown(request.user, use_case, entry) for entry in current],
        "earlier": [entry for entry in everything if entry not in current],
        **_drafting(request.user, use_case),
    }
    return render(request, "computations/contract.html", frame(request, use_case, "contract", **context))


@login_required
@require_POST
def contract_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drafts the contract, or a trial contract while exploring; the stations hear of it."""
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "draft_contract", use_case.proposer)
    trial = request.POST.get("kind") == "trial_contract"
    made = actions.draft_contract(use_case=use_case, by=request.user, trial=trial)
    messages.success(request, _("The contract is drafted. Every station can now read and sign it."))
    return redirect("computations:contract", made.use_case_id)


@login_required
def contract_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One contract with its whole text, also when it no longer counts."""
    found = seen_contract_or_404(request.user, pk)
    context = _shown(request.user, found.use_case, found) | _text(found)
    page = frame(request, found.use_case, "contract", **context)
    return render(request, "computations/contract_text.html", page)


@login_required
def contract_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same document as the PDF, as a page that the browser can print."""
    found = seen_contract_or_404(request.user, pk)
    return render(request, "computations/contract_document.html", reports.contract_context(found))


@login_required
def contract_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = seen_contract_or_404(request.user, pk)
    return pdf_response(
        request,
        lambda: reports.contract_pdf(found),
        name=f"contract-{found.sha256[:SHORT]}",
        to_print=reverse("computations:contract_print", args=[pk]),
    )


def seen_contract_or_404(user: User, pk: UUID) -> Contract:
    found = Contract.objects.visible_to(user).select_related("use_case__proposer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _shown(user: User, use_case: UseCase, entry: Contract) -> dict[str, Any]:
    signed, short = marks(entry), entry.sha256[:SHORT]
    own = [organisation.slug for organisation in own_organisations(user, use_case)]
    to_sign = [mark for mark in signed if _waits_for(mark, own) and entry.state == "drafted"]
    to_revoke = [mark for mark in signed if mark.organisation in own and mark.state == "signed"]
    return {
        "contract": entry,
        "terms": read_terms(entry.data),
        "marks": signed,
        "may_promote": offered(user, entry),
        "short": short,
        "to_sign": to_sign,
        "to_revoke": to_revoke,
        "commands": {
            "show": f"{STATION} contracts show {short}",
            "read": f"{STATION} contracts show {short} --documents",
            "sign": f"{STATION} sign {short}",
            "revoke": f"{STATION} revoke {short}",
            "demo_sign": [f"bin/demo station {mark.organisation} sign {short}" for mark in to_sign],
            "demo_revoke": [f"bin/demo station {mark.organisation} revoke {short}" for mark in to_revoke],
        },
    }


def _waits_for(mark: Mark, own: list[str]) -> bool:
    """Own organisations; in the demo one person plays them all."""
    return mark.state == "waiting" and (mark.organisation in own or settings.DEMO)


def _text(entry: Contract) -> dict[str, Any]:
    return reading.context(read_terms(entry.data).specification)


def _drafting(user: User, use_case: UseCase) -> dict[str, Any]:
    """What can be drafted now and by whom, and what a contract still needs."""
    assessing = use_case.state == "assessing"
    unmet = gate.unmet(use_case, None, timezone.localdate(), "draft") if assessing else []
    kind = "contract" if assessing else "trial_contract" if use_case.state == "exploring" else ""
    return {
        "unmet": unmet,
        "kind": kind,
        "specified": use_case.specification is not None,
        "may_draft": roles.allowed(user, "draft_contract", use_case.proposer),
    }
