"""A DPIA's answers out and in as a file, its risks as CSV, and putting it on another template."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborations.views.access import frame
from collaborations.views.assessment.access import opened, page, trail
from dpia import actions, catalogue, exchange
from dpia.models import Assessment
from dpia.moving import new_questions, plan
from dpia.parts import candidates
from dpia.reading import words
from dpia.sheet import Sheet
from station.contract.canonical import canonical
from web.forms import Form
from web.language import language
from web.pages import crumbs, form_page


class FileForm(Form):
    document = forms.FileField(label=gettext_lazy("File with answers (JSON)"))


@login_required
def assessment_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    _use_case, assessment = opened(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="dpia-answers-{assessment.pk}.json"'}
    content = canonical(exchange.document(Sheet(assessment)))
    return HttpResponse(content, content_type="application/json", headers=headers)


@login_required
def assessment_risks(request: HttpRequest, pk: UUID) -> HttpResponse:
    _use_case, assessment = opened(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="dpia-risks-{assessment.pk}.csv"'}
    return HttpResponse(exchange.as_csv(Sheet(assessment)), content_type="text/csv; charset=utf-8", headers=headers)


@login_required
def assessment_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    _drafter(request, assessment)
    form = FileForm.of(request)
    if form.is_valid():
        with form.accepting():
            content = form.cleaned_data["document"].read(exchange.MOST_KIB * 1024 + 1)
            taken = actions.import_answers(assessment=assessment, content=content, by=request.user)
            messages.success(request, _("Answers taken over: %(number)s.") % {"number": taken.number})
            for question, reason in taken.left:
                messages.warning(request, f"{question}: {reason.text(language())}")
            return redirect(page(use_case))
    return form_page(
        request, form, title=_("Take over answers from a file"), submit=_("Take over"), back=page(use_case),
        trail=trail(use_case),
        intro=_("Answers that fit replace what stands there; the earlier ones are kept. What does not fit is told."),
    )  # fmt: skip


@login_required
def assessment_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What moves along to another template, and the choice."""
    use_case, assessment = opened(request, pk)
    _drafter(request, assessment)
    form = _choice(assessment).of(request)
    title = _("Move to another template")
    if form.is_valid():
        key, _space, version = form.cleaned_data["template"].partition(" ")
        with form.accepting():
            actions.move_template(assessment=assessment, key=key, version=version, by=request.user)
            messages.success(request, _("The DPIA is on the other template now."))
            return redirect(page(use_case))
    context = {"form": form, "title": title, "choices": list(_previews(assessment)), "back": page(use_case),
               "trail": crumbs(*trail(use_case), (title, ""))}  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "dpia/move.html", frame(request, use_case, "assessment", **context), status=status)


def _previews(assessment: Assessment) -> Any:
    sheet = Sheet(assessment)
    for one in _others(assessment):
        moves = plan(sheet, one.form)
        yield {
            "title": f"{words(one.form.title)} {one.form.version}",
            "kept": sum(move.question is not None for move in moves),
            "left": [words(move.before.label) for move in moves if move.question is None],
            "new": [words(question.label) for question in new_questions(sheet, one.form)],
        }


def _choice(assessment: Assessment) -> type[Form]:
    options = [
        (f"{one.form.key} {one.form.version}", f"{words(one.form.title)} {one.form.version}")
        for one in _others(assessment)
    ]
    field = forms.ChoiceField(label=_("Which template?"), choices=options, widget=forms.RadioSelect)
    return type("TemplateChoice", (Form,), {"template": field})


def _others(assessment: Assessment) -> list[catalogue.Listed]:
    mine = (assessment.template.key, assessment.template.version)
    return [one for one in catalogue.listed() if one.state == "published" and (one.form.key, one.form.version) != mine]


def _drafter(request: HttpRequest, assessment: Assessment) -> None:
    if not candidates(assessment, request.user, "draft_assessment"):
        raise PermissionDenied
