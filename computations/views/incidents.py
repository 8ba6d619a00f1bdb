"""Incidents of a use case: the list, one with its clock, recording, deciding about the notification, closing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation, User
from collaborations import lifecycle
from collaborations.models import UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404, trail_to
from computations import actions
from computations.actions.incidents import DECIDES, REPORTS
from computations.forms.incidents import Closing, Decision, NewIncident
from computations.models import Incident, Run
from web.pages import Crumb, act_page, form_page


@login_required
def incidents(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _joined_or_403(request.user, pk)
    found = use_case.incidents.select_related("organisation")[:200]
    context = frame(
        request, use_case, "incidents", incidents=found, may_record=bool(_reporting(request.user, use_case))
    )
    return render(request, "computations/incidents.html", context)


@login_required
def incident(request: HttpRequest, pk: UUID, incident_pk: int) -> HttpResponse:
    use_case = _joined_or_403(request.user, pk)
    found = _found(use_case, incident_pk)
    decides = found.state == "open" and roles.allowed(request.user, DECIDES, found.organisation)
    may_hold = use_case.state in lifecycle.USE_CASE["hold"].sources
    context = frame(
        request,
        use_case,
        "incidents",
        incident=found,
        runs=found.runs.all(),
        decides=decides,
        may_hold=may_hold and roles.allowed(request.user, "propose_use_case", use_case.proposer),
        may_suspend=use_case.assessment is not None and use_case.assessment.state == "adopted",
    )
    return render(request, "computations/incident.html", context)


@login_required
def incident_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _joined_or_403(request.user, pk)
    own = _reporting(request.user, use_case)
    if not own:
        raise PermissionDenied
    form = NewIncident.of(
        request,
        organisations=Organisation.objects.filter(pk__in=[entry.pk for entry in own]),
        runs=Run.objects.filter(contract__use_case=use_case).select_related("contract").order_by("-queued_at"),
        initial={"discovered_at": timezone.localtime()},
    )
    if form.is_valid():
        with form.accepting():
            made = actions.record_incident(use_case=use_case, **form.cleaned_data, by=request.user)
            messages.success(request, _("The incident is recorded. All partners of this use case see it."))
            return redirect("computations:incident", pk, made.pk)
    return form_page(
        request,
        form,
        title=_("Record an incident"),
        submit=_("Record the incident"),
        intro=_(
            "A personal-data breach: data were lost, changed, or seen by somebody who may not see them. What happened "
            "and when it was discovered cannot be changed afterwards."
        ),
        back=reverse("computations:incidents", args=[pk]),
        trail=_trail(use_case),
    )


@login_required
def incident_decide(request: HttpRequest, pk: UUID, incident_pk: int) -> HttpResponse:
    use_case, found = _own(request.user, pk, incident_pk)
    form = Decision.of(request)
    back = reverse("computations:incident", args=[pk, incident_pk])
    return act_page(
        request,
        form,
        lambda: actions.decide_incident(incident=found, **form.cleaned_data, by=request.user),
        title=_("Decide about the notification"),
        submit=_("Record the decision"),
        intro=_("The platform notifies nobody: you notify the authority yourself and record here that you did."),
        back=back,
        trail=_trail(use_case),
    )


@login_required
def incident_close(request: HttpRequest, pk: UUID, incident_pk: int) -> HttpResponse:
    use_case, found = _own(request.user, pk, incident_pk)
    form = Closing.of(request, initial={"measures": found.measures})
    back = reverse("computations:incident", args=[pk, incident_pk])
    return act_page(
        request,
        form,
        lambda: actions.close_incident(incident=found, measures=form.cleaned_data["measures"], by=request.user),
        title=_("Close the incident “%(title)s”") % {"title": found.title},
        submit=_("Close the incident"),
        warning=_("A closed incident is not opened again. Something new is a new incident."),
        back=back,
        trail=_trail(use_case),
    )


def _joined_or_403(user: User, pk: UUID) -> UseCase:
    """Whoever is only invited or only advises does not read what went wrong at others."""
    use_case = seen_or_404(user, pk)
    if not use_case.parties().filter(organisation__in=own_organisations(user, use_case)).exists():
        raise PermissionDenied
    return use_case


def _found(use_case: UseCase, pk: int) -> Incident:
    return get_object_or_404(use_case.incidents.select_related("organisation", "recorded_by"), pk=pk)


def _own(user: User, pk: UUID, incident_pk: int) -> tuple[UseCase, Incident]:
    use_case = _joined_or_403(user, pk)
    found = _found(use_case, incident_pk)
    roles.require(user, DECIDES, found.organisation)
    return use_case, found


def _reporting(user: User, use_case: UseCase) -> list[Organisation]:
    joined = use_case.parties().values("organisation")
    own = own_organisations(user, use_case).filter(pk__in=joined)
    return [organisation for organisation in own if roles.permissions_of(user, organisation) & REPORTS]


def _trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("Incidents"), reverse("computations:incidents", args=[use_case.pk]))]
