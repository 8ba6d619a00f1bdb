"""The agreements of a use case: what is in force, the signed papers themselves, recording one and ending one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import Organisation, User
from collaborations import actions, forms, gate
from collaborations.actions.agreements import ENDED, kept_document
from collaborations.models import Agreement, UseCase
from collaborations.views.access import acting_for, frame, own_organisations, seen_or_404, trail_to
from web.forms import Reasoned
from web.pages import Crumb, form_page


@login_required
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    reads, recording = _reads(request.user, use_case), _recording(request.user, use_case)
    found = Agreement.objects.of(use_case).select_related("recorded_by")
    context = {
        "agreements": [_shown(row, recording) for row in reversed(found)],
        "reads": reads,
        "may_record": reads and use_case.state not in ENDED and bool(recording),
        "unmet": gate.about(use_case, timezone.localdate(), gate.agreement_in_force),
        "specified": use_case.specification is not None,
    }
    return render(request, "collaborations/agreement.html", frame(request, use_case, "agreement", **context))


@login_required
def agreement_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    acting_for(request.user, use_case, "record_agreement")
    form = forms.NewAgreement.of(request, **_choices(use_case))
    if form.is_valid():
        with form.accepting():
            actions.record_agreement(use_case=use_case, **form.recorded(), by=request.user)
            messages.success(request, _("The agreement is recorded. Its hash goes into the contract."))
            return redirect("collaborations:agreement", pk)
    form.ask_again()
    return form_page(
        request,
        form,
        title=_("Record an agreement"),
        submit=_("Record"),
        intro=_("Record what the parties have signed on paper. It cannot be changed afterwards; it can be ended."),
        back=reverse("collaborations:agreement", args=[pk]),
        trail=_trail(use_case),
    )


@login_required
@require_safe
def agreement_document(request: HttpRequest, pk: UUID, agreement_pk: int) -> HttpResponse:
    """The paper as it was recorded. It is never shown inside our own pages: a browser only saves it."""
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(Agreement.objects.of(use_case), pk=agreement_pk)
    if not _reads(request.user, use_case):
        raise PermissionDenied
    response = HttpResponse(kept_document(found), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.document_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def agreement_terminate(request: HttpRequest, pk: UUID, agreement_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(Agreement.objects.of(use_case), pk=agreement_pk)
    if not _may_end(found, _recording(request.user, use_case)):
        raise PermissionDenied
    form = Reasoned.of(request)
    back = reverse("collaborations:agreement", args=[pk])
    if form.is_valid():
        with form.accepting():
            actions.terminate_agreement(agreement=found, reason=form.cleaned_data["reason"], by=request.user)
            return redirect(back)
    return form_page(
        request,
        form,
        title=_("End the agreement “%(title)s”") % {"title": found.title},
        submit=_("End this agreement"),
        warning=_(
            "The agreement ends today, for every use case that rests on it. Nothing runs any more under a contract "
            "that names it. This cannot be undone."
        ),
        back=back,
        trail=_trail(use_case),
    )


def _shown(row: Agreement, recording: list[Organisation]) -> dict[str, Any]:
    """``recording``: the own organisations for which this person may record and end agreements."""
    today = timezone.localdate()
    state = row.state if row.state == "terminated" else "expired" if row.valid_to < today else "in_force"
    labels = {
        "terminated": row.get_state_display(),
        "expired": _("expired"),
        "in_force": _("in force") if row.in_force(today) else _("not in force yet"),
    }
    tone = "in_force" if row.in_force(today) else "draft" if state == "in_force" else "expired"
    return {"row": row, "label": labels[state], "tone": tone, "may_end": _may_end(row, recording)}


def _may_end(row: Agreement, recording: list[Organisation]) -> bool:
    return row.state == "in_force" and any(party in recording for party in row.parties.all())


def _reads(user: User, use_case: UseCase) -> bool:
    """Whoever is only invited does not read the papers of the others."""
    return use_case.joined().filter(organisation__in=own_organisations(user, use_case)).exists()


def _recording(user: User, use_case: UseCase) -> list[Organisation]:
    own = own_organisations(user, use_case)
    return [organisation for organisation in own if roles.allowed(user, "record_agreement", organisation)]


def _choices(use_case: UseCase) -> dict[str, Any]:
    """Any partner that joined; all of them at first, until the end of the window."""
    partners = Organisation.objects.filter(partnerships__in=use_case.joined())
    version = use_case.specification
    days = {"valid_from": timezone.localdate(), "valid_to": version.read().schedule.last_day if version else None}
    return {"organisations": partners, "initial": {"parties": list(partners), **days}}


def _trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("Agreement"), reverse("collaborations:agreement", args=[use_case.pk]))]
