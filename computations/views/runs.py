"""Runs of a use case: start one, follow it, stop it, do it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organisation, User
from collaborations import gate
from collaborations.models import Contract
from collaborations.views.access import acting_for, frame, permissions, seen_or_404, trail_to
from computations import actions, backends, clock, labels, states
from computations.explaining import picture, time_left
from computations.models import Run, Schedule, Task
from computations.models.schedules import LIVING
from computations.specifying.learning import learners
from computations.specifying.words import RECURRENCES
from station import analyses
from station.contract.canonical import digest
from web.forms import Reasoned
from web.pages import act_page


@login_required
def runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    contract = use_case.contracts.current().order_by("kind").first()
    lapsed = Schedule.objects.filter(contract__use_case=use_case).first() if contract is None else None
    found = Run.objects.visible_to(request.user).filter(contract__use_case=use_case).select_related("requested_by")
    context = {
        "runs": [(entry, labels.STATES[entry.state]) for entry in found[:200]],
        "contract": contract,
        "unmet": gate.unmet(use_case, contract, timezone.localdate()),
        "troubles": backends.troubles(),
        "taken": actions.no_free_slot(contract) if contract else [],
        **_plan(contract),
        "lapsed": lapsed,
        "over": use_case.state in ("closed", "rejected", "withdrawn"),
    }
    return render(request, "computations/runs.html", frame(request, use_case, "runs", **context))


def _plan(contract: Contract | None) -> dict[str, Any]:
    """The newest plan of this contract with the dates it has in view."""
    found = contract.schedules.first() if contract else None
    dates = found.coming(actions.free_slots(contract)) if found and contract else []
    recurrence = RECURRENCES[found.recurrence] if found else ""
    living = found is not None and found.state in LIVING
    return {"plan": found, "dates": dates, "recurrence": recurrence, "living": living}


@login_required
@require_POST
def schedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    acting_for(request.user, contract.use_case, "schedule_run")
    made = actions.schedule_run(contract=contract, by=request.user)
    return redirect("computations:run", made.pk)


@login_required
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_run_or_404(request.user, pk)
    spec = shown.terms.specification
    explained = {
        "analysis": analyses.get(spec.analysis),
        "engine": spec.engine,
        "diagram": picture(spec, get_language() or "nl"),
        "learners": learners(spec),
    }
    context = frame(request, shown.use_case, "runs", **_story(request.user, shown), **explained)
    return render(request, "computations/run.html", context)


@login_required
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that htmx asks for every two seconds; nothing when it has that already."""
    shown = seen_run_or_404(request.user, pk)
    story = _story(request.user, shown)
    if request.GET.get("seen") == story["seen"]:
        return HttpResponse(status=204)
    context = {"use_case": shown.use_case, "can": permissions(request.user, shown.use_case), **story}
    return render(request, "computations/progress.html", context)


@login_required
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_run_or_404(request.user, pk)
    acting_for(request.user, shown.use_case, "cancel_run")
    form = Reasoned.of(request)
    return act_page(
        request,
        form,
        lambda: actions.cancel_run(run=shown, reason=form.cleaned_data["reason"], by=request.user),
        title=_("Cancel run %(slot)s") % {"slot": shown.slot},
        submit=_("Cancel this run"),
        warning=_("The stations stop and throw their shares away. A run that is cancelled cannot be resumed."),
        back=reverse("computations:run", args=[pk]),
        back_label=_("Let it go on"),
        trail=trail_to(shown.use_case),
    )


@login_required
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_run_or_404(request.user, pk)
    acting_for(request.user, shown.use_case, "schedule_run")
    made = actions.retry_run(run=shown, by=request.user)
    return redirect("computations:run", made.pk)


def seen_run_or_404(user: User, pk: UUID) -> Run:
    found = Run.objects.visible_to(user).select_related("contract__use_case", "blamed", "requested_by")
    run = found.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def recipient_or_403(user: User, run: Run) -> list[str]:
    """Names of the outputs that an organisation of this person receives; 403 when there is none."""
    names = received_by(user, run)
    if not names:
        raise PermissionDenied
    return names


def received_by(user: User, run: Run) -> list[str]:
    own = set(Organisation.objects.of(user).values_list("slug", flat=True))
    return [output.name for output in run.terms.specification.outputs if own & set(output.recipients)]


def _story(user: User, run: Run) -> dict[str, Any]:
    names = {party.organisation: party.name for party in run.terms.specification.parties}
    rows = list(run.tasks.filter(attempt=run.attempt).select_related("organisation"))
    tasks = [
        {
            "name": names.get(task.organisation.slug, task.organisation.slug),
            "detail": _doing(task),
            "percent": task.percent,
            "key": task.organisation.slug,
        }
        for task in rows
    ]
    awaited = _awaited(run, names)
    told = [[task.organisation.slug, task.state, task.phase, task.percent] for task in rows]
    return {
        "run": run,
        "left": time_left(run, rows, clock.now()),
        "seen": digest([run.state, run.attempt, told, awaited]),
        "label": labels.STATES[run.state],
        "tasks": tasks,
        "receives": received_by(user, run),
        "next": _next(run),
        "awaited": awaited,
        "checks": list(_checks(user, run)),
        "steps": _steps(run),
        "outputs": run.terms.specification.outputs,
        "names": names,
        "may_be_cancelled": run.state in (*states.BEFORE_OPEN, "checking"),
        "stopped": run.state in states.STOPPED,
        "counts": run.contract.state == "signed",
    }


def _next(run: Run) -> Any:
    """What comes now; under a contract that no longer counts nothing does."""
    if run.state in states.STOPPED and run.contract.state != "signed":
        return _("Nothing runs under this contract any more. The page with all runs says what a new run waits for.")
    return labels.NEXT.get(run.state, "")


def _doing(task: Task) -> Any:
    """The phase its engine is in until it has computed, else the state of the task."""
    under_way = task.state in ("waiting", "ready", "running") and task.phase in labels.PHASES
    return labels.PHASES[task.phase] if under_way else labels.TASKS.get(task.state, task.state)


def _awaited(run: Run, names: dict[str, str]) -> list[str]:
    """The recipients whose stations have not confirmed yet that the output arrived."""
    if run.state != "releasing":
        return []
    there = {(entry.organisation.slug, entry.output) for entry in run.statements_of("received")}
    wanted = {(key, output.name) for output in run.terms.specification.outputs for key in output.recipients}
    return sorted({names.get(key, key) for key, _output in wanted - there})


def _checks(user: User, run: Run) -> Iterator[dict[str, Any]]:
    """What the checker does at its station; shown to its own people, and in the demo to everybody."""
    if run.state != "checking":
        return
    own = set(Organisation.objects.of(user).values_list("slug", flat=True))
    decided = {entry.output for kind in ("release", "withhold") for entry in run.statements_of(kind)}
    outputs, short = run.terms.specification.outputs, str(run.pk)[:8]
    for output in outputs:
        if output.name not in decided and (output.checker in own or settings.DEMO):
            station = f"bin/demo station {output.checker}" if settings.DEMO else "python -m station --home DIR"
            which = f"{short} --output {output.name}" if len(outputs) > 1 else short
            acts = (f"show {short}", f"release {which}", f"withhold {which}")
            yield {"output": output, "commands": [f"{station} output {act}" for act in acts]}


def _steps(run: Run) -> list[dict[str, Any]]:
    passed = {entry["state"] for entry in run.history}
    road = labels.ROAD if run.state in labels.ROAD else (*[s for s in labels.ROAD if s in passed], run.state)
    done = len(road) if run.state == "released" else road.index(run.state)
    status = ["done" if at < done else "current" if at == done else "" for at in range(len(road))]
    return [{"label": labels.STATES[state], "status": status[at]} for at, state in enumerate(road)]
