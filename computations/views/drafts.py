"""Filling in a specification: a task list of sections, one page each, and checking the answers before saving."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from collaborations.models import UseCase
from collaborations.views.access import frame, seen_or_404, trail_to
from computations import actions
from computations.actions.drafts import OPEN
from computations.forms import FORMS, SectionForm, Setting
from computations.forms.upload import Discard, Upload
from computations.models import Dataset, SpecificationDraft
from computations.specifying import reading, sections, starting
from computations.specifying.differences import Change, differences
from computations.specifying.findings import findings, readable, warnings
from computations.specifying.gaps import gaps
from station.reasons import Refused
from web.forms import Form
from web.pages import crumbs, form_page


class Save(Form):
    """``reopens`` is asked when a new version undoes what others decided."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reopens = forms.BooleanField(
        label=gettext_lazy("I understand that DPIA and legal bases have to be looked at again."),
        error_messages={"required": gettext_lazy("Tick this to save a new version while the use case is assessed.")},
    )

    def __init__(self, *args: Any, assessing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not assessing:
            del self.fields["reopens"]

    def looks_at(self, revision: int) -> None:
        """The page shows this revision now; sending it again is about this one."""
        if self.is_bound:
            self.data = {**self.data.dict(), "revision": revision}


@login_required
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The task list."""
    use_case = _draftable(request, pk)
    found = starting.current(use_case)
    open_in = Counter(section for section, _what in gaps(found.data))
    tasks = [_task(use_case, section, open_in[section.key]) for section in sections.all_of(found.data)]
    context = {"draft": found, "tasks": tasks, "open": sum(open_in.values())}
    return _page(request, use_case, "draft.html", _("Draft of the specification"), **context)


@login_required
def draft_section(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    section = sections.get(key)
    if section is None:
        raise Http404
    use_case = _draftable(request, pk)
    found = starting.current(use_case)
    form = _form(request, use_case, section, found)
    if form.is_valid():
        with form.accepting():
            seen = request.POST.get("seen", "")
            saved = actions.save_section(
                use_case=use_case, section=section, part=form.stored(), seen=seen, by=request.user
            )
            return redirect(_next(form, use_case, section, saved))
    stale = request.method == "POST" and request.POST.get("seen") != section.seen(found.data)
    context = {
        "form": form,
        "section": section,
        "seen": section.seen(found.data),
        "conflict": _conflict(form, section, found) if stale else [],
        "draft": found,
    }
    status = 422 if form.errors else 200
    return _page(request, use_case, "draft_section.html", str(section.label), status=status, **context)


@login_required
def draft_columns(request: HttpRequest, pk: UUID, organisation: str, dataset: str) -> HttpResponse:
    return draft_section(request, pk, f"columns/{organisation}/{dataset}")


@login_required
def draft_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything at once, with what is wrong and who learns what; only then it can become a version."""
    use_case = _draftable(request, pk)
    found = starting.current(use_case)
    wrong, spec = findings(found.data, use_case), readable(found.data)
    form = Save.of(request, assessing=use_case.state == "assessing", initial={"revision": found.revision})
    if form.is_valid():
        with form.accepting():
            revision = form.cleaned_data["revision"]
            version = actions.finish_draft(use_case=use_case, revision=revision, by=request.user)
            messages.success(request, _("Saved as version %(number)s.") % {"number": version.number})
            return redirect("computations:specification", pk)
    form.looks_at(found.revision)
    current = use_case.specification
    document = sections.document(found.data)
    context = {
        "form": form,
        "draft": found,
        "wrong": [(entry.reason, *_link(use_case, entry.section)) for entry in wrong],
        "careful": [(e.reason, *_link(use_case, e.section)) for e in (warnings(spec) if spec and not wrong else [])],
        "changes": differences(current.data, document) if current else [],
        "current": current,
        "next_number": current.number + 1 if current else 1,
        "may_save": use_case.state in ("exploring", "assessing"),
        "links": {section.key: _url(use_case, section.key) for section in sections.all_of(found.data)},
        **(reading.context(spec) if spec and not wrong else {}),
    }
    status = 422 if form.errors else 200
    return _page(request, use_case, "draft_check.html", _("Check your answers"), status=status, **context)


@login_required
def draft_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _draftable(request, pk)
    found = starting.current(use_case)
    form = Upload.of(request, initial={"seen": found.revision})
    if form.is_valid():
        with form.accepting():
            data, seen = form.cleaned_data["file"], form.cleaned_data["seen"]
            actions.replace_draft(use_case=use_case, data=data, seen=seen, by=request.user)
            return redirect("computations:draft_check", pk)
        form.now_seen(found.revision)
    exists = not found._state.adding
    return form_page(
        request,
        form,
        title=_("Upload a specification"),
        submit=_("Upload"),
        intro=_("It becomes the draft. You can read it through and change it before you save it as a version."),
        warning=_("What is in the draft now is replaced as a whole.") if exists else "",
        back=reverse("computations:draft", args=[pk]),
        trail=_trail(use_case),
    )


@login_required
def draft_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _draftable(request, pk)
    found = starting.current(use_case)
    form = Discard.of(request, initial={"seen": found.revision})
    if form.is_valid():
        with form.accepting():
            actions.discard_draft(use_case=use_case, seen=form.cleaned_data["seen"], by=request.user)
            return redirect("computations:specification", pk)
        form.now_seen(found.revision)
    return form_page(
        request,
        form,
        title=_("Throw the draft away"),
        submit=_("Throw the draft away"),
        warning=_("Everything in the draft is lost. The saved versions stay."),
        back=reverse("computations:draft", args=[pk]),
        trail=_trail(use_case),
    )


def _draftable(request: HttpRequest, pk: UUID) -> UseCase:
    """The use case, for who may specify it; refused once there is nothing to specify any more."""
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "specify", use_case.proposer)
    if use_case.state not in OPEN:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    return use_case


def _form(request: HttpRequest, use_case: UseCase, section: sections.Section, found: SpecificationDraft) -> SectionForm:
    kind, part = section.key.split("/")[0], section.read(found.data)
    organisations = {party["organisation"] for party in found.data["parties"]}
    if kind == "columns":
        part = part or sections.new_input(found.data, *section.key.split("/")[1:])
        organisations.add(part["organisation"])
    datasets = Dataset.objects.visible_to(request.user).filter(organisation__slug__in=organisations)
    setting = Setting(use_case, found.data, list(datasets.select_related("organisation")), "more" in request.GET)
    return FORMS[kind].of(request, part=part, setting=setting)


def _conflict(form: SectionForm, section: sections.Section, found: SpecificationDraft) -> list[Change]:
    """What is saved now against what this person filled in; nothing to compare while a field cannot be read."""
    readable_fields = not any(name in form.errors for name in form.fields)
    return differences(section.read(found.data), form.stored()) if readable_fields else []


def _next(form: SectionForm, use_case: UseCase, section: sections.Section, saved: SpecificationDraft) -> str:
    if "more" in form.data:
        return f"{_url(use_case, section.key)}?more=1"
    if form.comes_back:
        return _url(use_case, section.key)
    following = sections.after(section.key, saved.data)
    return _url(use_case, following.key) if following else reverse("computations:draft_check", args=[use_case.pk])


def _url(use_case: UseCase, key: str) -> str:
    if key.startswith("columns/"):
        return reverse("computations:draft_columns", args=[use_case.pk, *key.split("/")[1:]])
    return reverse("computations:draft_section", args=[use_case.pk, key])


def _link(use_case: UseCase, key: str) -> tuple[str, str]:
    """Label and address of the section where something can be mended; empty when it is no section."""
    section = sections.get(key)
    return (str(section.label), _url(use_case, key)) if section else ("", "")


def _task(use_case: UseCase, section: sections.Section, missing: int) -> dict[str, Any]:
    status = _("%(n)s to fill in") % {"n": missing} if missing else _("filled in")
    tone = "wait" if missing else "ok"
    return {"label": section.label, "url": _url(use_case, section.key), "status": status, "tone": tone}


def _trail(use_case: UseCase) -> list[tuple[str, str]]:
    page = reverse("computations:specification", args=[use_case.pk])
    return [*trail_to(use_case), (_("Specification"), page)]


def _page(
    request: HttpRequest, use_case: UseCase, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the draft: inside the use case, with the way back to the task list."""
    trail = [*_trail(use_case), (_("Draft"), reverse("computations:draft", args=[use_case.pk]))]
    trail = trail[:-1] if template == "draft.html" else trail
    context |= {"title": title, "trail": crumbs(*trail, (title, ""))}
    return render(
        request, f"computations/{template}", frame(request, use_case, "specification") | context, status=status
    )
