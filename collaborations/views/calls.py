"""Calls for partners as everybody on the platform sees them: what the call says, and nothing of the use case."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation, User
from collaborations.actions import network
from collaborations.forms_network import AnswerCall, FindCall, OnBehalf
from collaborations.models import Call, CallQuerySet, UseCase
from collaborations.models.plan import THEMES
from web.pages import crumbs, form_page
from web.steps import Step

PER_PAGE = 25

STEPS = {
    "answer": Step(
        gettext_lazy("Answer this call"), network.answer_call, AnswerCall, tone="first",
        intro=gettext_lazy(
            "The partners of the use case read your answer. Nothing is agreed yet: they can invite your organisation."
        ),
    ),
    "withdraw": Step(
        gettext_lazy("Take the answer back"), network.withdraw_answer, OnBehalf,
        warning=gettext_lazy("The partners see that you answered and took it back. You can answer again."),
    ),
    "interest": Step(
        gettext_lazy("Mark interest"), network.mark_interest, OnBehalf,
        intro=gettext_lazy("The partners of the use case see the name of your organisation. It binds to nothing."),
    ),
    "no-interest": Step(gettext_lazy("Take the interest back"), network.take_back_interest, OnBehalf),
}  # fmt: skip


@login_required
def calls(request: HttpRequest) -> HttpResponse:
    form = FindCall(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _found(Call.objects.open(timezone.localdate()), **wanted).select_related("organisation", "use_case")
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "narrowed": any(wanted.values()),
        "keep": "".join(f"{key}={quote(value)}&" for key, value in wanted.items() if value),
        "trail": crumbs((_("Calls for partners"), "")),
    }
    return render(request, "collaborations/network_calls.html", context)


@login_required
def call(request: HttpRequest, call_pk: UUID) -> HttpResponse:
    shown = _call_or_404(request.user, call_pk)
    own = Organisation.objects.of(request.user).distinct()
    able = answering(request.user).exists()
    answers = shown.answers.filter(organisation__in=own).select_related("organisation")
    takes_part = UseCase.objects.visible_to(request.user).filter(pk=shown.use_case_id).exists()
    interested = shown.interests.filter(organisation__in=own).select_related("organisation")
    context = {
        "call": shown,
        "answers": answers,
        "waiting": any(answer.state == "offered" for answer in answers),
        "interested": interested,
        "takes_part": takes_part,
        "may_answer": able and not takes_part and shown.shown_state == "open",
        "may_act": able,
        "trail": crumbs((_("Calls for partners"), reverse("collaborations:calls")), (shown.wanted, "")),
    }
    return render(request, "collaborations/network_call.html", context)


@login_required
def call_step(request: HttpRequest, call_pk: UUID, name: str) -> HttpResponse:
    shown = _call_or_404(request.user, call_pk)
    step, back = STEPS.get(name), reverse("collaborations:call", args=[call_pk])
    if step is None:
        raise Http404
    form = step.form.of(request, organisations=answering_or_403(request.user))
    if form.is_valid():
        with form.accepting():
            step.act(call=shown, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved. The partners of the use case can see it."))
            return redirect(back)
    trail = [(_("Calls for partners"), reverse("collaborations:calls")), (shown.wanted, back)]
    return form_page(request, form, **step.words, back=back, trail=trail)


def answering(user: User) -> Any:
    """The organisations for which this person may join a use case, and so may say that it wants to."""
    found = Organisation.objects.of(user).distinct()
    return found.filter(pk__in=[one.pk for one in found if roles.allowed(user, "join_use_case", one)])


def answering_or_403(user: User) -> Any:
    found = answering(user)
    if not found.exists():
        raise PermissionDenied
    return found


def _found(calls: CallQuerySet, q: str = "", theme: str = "") -> CallQuerySet:
    """Words in Dutch full text; ``other`` is every theme in somebody's own words, too."""
    if q.strip():
        calls = calls.filter(search=SearchQuery(q, config="dutch", search_type="websearch"))
    if theme == "other":
        return calls.exclude(theme__in=[key for key, _label in THEMES if key != "other"])
    return calls.filter(theme=theme) if theme else calls


def _call_or_404(user: User, pk: UUID) -> Call:
    visible = Call.objects.visible_to(user, timezone.localdate())
    found = visible.select_related("organisation", "use_case__proposer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
