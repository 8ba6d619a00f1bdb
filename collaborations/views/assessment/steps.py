"""The steps of a DPIA: one page each, with the version it is about, a form, and what cannot be undone."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from collaborations.models import UseCase
from collaborations.views.assessment.access import opened, page, trail
from dpia import actions, forms
from dpia.chances import chance, rule
from dpia.lifecycle import ONE_BY_ONE
from dpia.models import Assessment
from dpia.parts import candidates
from dpia.rows import Rows, changed
from station.reasons import Refused
from web.forms import Form, Reasoned
from web.pages import crumbs
from web.steps import Step

STEPS = {
    "submit": Step(
        _("Hand over for review"), actions.submit, tone="first",
        intro=_("The answers are frozen as a version. The reviewers of every controller review that version."),
    ),
    "review": Step(
        _("Review the DPIA"), actions.review, forms.ReviewForm, tone="first",
        intro=_("Is this version complete and clear enough for the DPOs to advise on?"),
    ),
    "review_law": Step(
        _("Review the DPIA as lawyer"), partial(actions.review, kind="law"), forms.ReviewForm, tone="first",
        intro=_("Do the legal bases, the necessity and the rights of people hold for your organisation?"),
    ),
    "review_security": Step(
        _("Review the DPIA as security officer"), partial(actions.review, kind="security"), forms.ReviewForm,
        tone="first",
        intro=_("Do the risks and measures hold for your organisation, and will the measures be taken?"),
    ),
    "advise": Step(
        _("Advise on the DPIA"), actions.advise, forms.AdviceForm, tone="first",
        intro=_("You advise; the controllers decide. Your organisation's manager responds to every item before that."),
    ),
    "propose_adoption": Step(
        _("Put up for adoption"), actions.propose_adoption, tone="first",
        intro=_("The answers and the responses to the advice are frozen as a version. The mandated manager of every "
                "controller decides on that version."),
    ),
    "adopt": Step(
        _("Adopt the DPIA"), actions.adopt, forms.AdoptionForm, tone="first",
        intro=_("With this you decide for your organisation, under your mandate. The DPIA is adopted when every "
                "controller has adopted this version."),
    ),
    "decline_adoption": Step(
        _("Do not adopt"), actions.decline_adoption, Reasoned,
        intro=_("The DPIA goes back to the drafter with your reason. What others decided stays with this version; all "
                "decide again on the next."),
    ),
    "send_back": Step(
        _("Send back to the drafter"), actions.send_back, Reasoned,
        intro=_("Review, advice and adoption start again with the next version. What was said about this version stays "
                "readable."),
    ),
    "consult_authority": Step(
        _("Consult the authority"), actions.consult_authority, forms.ConsultationForm,
        intro=_("Record that the DPIA was put before the data protection authority because a high risk remains. It has "
                "eight weeks, and six more when the matter is complex."),
    ),
    "extend_consultation": Step(
        _("Record that the authority needs longer"), actions.extend_consultation, forms.ExtensionForm,
        intro=_("The authority can add six weeks, once, and says why within a month after the request."),
    ),
    "pause_consultation": Step(
        _("Record that the authority asks for information"), actions.pause_consultation, forms.PauseForm,
        intro=_("Until it has what it asked for, its term stands still."),
    ),
    "continue_consultation": Step(
        _("Record that the information was sent"), actions.continue_consultation, forms.ContinueForm, tone="first",
        intro=_("The term of the authority runs on from this day."),
    ),
    "authority_answered": Step(
        _("Record the authority's answer"), actions.record_authority_answer, forms.AuthorityAnswerForm, tone="first"
    ),
    "reconsider": Step(
        _("Call into question"), actions.reconsider, Reasoned,
        warning=_("Until the DPIA is confirmed or reopened it does not count as adopted, and nothing runs."),
    ),
    "review_again": Step(
        _("Review again: it still holds"), actions.review_again, forms.ReviewAgainForm, tone="first",
        intro=_("For when nothing changed that matters: the DPIA stays adopted as it is until the next review date. "
                "Did something change? Then call it into question instead."),
    ),
    "confirm": Step(
        _("Confirm that it still holds"), actions.confirm, Reasoned, tone="first",
        intro=_("The adopted DPIA counts again as it is. Say what you weighed."),
    ),
    "suspend": Step(
        _("Suspend the DPIA"), actions.suspend, forms.SuspensionForm, tone="stop",
        warning=_("From this moment nothing new runs, and what runs is not released. Only your organisation can lift "
                  "the suspension."),
    ),
    "resume": Step(
        _("Lift the suspension"), actions.resume, Reasoned, tone="first",
        intro=_("The DPIA goes back to where it was before it was suspended."),
    ),
    "reopen": Step(
        _("Reopen for a new round"), actions.reopen, Reasoned,
        warning=_("The DPIA becomes a draft again: review, advice and adoption start anew. Until then nothing runs."),
    ),
    "withdraw": Step(
        _("Withdraw the DPIA"), actions.withdraw, Reasoned,
        warning=_("A withdrawn DPIA does not count as adopted, so nothing runs. It can be reopened; nothing is lost."),
    ),
}  # fmt: skip
FOR_ONE = {
    "review", "review_law", "review_security", "advise", "adopt", "decline_adoption", "send_back", "reconsider",
    "review_again", "suspend",
}  # fmt: skip
"""Steps that a controller takes for itself alone."""


@login_required
def assessment_step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    name = name.replace("-", "_")
    if name not in STEPS:
        raise Http404
    if not candidates(assessment, request.user, *rule(name)[1]):
        raise PermissionDenied
    if request.method == "POST":
        return _post(request, use_case, assessment, name)
    open_now = chance(name, assessment, request.user)
    if open_now is None:
        raise Refused("lifecycle.state", state=str(assessment.get_state_display()))
    if open_now.reasons:
        raise Refused(*open_now.reasons)
    version = assessment.current_version
    initial = {"version": version.number if version else None, "items": [{}]}
    form = STEPS[name].form(initial=initial, **_about(name, assessment))
    return _page(request, use_case, assessment, name, form)


def _post(request: HttpRequest, use_case: UseCase, assessment: Assessment, name: str) -> HttpResponse:
    """Also when the moment has passed meanwhile: then the action says so, and what was typed stays in the form."""
    form = STEPS[name].form(request.POST, **_about(name, assessment))
    if with_rows := changed(request.POST, _tables(form)):
        form = STEPS[name].form(with_rows[0], **_about(name, assessment))
        form.errors.clear()  # nobody asked to save yet
        return _page(request, use_case, assessment, name, form, added=with_rows[1])
    if form.is_valid():
        with form.accepting():
            _take(name, assessment, request, form.cleaned_data)
            return redirect(page(use_case))
    return _page(request, use_case, assessment, name, form, status=422)


def _about(name: str, assessment: Assessment) -> dict[str, Any]:
    """What a form has to know of the DPIA."""
    return {"assessment": assessment} if name == "advise" else {}


def _take(name: str, assessment: Assessment, request: HttpRequest, fields: dict[str, Any]) -> None:
    if name in FOR_ONE:
        open_now = chance(name, assessment, request.user)
        first = candidates(assessment, request.user, *rule(name)[1])[0]
        fields = fields | {"organisation": open_now.organisation if open_now else first[0]}
    STEPS[name].act(assessment=assessment, by=request.user, **fields)


def _page(
    request: HttpRequest, use_case: UseCase, assessment: Assessment, name: str, form: Form, *, status: int = 200,
    added: tuple[str, int] | None = None,
) -> HttpResponse:  # fmt: skip
    step = STEPS[name]
    tables = {
        field: (widget.rows(field, form[field].value() or [], added[1] if added else None), added == (field, -1))
        for field, widget in _tables(form).items()
    }
    version = assessment.current_version if name in ONE_BY_ONE or name == "decline_adoption" else None
    context = {
        "use_case": use_case, "assessment": assessment, "form": form, "step": step, "tables": tables,
        "version": version, "back": page(use_case), "trail": crumbs(*trail(use_case), (str(step.label), "")),
    }  # fmt: skip
    return render(request, "dpia/step.html", context, status=status)


def _tables(form: Form) -> dict[str, Rows]:
    return {name: field.widget for name, field in form.fields.items() if isinstance(field.widget, Rows)}
