"""Documents of a DPIA: asked for here, made by a worker, kept with their hash; and the same as a page to print."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborations.views.access import frame
from collaborations.views.assessment.access import opened, trail
from dpia import actions
from dpia import report as document
from dpia.models import Assessment, Report
from dpia.tasks import nudge
from web.forms import Form
from web.language import language
from web.pages import crumbs
from web.uploads import kept

SHOWN, LOST = 20, timedelta(seconds=15)


class Wish(Form):
    kind = forms.ChoiceField(label=gettext_lazy("Which document?"), choices=list(document.KINDS.items()))
    language = forms.ChoiceField(label=gettext_lazy("In which language?"), choices=list(document.LANGUAGES.items()))
    version = forms.ChoiceField(label=gettext_lazy("Of which version?"))

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(one.number): one for one in assessment.versions.order_by("-number")}
        frozen = [(key, _("Version %(number)s") % {"number": key}) for key in self.versions]
        self.fields["version"].choices = [*frozen, ("now", _("as it is now"))]


@login_required
def assessment_reports(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    form = Wish.of(request, assessment=assessment, initial={"language": language()})
    if form.is_valid():
        wish = form.cleaned_data
        version = form.versions.get(wish["version"])
        with form.accepting():
            actions.ask_report(
                assessment=assessment, kind=wish["kind"], language=wish["language"], version=version, by=request.user
            )
            return redirect("collaborations:assessment_reports", pk)
    title = _("Documents of this DPIA")
    context = {
        "assessment": assessment, "form": form, "title": title, "reports": _reports(assessment),
        "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "dpia/reports.html", frame(request, use_case, "assessment", **context), status=status)


@login_required
def assessment_report(request: HttpRequest, pk: UUID, report: int) -> HttpResponse:
    """What htmx asks for every two seconds. A message to the worker that was lost is sent again."""
    use_case, assessment = opened(request, pk)
    shown = get_object_or_404(assessment.reports.select_related("version", "by"), pk=report)
    if shown.state == "queued" and shown.asked_at < timezone.now() - LOST:
        nudge(shown.pk)
    return render(request, "dpia/report_row.html", {"use_case": use_case, "report": _called(shown)})


@login_required
def assessment_report_pdf(request: HttpRequest, pk: UUID, report: int) -> HttpResponse:
    _use_case, assessment = opened(request, pk)
    shown = get_object_or_404(assessment.reports, pk=report, state="ready")
    content = kept(shown.file, shown.sha256)
    if content is None:
        raise Http404
    name = f"dpia-{shown.kind}-{shown.language}-{shown.pk}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": shown.language}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@login_required
def assessment_report_print(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The newest version, or the DPIA as it is when none was frozen; a page that every browser can print."""
    _use_case, assessment = opened(request, pk)
    if kind not in document.KINDS:
        raise Http404
    return HttpResponse(document.html(assessment, kind, language(), assessment.current_version))


def _reports(assessment: Assessment) -> list[dict[str, Any]]:
    return [_called(one) for one in assessment.reports.select_related("version", "by")[:SHOWN]]


def _called(one: Report) -> dict[str, Any]:
    return {"row": one, "kind": document.KINDS[one.kind], "language": document.LANGUAGES[one.language]}
