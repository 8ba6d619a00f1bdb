"""Runs that start by themselves: planned once by a person, and stopped by one."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborations.models import Contract, UseCase
from collaborations.views.access import acting_for, trail_to
from computations import actions
from computations.forms.schedule import Plan
from computations.models import Schedule
from computations.specifying.words import RECURRENCES
from web.forms import Reasoned
from web.pages import act_page

EARLY = time(6, 0)


@login_required
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.visible_to(request.user).select_related("use_case"), pk=pk)
    acting_for(request.user, contract.use_case, "schedule_run")
    window = contract.read().specification.schedule
    first = max(timezone.localdate(), window.first_day)
    form = Plan.of(request, initial={"first_day": first, "at": EARLY})
    facts = {
        "recurrence": RECURRENCES[window.recurrence], "slots": actions.free_slots(contract),
        "start": window.first_day.strftime("%d-%m-%Y"), "end": window.last_day.strftime("%d-%m-%Y"),
    }  # fmt: skip
    return act_page(
        request,
        form,
        lambda: actions.plan_runs(contract=contract, **form.cleaned_data, by=request.user),
        said=_("The runs are planned. All partners see the next dates on this page."),
        title=_("Plan the runs"),
        submit=_("Plan these runs"),
        intro=_(
            "The contract allows: %(recurrence)s, from %(start)s up to and including %(end)s, %(slots)s more runs at "
            "most. Before every run the conditions are looked at again. When one is no longer met the plan is "
            "suspended, and it goes on by itself when that is mended."
        )
        % facts,
        back=_runs_of(contract.use_case),
        trail=trail_to(contract.use_case),
    )


@login_required
def stop(request: HttpRequest, schedule_pk: int) -> HttpResponse:
    found = Schedule.objects.select_related("contract__use_case").filter(
        pk=schedule_pk, contract__in=Contract.objects.visible_to(request.user)
    )
    if (schedule := found.first()) is None:
        raise Http404
    use_case = schedule.contract.use_case
    acting_for(request.user, use_case, "schedule_run")
    form = Reasoned.of(request)
    return act_page(
        request,
        form,
        lambda: actions.stop_schedule(schedule=schedule, reason=form.cleaned_data["reason"], by=request.user),
        title=_("Stop the planned runs"),
        submit=_("Stop them"),
        warning=_("No more runs start by themselves. A run that has begun goes on; the runs can be planned anew."),
        back=_runs_of(use_case),
        back_label=_("Let them go on"),
        trail=trail_to(use_case),
    )


def _runs_of(use_case: UseCase) -> str:
    return reverse("computations:runs", args=[use_case.pk])
