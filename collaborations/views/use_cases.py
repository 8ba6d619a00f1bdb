"""The list of use cases, a new one, its first page, and the steps of its life."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation
from audit.models import Event
from collaborations import actions, forms, lifecycle, turns
from collaborations import requirements as needs
from collaborations.models import UseCase
from collaborations.views.access import frame, seen_or_404, trail_to
from web.forms import Reasoned
from web.pages import act_page, crumbs, form_page
from web.steps import Step, offers

PER_PAGE = 50

STEPS = {
    "submit": Step(
        gettext_lazy("Propose to the partners"), actions.submit, tone="first",
        intro=gettext_lazy("The invited partners get to see the proposal and can join."),
    ),
    "start_assessing": Step(
        gettext_lazy("Start the assessment"), actions.start_assessing, tone="first",
        intro=gettext_lazy("The DPIA is made from the current specification. Legal bases and agreement follow."),
    ),
    "close": Step(
        gettext_lazy("Close the use case"), actions.close, forms.Close, tone="first",
        warning=gettext_lazy("A closed use case cannot be reopened; nothing runs any more. Everything stays readable."),
        fills=(needs.outcome_written,),
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
def use_cases(request: HttpRequest) -> HttpResponse:
    found = UseCase.objects.visible_to(request.user).select_related("proposer")
    state = request.GET.get("state", "")
    state = state if state in UseCase.State.values else ""
    if state:
        found = found.filter(state=state)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": UseCase.State.choices,
        "state": state,
        "keep": f"state={state}&" if state else "",
        "may_propose": _proposing(request).exists(),
        "trail": crumbs((_("Use cases"), "")),
    }
    return render(request, "collaborations/use_cases.html", context)


@login_required
def use_case_new(request: HttpRequest) -> HttpResponse:
    organisations = _proposing(request)
    if not organisations.exists():
        raise PermissionDenied
    form = forms.Proposal.of(request, organisations=organisations)
    if form.is_valid():
        with form.accepting():
            made = actions.propose(**form.cleaned_data, by=request.user)
            return redirect("collaborations:partners", made.pk)
    return form_page(
        request,
        form,
        title=_("New use case"),
        submit=_("Save as draft"),
        intro=_("Only your own organisation sees a draft. After saving you invite partners and propose it to them."),
        back=reverse("collaborations:use_cases"),
        trail=[(_("Use cases"), reverse("collaborations:use_cases"))],
    )


@login_required
def use_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_or_404(request.user, pk)
    held = roles.permissions_of(request.user, shown.proposer)
    waiting = turns.by_partner(shown)
    context = {
        "waiting": waiting,
        "anybody": any(entry.turns for entry in waiting),
        "reason": _reason(shown),
        "offers": offers(STEPS, lifecycle.USE_CASE, shown, held, lambda name: _step_url(shown, name)),
        "road": _road(shown),
        "may_edit": "propose_use_case" in held and shown.state in ("draft", "proposed", "exploring"),
    }
    return render(request, "collaborations/use_case.html", frame(request, shown, "overview", **context))


@login_required
def use_case_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", shown.proposer)
    form = forms.Edit.of(request, initial={"title": shown.title, "summary": shown.summary, "theme": shown.theme})
    if form.is_valid():
        with form.accepting():
            actions.edit_use_case(use_case=shown, **form.cleaned_data, by=request.user)
            return redirect("collaborations:use_case", pk)
    back = reverse("collaborations:use_case", args=[pk])
    return form_page(request, form, title=_("Change the text"), submit=_("Save"), back=back, trail=trail_to(shown))


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
        **step.words,
        back=reverse("collaborations:use_case", args=[pk]),
        trail=trail_to(shown),
    )


def _proposing(request: HttpRequest) -> QuerySet[Organisation]:
    own = Organisation.objects.of(request.user).distinct()
    keys = [o.pk for o in own if roles.allowed(request.user, "propose_use_case", o)]
    return Organisation.objects.filter(pk__in=keys)


def _step_url(shown: UseCase, name: str) -> str:
    return reverse("collaborations:use_case_step", args=[shown.pk, name.replace("_", "-")])


def _reason(shown: UseCase) -> str:
    """Why it stands still or ended, as whoever did that wrote it down."""
    if shown.state not in ("on_hold", "rejected", "withdrawn"):
        return ""
    event = Event.objects.about(shown).filter(facts__has_key="reason").first()
    return str(event.facts.get("reason", "")) if event else ""


def _road(shown: UseCase) -> list[dict[str, str]]:
    """The road of a use case for the steps component; a state beside the road stands where it left the road."""
    road = ["draft", "proposed", "exploring", "assessing", "authorised", "closed"]
    if shown.state not in road:
        passed = road.index(shown.held_from) + 1 if shown.held_from in road else 1
        road = [*road[:passed], shown.state]
    at = road.index(shown.state)
    status = ["done" if n < at or shown.state == "closed" else "current" if n == at else "" for n in range(len(road))]
    return [{"label": str(UseCase.State(s).label), "status": status[n]} for n, s in enumerate(road)]
