"""What was said about a DPIA and decided on it, as canonical JSON. No names of people: functions only."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dpia.models import AdviceItem, Assessment, FactsDocument, Template, Version
from dpia.pointing import with_options
from dpia.template import TemplateForm, stored_form


def adopted_document(assessment: Assessment) -> dict[str, Any]:
    """The newest version with everything it was put up with, and the decisions on it."""
    version = assessment.current_version
    if version is None:
        raise ValueError("a DPIA that was never handed over has no document")
    return {
        "schema": "nicpet.assessment/1",
        "id": str(assessment.pk),
        "title": assessment.title,
        "version": version.number,
        "version_sha256": version.sha256,
        **version.data,
        "adoptions": [
            {
                "organisation": adoption.organisation.slug,
                "function": adoption.mandate.function,
                "reference": adoption.mandate.reference,
                "on": timezone.localdate(adoption.at).isoformat(),
            }
            for adoption in version.adoptions.select_related("organisation", "mandate").order_by("organisation__slug")
        ],
    }


def form_of(version: Version) -> TemplateForm:
    """The form that a frozen version was filled in on, with the references of its own facts."""
    data = version.data
    template = Template.objects.get(sha256=data["template"]["sha256"])
    facts = FactsDocument.objects.get(sha256=data["facts_sha256"])
    rows = {answer["question"]: answer["value"] for answer in data["answers"] if answer["organisation"] is None}
    return with_options(stored_form(template), facts.data, rows)


def said(submitted: Version) -> dict[str, Any]:
    """Reviews, advice with the responses to it, and consultations of one round: what the managers decide on."""
    return {
        "reviews": [
            {
                "organisation": review.organisation.slug,
                "kind": review.kind,
                "verdict": review.verdict,
                "text": review.text,
            }
            for review in submitted.reviews.select_related("organisation").order_by("organisation__slug", "kind")
        ],
        "advices": [
            {
                "organisation": advice.organisation.slug,
                "verdict": advice.verdict,
                "text": advice.text,
                "items": [_item(item) for item in advice.items.select_related("response__mandate")],
            }
            for advice in submitted.advices.select_related("organisation").order_by("organisation__slug")
        ],
        **_summary(submitted),
        "consultations": [
            {
                "reference": consultation.reference,
                "asked_on": consultation.asked_on.isoformat(),
                "answered_on": consultation.answered_on.isoformat(),
                "answer": consultation.answer,
            }
            for consultation in submitted.assessment.consultations.filter(round=submitted.round)
            .exclude(answered_on=None)
            .order_by("pk")
        ],
    }


def _summary(submitted: Version) -> dict[str, Any]:
    """What the coordinating DPO wrote last, when anything was written."""
    newest = submitted.summaries.select_related("organisation").first()
    return {"summary": {"organisation": newest.organisation.slug, "text": newest.text}} if newest else {}


def _item(item: AdviceItem) -> dict[str, Any]:
    response = getattr(item, "response", None)
    answered = {"decision": response.decision, "reasons": response.reasons} if response else {}
    if response and response.mandate:
        answered |= {"function": response.mandate.function, "reference": response.mandate.reference}
    about = {"weight": item.weight, "question": item.question}
    return {"number": item.number, "text": item.text, **about, **answered}
