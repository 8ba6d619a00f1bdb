"""Responding to one item of the DPO's advice: follow it, or explain. A drafter prepares it, a manager decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from collaborations.views.assessment.access import opened, page, trail
from dpia import actions, forms
from dpia.actions.advising import mark_of, responding
from dpia.models import AdviceItem, Assessment
from dpia.reading import words
from dpia.template import stored_form
from web.pages import form_page


@login_required
def assessment_item(request: HttpRequest, pk: UUID, item: int) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    found = AdviceItem.objects.select_related("advice__version", "advice__organisation", "response")
    asked = get_object_or_404(found, pk=item, advice__version__assessment=assessment)
    _organisation, permission = responding(assessment, asked, request.user)
    given = getattr(asked, "response", None)
    shown = {"decision": given.decision, "reasons": given.reasons} if given else {}
    form = forms.ResponseForm.of(request, initial={**shown, "seen": mark_of(given)})
    if form.is_valid():
        with form.accepting():
            actions.respond(item=asked, **form.cleaned_data, by=request.user)
            return redirect(f"{page(use_case)}#advice")
        form.now_seen(mark_of(given))
    deciding = permission == "adopt_assessment"
    title = _("Respond to item %(number)s of %(organisation)s")
    if deciding:
        title = _("Decide on item %(number)s of %(organisation)s")
    under = _("With this you decide for your organisation, under your mandate.") if deciding else ""
    return form_page(
        request,
        form,
        title=title % {"number": asked.number, "organisation": asked.advice.organisation.name},
        submit=_("Decide") if deciding else _("Save the response"),
        intro=f"{asked.text} {_about(assessment, asked)} {under}".strip(),
        back=page(use_case),
        trail=trail(use_case),
    )


def _about(assessment: Assessment, asked: AdviceItem) -> str:
    """How heavy it weighs and which question it is about, between brackets."""
    question = stored_form(assessment.template).question(asked.question) if asked.question else None
    words_of = [str(asked.get_weight_display()), *([words(question.label)] if question else [])]
    return f"({'; '.join(words_of)})"
