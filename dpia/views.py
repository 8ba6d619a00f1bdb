"""Templates in the browser: everybody reads them, platform administrators write and publish them."""

from __future__ import annotations

from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import manages_platform
from dpia import actions, catalogue
from dpia.catalogue import Listed
from dpia.comparing import differences
from dpia.models import Review, TemplateDraft
from dpia.reading import words
from dpia.template import TemplateForm, read_template
from dpia.template_file import MOST_KIB
from station.reasons import Refused
from web.forms import Confirm, Form
from web.language import language
from web.pages import act_page, crumbs

TRAIL = gettext_lazy("DPIA templates")


class TextForm(Form):
    """Whole text, spaces and all: YAML is about spaces."""

    text = forms.CharField(
        label=gettext_lazy("The template, as YAML"), strip=False, max_length=MOST_KIB * 1024,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "hash"}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Seen(Confirm):
    """The revision that was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


@login_required
def templates(request: HttpRequest) -> HttpResponse:
    manages = manages_platform(request.user)
    drafts = TemplateDraft.objects.filter(state="open").select_related("changed_by").order_by("pk") if manages else []
    rows: list[dict[str, Any]] = []
    for one in catalogue.listed():
        before = next((row for row in rows[::-1] if row["key"] == one.form.key), None)
        if before is not None:
            before["before"] = one.form.version
        points = list(one.form.points())
        rows.append({
            "key": one.form.key, "version": one.form.version, "title": words(one.form.title), "points": len(points),
            "questions": sum(len(point.questions) for point in points), "before": "", "newest": before is None,
        })  # fmt: skip
    context = {"rows": rows, "drafts": drafts, "manages": manages, "title": str(TRAIL), "trail": crumbs((TRAIL, ""))}
    return render(request, "dpia/templates/list.html", context)


@login_required
def template(request: HttpRequest, key: str, version: str) -> HttpResponse:
    return _preview(request, _found(key, version).form, key=key, version=version)


@login_required
def template_yaml(request: HttpRequest, key: str, version: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{key}-{version}.yaml"'}
    text = written(_found(key, version).form)
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@login_required
def template_compare(request: HttpRequest, key: str, version: str, before: str) -> HttpResponse:
    old, new = _found(key, before).form, _found(key, version).form
    title = _("What changed from version %(before)s to %(version)s") % {"before": before, "version": version}
    context = {
        "title": title, "differences": differences(old, new), "form": new,
        "trail": crumbs((TRAIL, reverse("dpia:templates")), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/templates/compare.html", context)


@login_required
def draft_new(request: HttpRequest) -> HttpResponse:
    """An empty one, or one that starts from a version (``key`` and ``version`` in the address)."""
    _administrator(request)
    start = catalogue.find(request.GET.get("key", ""), request.GET.get("version", ""))
    form = TextForm.of(request, initial={"text": written(start.form) if start else ""})
    if form.is_valid():
        with form.accepting():
            begun = actions.begin_template(text=form.cleaned_data["text"], by=request.user)
            return redirect("dpia:draft", begun.pk)
    return _editor(request, form, _("Write a template"), None)


@login_required
def draft(request: HttpRequest, draft: int) -> HttpResponse:
    row = _open_draft(request, draft)
    form = TextForm.of(request, initial={"text": row.text, "seen": row.revision})
    if form.is_valid():
        with form.accepting():
            seen = form.cleaned_data["seen"] or 0
            actions.edit_template(draft=row, text=form.cleaned_data["text"], seen=seen, by=request.user)
            messages.success(request, _("The draft is saved."))
            return redirect("dpia:draft", draft)
        form.now_seen(row.revision)
    return _editor(request, form, _("Change the template"), row)


@login_required
def draft_preview(request: HttpRequest, draft: int) -> HttpResponse:
    row = _open_draft(request, draft)
    try:
        return _preview(request, read_template(row.text), draft=row)
    except Refused:
        return redirect("dpia:draft", draft)  # it tells what is wrong


@login_required
def draft_publish(request: HttpRequest, draft: int) -> HttpResponse:
    row = _open_draft(request, draft)
    form = Seen.of(request, initial={"seen": row.revision})
    return act_page(
        request, form, lambda: actions.publish_template(draft=row, seen=form.cleaned_data["seen"], by=request.user),
        title=_("Publish the template"), submit=_("Publish"), back=reverse("dpia:draft", args=[draft]),
        done=reverse("dpia:templates"), said=_("The template is published."),
        trail=[(TRAIL, reverse("dpia:templates"))],
        warning=_("A published version never changes. New DPIAs use it from now on; those underway stay on theirs."),
    )  # fmt: skip


@login_required
def draft_drop(request: HttpRequest, draft: int) -> HttpResponse:
    row = _open_draft(request, draft)
    return act_page(
        request, Confirm.of(request), lambda: actions.drop_template(draft=row, by=request.user),
        title=_("Drop this draft"), submit=_("Drop the draft"), back=reverse("dpia:draft", args=[draft]),
        done=reverse("dpia:templates"), said=_("The draft is dropped."), trail=[(TRAIL, reverse("dpia:templates"))],
        warning=_("A dropped draft cannot be opened again."),
    )  # fmt: skip


def written(form: TemplateForm) -> str:
    """A form as YAML, in the order in which people write it; words that YAML would read otherwise get quotes."""
    return yaml.safe_dump(form.document(), allow_unicode=True, sort_keys=False, width=120)


def _editor(request: HttpRequest, form: Form, title: str, row: TemplateDraft | None) -> HttpResponse:
    context = {
        "form": form, "title": title, "draft": row, "problems": _problems(row) if row else [],
        "own": row is not None and request.user in (row.begun_by, row.changed_by),
        "trail": crumbs((TRAIL, reverse("dpia:templates")), (title, "")),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "dpia/templates/editor.html", context, status=status)


def _preview(request: HttpRequest, form: TemplateForm, **context: Any) -> HttpResponse:
    title = f"{words(form.title)} ({form.version})"
    called = dict(Review.KINDS)
    context["reviews"] = [(called[kind], when) for kind, when in form.reviews.items()]
    context |= {"form": form, "title": title, "trail": crumbs((TRAIL, reverse("dpia:templates")), (title, ""))}
    return render(request, "dpia/templates/preview.html", context)


def _problems(row: TemplateDraft) -> list[str]:
    try:
        read_template(row.text)
    except Refused as refusal:
        return [reason.text(language()) for reason in refusal.reasons]
    return []


def _found(key: str, version: str) -> Listed:
    found = catalogue.find(key, version)
    if found is None:
        raise Http404
    return found


def _administrator(request: HttpRequest) -> None:
    if not manages_platform(request.user):
        raise PermissionDenied


def _open_draft(request: HttpRequest, pk: int) -> TemplateDraft:
    _administrator(request)
    return get_object_or_404(TemplateDraft.objects.select_related("begun_by", "changed_by"), pk=pk, state="open")
