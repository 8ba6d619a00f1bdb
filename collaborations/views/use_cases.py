"""The first page of a use case, the steps of its life, and its evaluation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import User
from audit.models import Event
from collaborations import actions, lifecycle, turns
from collaborations import requirements as needs
from collaborations.actions.asking import ASKS
from collaborations.actions.intake import OPEN
from collaborations.forms import StartAssessing
from collaborations.forms_intake import Close, Evaluation
from collaborations.intake import questions
from collaborations.models import UseCase
from collaborations.views.access import frame, own_parties, seen_or_404, trail_to
from collaborations.views.intake import proposing
from web.forms import Reasoned
from web.pages import act_page, form_page
from web.steps import Step, offers

STEPS = {
    "submit": Step(
        gettext_lazy("Propose to the partners"), actions.submit, tone="first",
        intro=gettext_lazy("The invited partners get to see the proposal and can join."),
    ),
    "start_assessing": Step(
        gettext_lazy("Start the assessment"), actions.start_assessing, StartAssessing, tone="first",
        intro=gettext_lazy("The DPIA is made from the current specification. Legal bases and agreement follow."),
    ),
    "close": Step(
        gettext_lazy("Close the use case"), actions.close, Close, tone="first",
        warning=gettext_lazy("A closed use case cannot be reopened; nothing runs any more. Everything stays readable."),
        fills=(needs.outcome_written, needs.measured),
    ),
    "resume": Step(gettext_lazy("Resume"), actions.resume, tone="first"),
    "reassess": Step(
        gettext_lazy("Back to assessing"), actions.reassess, Reasoned,
        warning=gettext_lazy("The signed contract no longer counts; nothing runs until a new one is signed."),
    ),
    "hold": Step(gettext_lazy("Put on hold"), actions.hold, Reasoned),
    "reject": Step(
        gettext_lazy("Reject"), actions.reject, Reasoned,
        warning=gettext_lazy("A rejected use case cannot be reopened. Everything that was written stays readable."),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw"), actions.withdraw, Reasoned,
        warning=gettext_lazy("A withdrawn use case cannot be reopened. Everything that was written stays readable."),
    ),
}  # fmt: skip


@login_required
def use_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_or_404(request.user, pk)
    held = roles.permissions_of(request.user, shown.proposer)
    waiting = turns.by_partner(shown)
    context = {
        "waiting": waiting,
        "may_ask": {entry.partner.pk for entry in waiting if _may_ask(request.user, shown, entry)},
        "anybody": any(entry.turns for entry in waiting),
        "reason": _reason(shown),
        "lapsed": _lapsed(shown),
        "offers": offers(STEPS, lifecycle.USE_CASE, shown, held, lambda name: _step_url(shown, name)),
        "road": _road(shown),
        "may_edit": "propose_use_case" in held and shown.state in OPEN,
        "may_reuse": bool(proposing(request)),
        "may_evaluate": "propose_use_case" in held and _evaluation_due(shown),
        "questions": questions(shown) if shown.state == "draft" else [],
        "origin_seen": shown.origin if _sees_origin(request, shown) else None,
    }
    return render(request, "collaborations/use_case.html", frame(request, shown, "overview", **context))


@login_required
def use_case_evaluate(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", shown.proposer)
    form = Evaluation.of(request)
    if form.is_valid():
        with form.accepting():
            actions.evaluate(use_case=shown, **form.cleaned_data, by=request.user)
            return redirect("collaborations:use_case", pk)
    return form_page(
        request,
        form,
        title=_("Record the evaluation"),
        submit=_("Record the evaluation"),
        intro=_planned(shown),
        warning=_("The evaluation does not change afterwards. All partners can read it."),
        back=reverse("collaborations:use_case", args=[pk]),
        trail=trail_to(shown),
    )


@login_required
def use_case_step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    shown = seen_or_404(request.user, pk)
    key = name.replace("-", "_")
    step = STEPS.get(key)
    if step is None:
        raise Http404
    if not roles.permissions_of(request.user, shown.proposer) & set(lifecycle.USE_CASE[key].permissions):
        raise PermissionDenied
    form = step.form.of(request)
    return act_page(
        request,
        form,
        lambda: step.act(use_case=shown, **form.cleaned_data, by=request.user),
        **step.words | ({"intro": _planned(shown)} if key == "close" else {}),
        back=reverse("collaborations:use_case", args=[pk]),
        trail=trail_to(shown),
    )


def _may_ask(user: User, shown: UseCase, entry: turns.PartnerTurns) -> bool:
    """Another partner for which something waits, in the name of a party that this person may speak for."""
    if not entry.turns:
        return False
    others = own_parties(user, shown).filter(partnerships__use_case=shown, partnerships__state="joined")
    return any(roles.allowed(user, ASKS, own) for own in others.exclude(pk=entry.partner.organisation_id))


def _planned(shown: UseCase) -> str:
    """What was aimed for, to answer against."""
    if not shown.indicator:
        return _("No measure was planned for this use case.")
    facts = {"indicator": shown.indicator, "baseline": shown.baseline or "–", "target": shown.target or "–"}
    return _("The plan: %(indicator)s. At the start: %(baseline)s. Aim: %(target)s.") % facts


def _evaluation_due(shown: UseCase) -> bool:
    return any(turn.code == "turn.evaluate_use_case" for turn in turns.waiting(shown))


def _sees_origin(request: HttpRequest, shown: UseCase) -> bool:
    origin = shown.origin_id
    return origin is not None and UseCase.objects.visible_to(request.user).filter(pk=origin).exists()


def _step_url(shown: UseCase, name: str) -> str:
    return reverse("collaborations:use_case_step", args=[shown.pk, name.replace("_", "-")])


def _reason(shown: UseCase) -> str:
    """Why it stands still or ended, as whoever did that wrote it down."""
    if shown.state not in ("on_hold", "rejected", "withdrawn"):
        return ""
    event = Event.objects.about(shown).filter(facts__has_key="reason").first()
    return str(event.facts.get("reason", "")) if event else ""


def _lapsed(shown: UseCase) -> Event | None:
    """That it is assessed again because what it rested on ended; no person did that."""
    if shown.state != "assessing":
        return None
    moved = Event.objects.about(shown).filter(type__in=("use_case.lapsed", "use_case.reassessed", "use_case.assessing"))
    last = moved.first()
    return last if last is not None and last.type == "use_case.lapsed" else None


def _road(shown: UseCase) -> list[dict[str, str]]:
    """The road of a use case for the steps component; a state beside the road stands where it left the road."""
    road = ["draft", "proposed", "exploring", "assessing", "authorised", "closed"]
    if shown.state not in road:
        passed = road.index(shown.held_from) + 1 if shown.held_from in road else 1
        road = [*road[:passed], shown.state]
    at = road.index(shown.state)
    status = ["done" if n < at or shown.state == "closed" else "current" if n == at else "" for n in range(len(road))]
    return [{"label": str(UseCase.State(s).label), "status": status[n]} for n, s in enumerate(road)]
