"""A DPIA as a document: whole, in short for managers, for the public, or only the DPOs' advice; Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from dpia.documents import form_of
from dpia.examples import examples
from dpia.frozen import AnsweredPoint, points, said_about
from dpia.models import Assessment, Version
from dpia.papers import listed
from dpia.questions import Question
from dpia.risk_matrix import RISKS, pictures
from dpia.sheet import Sheet
from station.contract.canonical import digest
from web.pdf import tagged_pdf

KINDS = {
    "full": _("Whole DPIA"),
    "summary": _("Summary for managers"),
    "public": _("Summary for the public"),
    "advice": _("Advice of the DPOs"),
}
LANGUAGES = {"nl": "Nederlands", "en": "English"}
PUBLIC_FACTS = {
    "summary", "purpose", "parties", "personal_data", "subjects", "operations", "outputs", "uses", "program",
    "disclosure", "schedule", "retention", "regimes", "legal_bases", "further_use", "joint_controllers", "processors",
    "special_categories", "special_data", "criminal_data", "national_numbers",
}  # fmt: skip
PUBLIC_QUESTIONS = {
    "context", "purpose", "necessity", "proportionality", "own_task", "rights", "contact", "rights_in_runs", "human",
    "explanation", "retention_why",
}  # fmt: skip
"""What everybody may read: what happens, why, with which data, for whom and for how long, and what people can do about
it; nothing about risks or people at work."""
INSIDE_FACTS = {
    "specification": "a hash says nothing to people, and stands on the document itself",
    "flow_diagram": "the steps stand in words; the picture names stations",
    "rows_at_most": "the size per list stands with the subjects",
    "linking": "how ids are matched helps who would probe it",
    "selection": "limits that people could steer by",
    "technique": "about strength and collusion, for who weighs the risks",
    "assumptions": "the same",
    "leakage": "the same; the DPOs weigh it",
    "places": "where the machines stand is for the security officers",
    "secrecy": "which duty of secrecy was lifted is for the partners' lawyers",
    "release": "who checks is about people at work",
    "personal_data_used": "only the pre-scan asks it", "several_sources": "only the pre-scan asks it",
    "confidential_data": "only the pre-scan asks it", "shared_confidential_data": "only the pre-scan asks it",
    "large_scale": "only the pre-scan asks it", "pet_used": "only the pre-scan asks it",
    "persons_in_outcome": "only decides which risks are proposed", "repeated_runs": "the same; the schedule says it",
}  # fmt: skip
"""What stays inside, each with why: whoever adds a fact decides where it belongs."""
IN_SHORT = {"context", "purpose", "risks", "measures", "risk_before", "risk_after", "residual", "acceptance"}


def html(assessment: Assessment, kind: str, language: str, version: Version | None = None) -> str:
    """``version``: the frozen one it is about; else the DPIA as it is now, which says so."""
    with translation.override(language):
        return render_to_string("dpia/report.html", _context(assessment, kind, language, version))


def pdf(assessment: Assessment, kind: str, language: str, version: Version | None = None) -> bytes:
    """The same as a tagged PDF; ``web.pdf.NoPdf`` when Pango is missing."""
    return tagged_pdf(html(assessment, kind, language, version))


def _context(assessment: Assessment, kind: str, language: str, version: Version | None) -> dict[str, Any]:
    sheet = None if version else Sheet(assessment)
    data = version.data if version else sheet.frozen()  # type: ignore[union-attr]
    form = form_of(version) if version else sheet.form  # type: ignore[union-attr]
    called = dict(Organisation.objects.values_list("slug", "name"))
    every = list(points(form, data, called))
    risks = next((a.value for one in every for a in one.answers if a.question.id == RISKS), [])
    return {
        "assessment": assessment, "kind": kind, "kind_label": KINDS[kind], "language": language, "version": version,
        "sha256": version.sha256 if version else digest(data), "data": data, "made_at": timezone.now(),
        "template_title": form.title, "controllers": [called.get(key, key) for key in data["controllers"]],
        "points": [] if kind == "advice" else _chosen(every, kind),
        "matrices": [] if kind in ("public", "advice") else pictures(risks, form.ground.matrix),
        "highest": _highest(every), "risk_matrix": form.ground.matrix,
        "papers": list(listed(a for one in every for a in one.answers)) if kind == "full" else [],
        "examples": examples(assessment) if kind == "full" else [],
        "versions": assessment.versions.order_by("number") if kind == "full" else [],
        "consultations": assessment.consultations.order_by("pk"),
        **(said_about(version) if version and kind != "public" else {}),
    }  # fmt: skip


def _chosen(every: list[AnsweredPoint], kind: str) -> list[AnsweredPoint]:
    """The points of which something stands in this kind of document."""
    if kind == "full":
        return every
    keep = _public if kind == "public" else lambda one: one.question.id in IN_SHORT
    kept = [AnsweredPoint(one.point, [answer for answer in one.answers if keep(answer)]) for one in every]
    return [one for one in kept if one.answers]


def _public(answer: Any) -> bool:
    return is_public(answer.question)


def is_public(question: Question) -> bool:
    """Whether everybody may read the answer, in the summary for the public; proposed as well when a DPIA is shared."""
    fact = question.autofill.fact if question.autofill else ""
    return fact in PUBLIC_FACTS or question.id in PUBLIC_QUESTIONS


def _highest(every: list[AnsweredPoint]) -> Mapping[str, Any]:
    """The highest risk before and after measures, where the template computes it."""
    found = {answer.question.id: answer.shown for one in every for answer in one.answers}
    return {key: found[key] for key in ("risk_before", "risk_after") if key in found}
