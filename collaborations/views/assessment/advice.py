"""All advice of a joint DPIA together, with the joint summary of the coordinating DPO; and what changed since somebody
last said something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from collaborations.models import UseCase
from collaborations.views.access import frame
from collaborations.views.assessment.access import names, opened, trail
from collaborations.views.assessment.compare import NOW, read
from collaborations.views.assessment.steps import STEPS
from dpia import actions, forms
from dpia.chances import chances
from dpia.compare import differences
from dpia.drift import since_hand_over
from dpia.lifecycle import UNDERWAY
from dpia.models import AdviceItem, Assessment, Version
from dpia.parts import candidates
from dpia.sheet import Sheet
from dpia.since import SPEAKING, Said, last_said
from station.reasons import Refused
from web.pages import act_page, crumbs
from web.steps import Offer


@login_required
def assessment_advice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Question by question, so that what two DPOs say of one thing stands together."""
    use_case, assessment = opened(request, pk)
    form, submitted, title = Sheet(assessment).form, assessment.submitted_version, _("All advice together")
    items = submitted.items().select_related("response__mandate") if submitted else AdviceItem.objects.none()
    asked = [question for point in form.points() for question in point.questions]
    groups = [(None, [one for one in items if one.question not in {question.id for question in asked}])]
    groups += [(question, [one for one in items if one.question == question.id]) for question in asked]
    context = {
        "assessment": assessment, "title": title, "groups": [group for group in groups if group[1]],
        "advices": submitted.advices.select_related("organisation", "by") if submitted else [],
        "summaries": submitted.summaries.select_related("organisation", "by") if submitted else [],
        "may_choose": assessment.state in ("draft", *UNDERWAY) and bool(_advising(assessment, request.user)),
        "may_summarise": _may_summarise(assessment, request.user), "submitted": submitted,
        "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/advice_together.html", frame(request, use_case, "assessment", **context))


@login_required
def assessment_coordinating(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Naming the controller whose DPO coordinates."""
    use_case, assessment = opened(request, pk)
    own = _advising(assessment, request.user)
    if not own:
        raise PermissionDenied
    controllers = Organisation.objects.filter(pk__in=assessment.controllers.values("organisation")).order_by("name")
    form = forms.CoordinatingForm.of(
        request, controllers=controllers, initial={"coordinator": assessment.coordinating_dpo_id}
    )
    return act_page(
        request, form,
        lambda: actions.choose_coordinating_dpo(
            assessment=assessment, organisation=own[0], coordinator=form.cleaned_data["coordinator"], by=request.user
        ),
        title=_("Choose the coordinating DPO"), submit=_("Choose"), back=_page(use_case), trail=trail(use_case),
        intro=_("The coordinating DPO sees all advice together and writes the joint summary. Every DPO keeps the own "
                "advice, and every controller its own decision."),
    )  # fmt: skip


@login_required
def assessment_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The joint summary, by the coordinating DPO."""
    use_case, assessment = opened(request, pk)
    own = _advising(assessment, request.user)
    if not own:
        raise PermissionDenied
    if assessment.coordinating_dpo not in own:
        raise Refused("coordination.nobody" if assessment.coordinating_dpo is None else "coordination.other")
    submitted = assessment.submitted_version
    newest = submitted.summaries.first() if submitted else None
    initial = {"version": submitted.number if submitted else None, "text": newest.text if newest else ""}
    form = forms.SummaryForm.of(request, initial=initial)
    return act_page(
        request, form,
        lambda: actions.summarise_advice(assessment=assessment, by=request.user, **form.cleaned_data),
        title=_("Joint summary of the advice"), submit=_("Save the summary"), back=_page(use_case),
        trail=trail(use_case), intro=_("All advice on this version can be read on the page before this one."),
    )  # fmt: skip


@login_required
def assessment_since(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changed since this person's organisation last reviewed, advised or adopted, question by question."""
    use_case, assessment = opened(request, pk)
    if not candidates(assessment, request.user, *SPEAKING):
        raise PermissionDenied
    said, title = last_said(assessment, request.user), _("What changed since you last gave your view")
    context: dict[str, Any] = {"assessment": assessment, "title": title, "said": said}
    if said is not None:
        context |= _changes(request.user, assessment, said)
    context |= {"offers": _offers(use_case, assessment, request.user), "trail": crumbs(*trail(use_case), (title, ""))}
    return render(request, "dpia/since.html", frame(request, use_case, "assessment", **context))


def _changes(user: User, assessment: Assessment, said: Said) -> dict[str, Any]:
    newest: Version | None = assessment.current_version
    until = NOW if newest is None or assessment.state in ("draft", "response") else str(newest.number)
    called = names()
    found = differences(
        read(user, assessment, str(said.version), called), read(user, assessment, until, called)
    )
    changed = sorted((one for one in found if one.kind != "same"), key=lambda one: not one.material)
    items = list(said.row.items.select_related("response__by", "response__mandate")) if said.kind == "advice" else []
    return {
        "until": until, "differences": changed, "same": len(found) - len(changed),
        "material": sum(one.material for one in changed), "drifts": since_hand_over(Sheet(assessment)),
        "advices": [(said.row, items)] if items else [],
        "questions": {question.id: question for question in Sheet(assessment).form.questions()},
    }  # fmt: skip


def _offers(use_case: UseCase, assessment: Assessment, user: User) -> list[Offer]:
    """Saying it anew, when it is this person's turn."""
    found = [one for one in chances(assessment, user) if one.name.split("_")[0] in ("review", "advise", "adopt")]
    return [
        Offer(
            STEPS[one.name].label,
            reverse("collaborations:assessment_step", args=[use_case.pk, one.name.replace("_", "-")]),
            STEPS[one.name].tone, one.reasons,
        )
        for one in found
    ]  # fmt: skip


def _may_summarise(assessment: Assessment, user: User) -> bool:
    return assessment.state == "response" and assessment.coordinating_dpo in _advising(assessment, user)


def _advising(assessment: Assessment, user: User) -> list[Organisation]:
    return [organisation for organisation, _permission in candidates(assessment, user, "advise_assessment")]


def _page(use_case: UseCase) -> str:
    return reverse("collaborations:assessment_advice", args=[use_case.pk])
