"""One legal basis: what it says, what was said about it, its versions, and the steps open to this person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import User
from audit.models import Event
from audit.sentences import told
from audit.transitions import Transition
from collaborations import actions, forms, lifecycle
from collaborations.actions.basis_papers import kept_paper
from collaborations.actions.basis_text import mark_of
from collaborations.forms_bases import Basis, BasisPaper, filled
from collaborations.models import LegalBasis, UseCase
from collaborations.requirements import basis_open, personal, validity_over
from collaborations.views.access import frame, own_organisations, seen_or_404, takes_part
from collaborations.views.bases import NEXT, WRITING, asked_of, trail, writing_or_403
from collaborations.views.papers import only_saved
from discussion.models import Comment
from web.forms import Confirm, Form, Reasoned
from web.language import language
from web.pages import crumbs, form_page
from web.steps import Offer, Step, offers

STEPS = {
    "submit": Step(
        gettext_lazy("Hand to the DPO"), actions.submit_basis, tone="first",
        intro=gettext_lazy("The DPO of your organisation gives advice. Until it comes back, the text stays as it is."),
    ),
    "advise": Step(
        gettext_lazy("Give advice"), actions.advise_basis, forms.BasisAdvice, tone="first",
        intro=gettext_lazy("You advise; the mandated manager of your organisation decides."),
    ),
    "approve": Step(
        gettext_lazy("Approve"), actions.approve_basis, forms.BasisApproval, tone="first",
        intro=gettext_lazy(
            "You bind your organisation. What this row says never changes afterwards: a change is a new version."
        ),
    ),
    "resume": Step(
        gettext_lazy("Lift the suspension"), actions.resume_basis, Reasoned,
        intro=gettext_lazy("You bind your organisation again to what this row says."),
    ),
    "send_back": Step(
        gettext_lazy("Send back to the drafter"), actions.send_back_basis, Reasoned,
        intro=gettext_lazy("The row becomes a draft again. Advice that was given stays in the history."),
    ),
    "suspend": Step(
        gettext_lazy("Suspend"), actions.suspend_basis, Reasoned,
        warning=gettext_lazy(
            "From now on nothing new runs, and what runs is not released, until the suspension is lifted."
        ),
    ),
    "record_lapsed": Step(
        gettext_lazy("Record as lapsed"), actions.record_lapsed_basis, Reasoned,
        intro=gettext_lazy(
            "For the register: this provision held once. Nobody approves the row and nothing runs on it; a new version"
            " can follow it."
        ),
    ),
    "drop": Step(
        gettext_lazy("Withdraw this draft"), actions.withdraw_basis, Reasoned,
        warning=gettext_lazy("A withdrawn row cannot be taken up again. It stays readable."),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw"), actions.withdraw_basis, Reasoned,
        warning=gettext_lazy(
            "From now on nothing runs on this row, and it cannot be taken up again. It stays readable."
        ),
    ),
}  # fmt: skip


@login_required
def basis(request: HttpRequest, pk: UUID, basis_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    organisation = shown.partner.organisation
    held = roles.permissions_of(request.user, organisation)
    versions = shown.versions()
    context = {
        "basis": shown,
        "own": organisation in own_organisations(request.user, use_case),
        "offers": [*_writing_offers(shown, held), *_offers(shown, held, request.user)],
        "next": NEXT.get(shown.state, ""),
        "papers": shown.documents.all(),
        "may_write": shown.state == "draft" and bool(held & WRITING),
        "authors": [str(author) for author in shown.authors.all()],
        "versions": versions,
        "entries": _history(versions),
        "discussed": Comment.objects.visible_to(request.user).open_on(versions[-1]).get("", 0),
        "ended": shown.valid_to < timezone.localdate(),
        "in_progress": shown.state in lifecycle.IN_PROGRESS,
    }
    context["trail"] = crumbs(*trail(use_case), (str(shown.law_id), ""))
    return render(request, "collaborations/basis.html", frame(request, use_case, "bases") | context)


@login_required
def basis_edit(request: HttpRequest, pk: UUID, basis_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    writing_or_403(request.user, shown.partner.organisation)
    form = _form(request, use_case, shown)
    if form.is_valid():
        with form.accepting():
            actions.edit_basis(basis=shown, text=form.text(), by=request.user, seen=form.cleaned_data["seen"] or None)
            return redirect("collaborations:basis", pk, basis_pk)
    compare = bool(form.non_field_errors())
    above = {"about": "collaborations/basis_text.html"} if compare else asked_of(use_case, shown.partner)
    words = {"title": _("Change the draft"), "submit": _("Save"), **above}
    if form.is_bound and form.non_field_errors():
        form.now_seen(mark_of(shown))
    return _text_page(request, shown, form, **words)


@login_required
def basis_revise(request: HttpRequest, pk: UUID, basis_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    writing_or_403(request.user, shown.partner.organisation)
    form = _form(request, use_case, shown)
    if form.is_valid():
        with form.accepting():
            made = actions.revise_basis(basis=shown, text=form.text(), by=request.user)
            return redirect("collaborations:basis", pk, made.pk)
    intro = _("The present version holds until the new one is approved. After that a new contract is needed.")
    words = {"title": _("New version"), "submit": _("Save as draft"), "intro": intro}
    return _text_page(request, shown, form, **words, **asked_of(use_case, shown.partner))


@login_required
def paper_add(request: HttpRequest, pk: UUID, basis_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    writing_or_403(request.user, shown.partner.organisation)
    form = BasisPaper.of(request)
    if form.is_valid():
        document = form.cleaned_data["document"]
        with form.accepting():
            actions.add_paper(basis=shown, document=document.read(), document_name=document.name, by=request.user)
            return redirect("collaborations:basis", pk, basis_pk)
    intro = _("Everybody who takes part in the use case can read it. Advice that was given no longer counts.")
    return _text_page(request, shown, form, title=_("Add a document"), submit=_("Add"), intro=intro)


@login_required
def paper_drop(request: HttpRequest, pk: UUID, basis_pk: int, paper_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    writing_or_403(request.user, shown.partner.organisation)
    found = get_object_or_404(shown.documents, pk=paper_pk)
    form = Confirm.of(request)
    if form.is_valid():
        with form.accepting():
            actions.drop_paper(paper=found, by=request.user)
            return redirect("collaborations:basis", pk, basis_pk)
    title = _("Take “%(title)s” away") % {"title": found.name}
    warning = _("The document is no longer part of this draft. Earlier versions that rest on it keep it.")
    return _text_page(request, shown, form, title=title, submit=_("Take away"), warning=warning)


@login_required
@require_safe
def paper(request: HttpRequest, pk: UUID, basis_pk: int, paper_pk: int) -> HttpResponse:
    """The paper as it was added, for whoever takes part. A browser only saves it."""
    use_case = seen_or_404(request.user, pk)
    found = get_object_or_404(_basis_or_404(use_case, basis_pk).documents, pk=paper_pk)
    if not takes_part(request.user, use_case):
        raise PermissionDenied
    return only_saved(kept_paper(found), found.name)


@login_required
def basis_step(request: HttpRequest, pk: UUID, basis_pk: int, name: str) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    shown = _basis_or_404(use_case, basis_pk)
    key = name.replace("-", "_")
    step = STEPS.get(key)
    if step is None:
        raise Http404
    if not roles.permissions_of(request.user, shown.partner.organisation) & set(lifecycle.BASIS[key].permissions):
        raise PermissionDenied
    form = step.form.of(request)
    if form.is_valid():
        with form.accepting():
            step.act(basis=shown, **form.cleaned_data, by=request.user)
            return redirect("collaborations:basis", pk, basis_pk)
    return _text_page(request, shown, form, about="collaborations/basis_text.html", **step.words)


def _form(request: HttpRequest, use_case: UseCase, basis: LegalBasis) -> Basis:
    """The form, filled with the row; it carries the mark of the text that this person has in front of them."""
    initial = filled(basis) | {"seen": mark_of(basis)}
    return Basis.of(request, initial=initial, use_case=use_case, own=basis.partner.organisation)


def _text_page(request: HttpRequest, basis: LegalBasis, form: Form, **words: Any) -> HttpResponse:
    """A form about one row, with the way back to it."""
    use_case = basis.partner.use_case
    back = reverse("collaborations:basis", args=[use_case.pk, basis.pk])
    return form_page(request, form, back=back, trail=[*trail(use_case), (basis.law_id, back)], basis=basis, **words)


def _basis_or_404(use_case: UseCase, pk: int) -> LegalBasis:
    found = LegalBasis.objects.filter(partner__use_case=use_case).select_related(
        "partner__organisation", "partner__use_case", "mandate", "advised_by", "approved_by", "specification"
    )
    return get_object_or_404(found, pk=pk)


def _offers(basis: LegalBasis, held: set[str], user: User) -> list[Offer]:
    """The steps of the lifecycle, each with what keeps just this person from it."""
    table = {name: _for(user, name, transition) for name, transition in lifecycle.BASIS.items()}
    use_case, ended = basis.partner.use_case_id, not list(validity_over(basis))
    steps = {name: step for name, step in STEPS.items() if ended or name != "record_lapsed"}
    return offers(
        steps, table, basis, held,
        lambda name: reverse("collaborations:basis_step", args=[use_case, basis.pk, name.replace("_", "-")]),
    )  # fmt: skip


def _for(user: User, name: str, transition: Transition) -> Transition:
    return replace(transition, requirements=(*transition.requirements, lambda basis: personal(name, basis, user)))


def _writing_offers(basis: LegalBasis, held: set[str]) -> Iterator[Offer]:
    """Changing a draft, and a next version of a decided row: both are forms of their own."""
    if not held & WRITING:
        return
    where = [basis.partner.use_case_id, basis.pk]
    if basis.state == "draft":
        yield Offer(_("Change the text"), reverse("collaborations:basis_edit", args=where), "")
    elif basis.state in ("approved", "suspended", "expired") and not LegalBasis.objects.replacing(basis).exists():
        url = reverse("collaborations:basis_revise", args=where)
        yield Offer(_("Make a new version"), url, "", list(basis_open(basis)))


def _history(versions: list[LegalBasis]) -> list[Any]:
    events = Event.objects.filter(
        about_type=LegalBasis._meta.label_lower, about_id__in=[str(row.pk) for row in versions]
    ).order_by("-id")
    names = {"organisation": {row.partner.organisation.slug: row.partner.organisation.name for row in versions[:1]}}
    return told(events[:200], language=language(), names=names)
