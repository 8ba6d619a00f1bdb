"""The measures of a DPIA followed up: how far each is, and telling that for the own organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.roles import allowed
from collaborations.views.access import frame
from collaborations.views.assessment.access import names, opened, trail
from dpia import actions
from dpia.actions.measuring import TELLS
from dpia.forms import LongText
from dpia.measures import MEASURES, Followed, followed, verified
from dpia.models import Assessment, MeasureNote
from dpia.sheet import Sheet
from web.forms import Day, Form
from web.pages import act_page, crumbs

TITLE = gettext_lazy("The measures, and how far they are")


class NoteForm(Form):
    state = forms.ChoiceField(label=gettext_lazy("How far is it?"), choices=MeasureNote.STATES)
    due = forms.DateField(
        label=gettext_lazy("Another date"), widget=Day, required=False,
        help_text=gettext_lazy("Only when it still has to come, and the date changes."),
    )  # fmt: skip
    text = LongText(
        label=gettext_lazy("What was done, and where that shows"),
        help_text=gettext_lazy("All partners can read this. Name a function, not a person."),
    )


@login_required
def assessment_measures(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    called, today = names(), timezone.localdate()
    found = {one.number: one for one in verified(Sheet(assessment)) if one.question.id == MEASURES}
    own = _own(request.user)
    context = {
        "assessment": assessment, "title": str(TITLE), "trail": crumbs(*trail(use_case), (str(TITLE), "")),
        "measures": [
            {
                "one": one, "who": called.get(one.organisation, one.organisation), "found": found.get(one.number),
                "overdue": one.overdue(today), "mine": one.organisation in own and assessment.state != "withdrawn",
            }
            for one in followed(assessment)
        ],
    }  # fmt: skip
    return render(request, "dpia/measures.html", frame(request, use_case, "assessment", **context))


@login_required
def assessment_measure(request: HttpRequest, pk: UUID, measure: str) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    one = _or_404(assessment, measure)
    if one.organisation not in _own(request.user):
        raise PermissionDenied
    form = NoteForm.of(request, initial={"state": one.state})
    page = reverse("collaborations:assessment_measures", args=[pk])
    return act_page(
        request, form, lambda: _report(assessment, one, form.cleaned_data, request.user),
        title=_("Measure %(number)s: %(measure)s") % {"number": one.number, "measure": one.measure[:100]},
        submit=_("Tell how far it is"), back=page, trail=[*trail(use_case), (str(TITLE), page)],
        intro=_("The answers of the DPIA stay as they are. What you tell stands beside the measure."),
    )  # fmt: skip


def _report(assessment: Assessment, one: Followed, told: dict[str, Any], by: User) -> None:
    actions.report_measure(
        assessment=assessment, measure=one.id, state=told["state"], text=told["text"], due=told["due"], by=by
    )


def _own(user: User) -> set[str]:
    """The organisations for which this person tells it."""
    mine = Organisation.objects.of(user).distinct()
    return {one.slug for one in mine if any(allowed(user, permission, one) for permission in TELLS)}


def _or_404(assessment: Assessment, measure: str) -> Followed:
    found = next((one for one in followed(assessment) if one.id == measure), None)
    if found is None:
        raise Http404
    return found
