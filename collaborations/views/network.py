"""The network of one use case: its calls with their answers, who is interested, and what it tells in public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation, User
from collaborations.actions import network as actions
from collaborations.actions import summaries
from collaborations.forms_network import (
    AcceptAnswer,
    AgreeSummary,
    DeclineAnswer,
    NewCall,
    NewSummary,
    WithdrawSummary,
)
from collaborations.models import Call, CallAnswer, Summary, UseCase
from collaborations.models.network import OPEN
from collaborations.views.access import acting_for, frame, own_organisations, seen_or_404, takes_part, trail_to
from web.forms import Confirm
from web.pages import Crumb, form_page
from web.steps import Step

ANSWERS = {
    "accept": Step(
        gettext_lazy("Invite this organisation"), actions.accept_answer, AcceptAnswer,
        intro=gettext_lazy("It gets an invitation, and accepts or declines that itself."),
    ),
    "decline": Step(
        gettext_lazy("Decline the answer"), actions.decline_answer, DeclineAnswer,
        warning=gettext_lazy("The contact in the answer is removed at once."),
    ),
}  # fmt: skip


@login_required
def network(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    joined = list(use_case.joined())
    reads = takes_part(request.user, use_case)
    calls = use_case.calls.select_related("organisation", "use_case").prefetch_related("answers__organisation")
    proposes = roles.allowed(request.user, "propose_use_case", use_case.proposer)
    context = {
        "reads": reads,
        "calls": [_call(row, request.user, proposes) for row in calls.order_by("-published_at")] if reads else [],
        "interests": use_case.interests.select_related("organisation", "call") if reads else [],
        "may_call": reads and use_case.state in OPEN and bool(_publishing(request.user, joined)),
        "decides": proposes,
        "summaries": _summaries(use_case, joined, request.user) if reads else [],
        "may_write": proposes and use_case.state not in summaries.ENDED,
    }
    return render(request, "collaborations/network.html", frame(request, use_case, "network", **context))


@login_required
def call_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    acting_for(request.user, use_case, "propose_use_case")
    form = NewCall.of(request)
    if form.is_valid():
        with form.accepting():
            made = actions.publish_call(use_case=use_case, **form.cleaned_data, by=request.user)
            messages.success(request, _("The call is published. Every organisation on the platform can read it."))
            return redirect("collaborations:call", made.pk)
    return form_page(
        request, form, title=_("Publish a call for partners"), submit=_("Publish"), back=_page(use_case),
        intro=_(
            "Everybody on the platform reads these words, the theme of the use case and the name of your organisation. "
            "Nothing else of the use case shows. The words cannot be changed; you can close the call and publish anew."
        ),
        trail=_trail(use_case),
    )  # fmt: skip


@login_required
def call_close(request: HttpRequest, pk: UUID, call_pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(use_case.calls.select_related("organisation"), pk=call_pk)
    if not _closes(found, request.user):
        raise PermissionDenied
    form = Confirm.of(request)
    if form.is_valid():
        with form.accepting():
            actions.close_call(call=found, by=request.user)
            return redirect(_page(use_case))
    return form_page(
        request, form, title=_("Close the call “%(wanted)s”") % {"wanted": found.wanted}, submit=_("Close the call"),
        warning=_("Nobody can answer any more. A closed call is not opened again; you can publish a new one."),
        back=_page(use_case), trail=_trail(use_case),
    )  # fmt: skip


@login_required
def answer_step(request: HttpRequest, pk: UUID, answer_pk: int, name: str) -> HttpResponse:
    use_case, step = seen_or_404(request.user, pk), ANSWERS.get(name)
    answer = get_object_or_404(CallAnswer, pk=answer_pk, call__use_case=use_case)
    if step is None:
        raise Http404
    roles.require(request.user, "propose_use_case", use_case.proposer)
    form = step.form.of(request)
    if form.is_valid():
        with form.accepting():
            step.act(answer=answer, **form.cleaned_data, by=request.user)
            return redirect(_page(use_case))
    return form_page(request, form, **step.words, back=_page(use_case), trail=_trail(use_case))


@login_required
def summary_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", use_case.proposer)
    newest = use_case.summaries.first()
    words = newest.document() if newest else {"title_nl": use_case.title, "text_nl": use_case.summary}
    form = NewSummary.of(request, initial=words | {"seen": newest.number if newest else 0})
    if form.is_valid():
        with form.accepting():
            summaries.propose_summary(use_case=use_case, **form.cleaned_data, by=request.user)
            messages.success(request, _("The text waits for every partner, yours too: agree to it below."))
            return redirect(_page(use_case))
    return form_page(
        request, form, title=_("Write the public summary"), submit=_("Put it before the partners"),
        intro=_(
            "Everybody on the internet can read it once every partner agreed to exactly this text. Until then the text "
            "that is public now stays. Say what is asked, what for and with whom; name no people."
        ),
        back=_page(use_case), trail=_trail(use_case),
    )  # fmt: skip


@login_required
def summary_step(request: HttpRequest, pk: UUID, summary_pk: int, name: str) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    summary = get_object_or_404(use_case.summaries, pk=summary_pk)
    organisations = _agreeing(request.user, use_case)
    if name not in ("agree", "withdraw"):
        raise Http404
    if not organisations.exists():
        raise PermissionDenied
    kind = AgreeSummary if name == "agree" else WithdrawSummary
    form = kind.of(request, organisations=organisations, initial={"sha256": summary.sha256})
    act = summaries.agree_summary if name == "agree" else summaries.withdraw_summary
    if form.is_valid():
        with form.accepting():
            act(summary=summary, **form.cleaned_data, by=request.user)
            return redirect(_page(use_case))
    return form_page(
        request, form, **_words(name), back=_page(use_case), trail=_trail(use_case), summary=summary,
        about="collaborations/network_summary.html",
    )  # fmt: skip


def _words(name: str) -> dict[str, str]:
    if name == "agree":
        warning = _("When all partners agree, everybody on the internet can read this. You can stop agreeing later.")
        return {"title": _("Agree to the public summary"), "submit": _("Agree to this text"), "warning": warning}
    warning = _("The text is no longer public at once. To publish again, all partners agree to a new text.")
    return {"title": _("Withdraw the public summary"), "submit": _("Withdraw"), "warning": warning}


def _call(row: Call, user: User, proposes: bool) -> dict[str, Any]:
    may_close = row.state == "open" and (proposes or _closes(row, user))
    return {"call": row, "answers": row.answers.all(), "may_close": may_close}


def _closes(row: Call, user: User) -> bool:
    return any(roles.allowed(user, "propose_use_case", one) for one in (row.organisation, row.use_case.proposer))


def _publishing(user: User, joined: list[Any]) -> list[Organisation]:
    parties = [partner.organisation for partner in joined if not partner.advises]
    return [organisation for organisation in parties if roles.allowed(user, "propose_use_case", organisation)]


def _summaries(use_case: UseCase, joined: list[Any], user: User) -> list[dict[str, Any]]:
    """What is public and what waits, each with who agreed; earlier texts stand in the timeline."""
    public = set(Summary.objects.public().filter(use_case=use_case).values_list("pk", flat=True))
    rows = use_case.summaries.filter(state__in=["proposed", "published"]).prefetch_related("agreements")
    own = set(_agreeing(user, use_case).values_list("pk", flat=True))
    return [_summary(row, joined, own, row.pk in public) for row in rows]


def _summary(row: Summary, joined: list[Any], own: set[int], public: bool) -> dict[str, Any]:
    agreed = {agreement.organisation_id for agreement in row.agreements.all()}
    return {
        "summary": row,
        "public": public,
        "agreed": [partner for partner in joined if partner.organisation_id in agreed],
        "missing": [partner for partner in joined if partner.organisation_id not in agreed],
        "may_agree": bool(own - agreed),
        "may_withdraw": bool(own),
    }


def _agreeing(user: User, use_case: UseCase) -> Any:
    """The own organisations that take part and for which this person may say so; knowledge partners too."""
    joined = own_organisations(user, use_case).filter(pk__in=use_case.joined().values("organisation"))
    return joined.filter(pk__in=[one.pk for one in joined if roles.allowed(user, "join_use_case", one)])


def _page(use_case: UseCase) -> str:
    return reverse("collaborations:network", args=[use_case.pk])


def _trail(use_case: UseCase) -> list[Crumb]:
    return [*trail_to(use_case), (_("Network"), _page(use_case))]
