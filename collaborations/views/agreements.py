"""The agreements of a use case: what is in force, the signed papers themselves, recording one and ending one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import Organisation, User
from collaborations import actions, gate
from collaborations.actions.agreements import ENDED, kept_document
from collaborations.agreement_form import NewAgreement, filled_with
from collaborations.models import Agreement, UseCase
from collaborations.views.access import (
    acting_for,
    frame,
    own_organisations,
    own_parties,
    seen_or_404,
    takes_part,
    trail_to,
)
from collaborations.views.papers import only_saved
from web.forms import Confirm, Reasoned
from web.pages import Crumb, act_page, form_page


@login_required
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    reads, recording = takes_part(request.user, use_case), _recording(request.user, use_case)
    found = Agreement.objects.of(use_case).select_related("recorded_by", "replaces")
    found = found.prefetch_related("rights__organisation", "signatures__by", "signatures__mandate")
    context = {
        "agreements": [_shown(row, use_case, request.user, recording) for row in reversed(found)],
        "reads": reads,
        "may_record": reads and use_case.state not in ENDED and bool(recording),
        "unmet": gate.about(use_case, timezone.localdate(), gate.agreement_in_force),
        "specified": use_case.specification is not None,
    }
    return render(request, "collaborations/agreement.html", frame(request, use_case, "agreement", **context))


@login_required
def agreement_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new agreement, or with ``?replaces=`` the next version of one."""
    use_case = seen_or_404(request.user, pk)
    acting_for(request.user, use_case, "record_agreement")
    before = _before(request, use_case)
    choices = _choices(use_case)
    if before is not None:
        choices["initial"] |= filled_with(before)
    form = NewAgreement.of(request, **choices)
    if form.is_valid():
        with form.accepting():
            made = actions.record_agreement(use_case=use_case, **form.recorded(), replaces=before, by=request.user)
            messages.success(request, _recorded(made))
            return redirect("collaborations:agreement", pk)
    form.ask_again()
    return form_page(
        request,
        form,
        title=_("Next version of “%(title)s”") % {"title": before.title} if before else _("Record an agreement"),
        submit=_("Record"),
        intro=_("Record what the parties agree. It cannot be changed afterwards; a next version can replace it."),
        back=reverse("collaborations:agreement", args=[pk]),
        trail=_trail(use_case),
    )


@login_required
def agreement_sign(request: HttpRequest, pk: UUID, agreement_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(Agreement.objects.of(use_case), pk=agreement_pk)
    organisation = _signs_for(request.user, use_case, found)
    if organisation is None:
        raise PermissionDenied
    form = Confirm.of(request)
    back = reverse("collaborations:agreement", args=[pk])
    return act_page(
        request,
        form,
        lambda: actions.sign_agreement(agreement=found, organisation=organisation, by=request.user),
        said=_("Signed for %(organisation)s.") % {"organisation": organisation},
        title=_("Sign the agreement “%(title)s”") % {"title": found.title},
        submit=_("Sign for %(organisation)s") % {"organisation": organisation},
        warning=_(
            "Read the document first. You sign the words as they stand, under your mandate. This cannot be undone; "
            "a party can end the agreement."
        ),
        about="collaborations/agreement_facts.html",
        shown={"row": found, "unsigned": found.unsigned()},
        use_case=use_case,
        reads=True,
        back=back,
        trail=_trail(use_case),
    )


@login_required
@require_safe
def agreement_document(request: HttpRequest, pk: UUID, agreement_pk: int) -> HttpResponse:
    """The paper as it was recorded. It is never shown inside our own pages: a browser only saves it."""
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(Agreement.objects.of(use_case), pk=agreement_pk)
    if not takes_part(request.user, use_case):
        raise PermissionDenied
    return only_saved(kept_document(found), found.document_name)


@login_required
def agreement_terminate(request: HttpRequest, pk: UUID, agreement_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(Agreement.objects.of(use_case), pk=agreement_pk)
    if not _may_end(found, _recording(request.user, use_case)):
        raise PermissionDenied
    form = Reasoned.of(request)
    back = reverse("collaborations:agreement", args=[pk])
    return act_page(
        request,
        form,
        lambda: actions.terminate_agreement(agreement=found, reason=form.cleaned_data["reason"], by=request.user),
        title=_("End the agreement “%(title)s”") % {"title": found.title},
        submit=_("End this agreement"),
        warning=_(
            "The agreement ends today, for every use case that rests on it. Nothing runs any more under a contract "
            "that names it. This cannot be undone."
        ),
        back=back,
        trail=_trail(use_case),
    )


def _shown(row: Agreement, use_case: UseCase, user: User, recording: list[Organisation]) -> dict[str, Any]:
    """``recording``: the own organisations for which this person may record and end agreements."""
    today = timezone.localdate()
    label, tone = str(row.get_state_display()), "expired"
    if row.in_force(today):
        tone = "in_force"
    elif row.state == "drafted":
        tone = "draft"
    elif row.state == "in_force" and row.valid_to >= today:
        label, tone = _("not in force yet"), "draft"
    elif row.state == "in_force":
        label = _("expired")
    signs = row.state == "drafted" and _signs_for(user, use_case, row) in row.unsigned()
    may_end = _may_end(row, recording)
    may_replace = may_end and row.state == "in_force" and use_case.state not in ENDED
    return {
        "row": row, "label": label, "tone": tone, "may_end": may_end, "may_sign": signs, "may_replace": may_replace,
        "unsigned": row.unsigned(),
    }  # fmt: skip


def _recorded(made: Agreement) -> str:
    if made.state == "drafted":
        return _("The agreement waits for the signature of every party.")
    return _("The agreement is recorded. Its hash goes into the contract.")


def _before(request: HttpRequest, use_case: UseCase) -> Agreement | None:
    given = request.GET.get("replaces", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    return get_object_or_404(Agreement.objects.of(use_case), pk=int(given))


def _signs_for(user: User, use_case: UseCase, row: Agreement) -> Organisation | None:
    """The party for which this person may bind the organisation; one whose signature is missing comes first."""
    own = [party for party in own_organisations(user, use_case) if party in row.parties.all()]
    able = [party for party in own if roles.allowed(user, "approve_basis", party)]
    waiting = [party for party in able if party in row.unsigned()]
    return next(iter([*waiting, *able]), None)


def _may_end(row: Agreement, recording: list[Organisation]) -> bool:
    return row.state in ("drafted", "in_force") and any(party in recording for party in row.parties.all())


def _recording(user: User, use_case: UseCase) -> list[Organisation]:
    own = own_parties(user, use_case)
    return [organisation for organisation in own if roles.allowed(user, "record_agreement", organisation)]


def _choices(use_case: UseCase) -> dict[str, Any]:
    """Any partner that joined; all of them at first, until the end of the window."""
    partners = Organisation.objects.filter(partnerships__in=use_case.parties())
    version = use_case.specification
    days = {"valid_from": timezone.localdate(), "valid_to": version.read().schedule.last_day if version else None}
    return {"organisations": partners, "initial": {"parties": list(partners), **days}}


def _trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("Agreement"), reverse("collaborations:agreement", args=[use_case.pk]))]
