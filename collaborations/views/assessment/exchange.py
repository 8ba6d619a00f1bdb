"""A DPIA's answers out and in as a file, its risks as CSV, and putting it on another template."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborations.views.access import frame
from collaborations.views.assessment.access import opened, page, trail
from dpia import actions, catalogue, cnil, exchange, official_out
from dpia.models import Assessment, Import
from dpia.moving import new_questions, plan
from dpia.parts import candidates
from dpia.reading import words
from dpia.sheet import Sheet
from station.contract.canonical import canonical
from station.reasons import Reason
from web.forms import Form
from web.language import language
from web.pages import crumbs

IMPORTS = {
    "own": gettext_lazy("downloaded here: answers as JSON"),
    "official": gettext_lazy("the official DPIA form of the Dutch government"),
}


class FileForm(Form):
    form = forms.ChoiceField(
        label=gettext_lazy("Where does the file come from?"), choices=list(IMPORTS.items()), initial="own",
        widget=forms.RadioSelect,
    )  # fmt: skip
    document = forms.FileField(label=gettext_lazy("File with answers (JSON)"))


@login_required
def assessment_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    _use_case, assessment = opened(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="dpia-answers-{assessment.pk}.json"'}
    content = canonical(exchange.document(Sheet(assessment)))
    return HttpResponse(content, content_type="application/json", headers=headers)


@login_required
def assessment_official(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the official DPIA form takes in."""
    _use_case, assessment = opened(request, pk)
    return _json(official_out.document(Sheet(assessment), timezone.now()), f"dpia-official-{assessment.pk}")


@login_required
def assessment_cnil(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the PIA software of the CNIL takes in."""
    _use_case, assessment = opened(request, pk)
    return _json(cnil.document(Sheet(assessment), timezone.now()), f"dpia-cnil-{assessment.pk}")


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
        act = actions.import_official if form.cleaned_data["form"] == "official" else actions.import_answers
        with form.accepting():
            content = form.cleaned_data["document"].read(exchange.MOST_KIB * 1024 + 1)
            made = act(assessment=assessment, content=content, by=request.user)
            return redirect("collaborations:assessment_imported", pk, made.pk)
    title = _("Take over answers from a file")
    context = {"form": form, "title": title, "back": page(use_case), "imports": _imports(assessment),
               "trail": crumbs(*trail(use_case), (title, ""))}  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "dpia/import.html", frame(request, use_case, "assessment", **context), status=status)


@login_required
def assessment_imported(request: HttpRequest, pk: UUID, imported: int) -> HttpResponse:
    """What one file brought, and what of it had no place: whoever reads the DPIA may read this."""
    use_case, assessment = opened(request, pk)
    made = get_object_or_404(_imports(assessment), pk=imported)
    left = [one | {"why": Reason.from_document(one["reason"]).text(language())} for one in made.left]
    title = _("Answers taken over: %(number)s") % {"number": made.number}
    context = {"made": made, "left": left, "title": title, "back": page(use_case),
               "trail": crumbs(*trail(use_case), (title, ""))}  # fmt: skip
    return render(request, "dpia/imported.html", frame(request, use_case, "assessment", **context))


def _imports(assessment: Assessment) -> QuerySet[Import]:
    return assessment.imports.select_related("by", "organisation")


def _json(document: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    content = json.dumps(document, ensure_ascii=False, indent=2)
    return HttpResponse(content, content_type="application/json", headers=headers)


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
