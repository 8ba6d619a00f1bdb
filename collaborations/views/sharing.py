"""Sharing the DPIA of a use case: choosing and blacking out, the preview, and who agrees to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation, User
from collaborations.actions import sharing as actions
from collaborations.forms_sharing import AgreeSharing, NewSharing, ProposeSharing, WithdrawSharing
from collaborations.models import SharedAssessment, UseCase
from collaborations.views.access import frame, own_organisations, takes_part
from collaborations.views.assessment.access import names, opened, page, trail
from dpia import redaction
from dpia.models import Assessment
from dpia.parts import candidates
from station.contract.canonical import digest
from web.forms import Form
from web.pages import Crumb, crumbs, form_page


@login_required
def sharings(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case, assessment = _opened(request, pk)
    rows = use_case.shared_assessments.select_related("organisation", "version")
    drafts = _drafts(request.user, assessment)
    title = _("Share this DPIA")
    context = {
        "title": title, "assessment": assessment, "drafts": drafts, "back": page(use_case),
        "rows": [row for row in rows if drafts or row.state != "draft"],
        "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/sharings.html", frame(request, use_case, "assessment", **context))


@login_required
def sharing_edit(request: HttpRequest, pk: UUID, prepared: UUID | None = None) -> HttpResponse:
    """A new one, or a draft anew."""
    use_case, assessment = _opened(request, pk)
    if not _drafts(request.user, assessment):
        raise PermissionDenied
    row = get_object_or_404(use_case.shared_assessments, pk=prepared, state="draft") if prepared else None
    version = assessment.current_version if assessment.state == "adopted" else None
    if version is None:
        messages.error(request, _("A DPIA can be shared when it is adopted."))
        return redirect("collaborations:sharings", pk)
    initial = {"title": assessment.title}
    if row is not None:
        passages = "\n".join(row.passages)
        initial = {"title": row.title, "audience": row.audience, "picks": row.picks, "passages": passages}
    form = NewSharing.of(request, offered=redaction.choices(version, names()), initial=initial)
    if form.is_valid():
        with form.accepting():
            made = actions.prepare_sharing(use_case=use_case, shared=row, by=request.user, **form.cleaned_data)
            return redirect("collaborations:sharing", pk, made.pk)
    return form_page(
        request, form, title=_("Choose what others may read"), submit=_("See what others will see"), back=_page(pk),
        intro=_("Nothing is shared yet. You see the result first, and every controller agrees to it first."),
        trail=_trail(use_case),
    )  # fmt: skip


@login_required
def sharing(request: HttpRequest, pk: UUID, shared: UUID) -> HttpResponse:
    """Exactly what others will see or see now, with what can be done about it."""
    use_case, assessment = _opened(request, pk)
    row = _seen(request.user, use_case, assessment, shared)
    data = actions.preview(row)
    own = _controllers(request.user, use_case, row)
    agreed = set(row.agreements.values_list("organisation", flat=True))
    adopting = [one for one in own if roles.allowed(request.user, "adopt_assessment", one)]
    context = {
        "row": row, "title": data["title"], "points": list(redaction.read(data)), "data": data, "sha256": digest(data),
        "missing": row.missing() if row.state == "proposed" else [],
        "may_propose": row.state == "draft", "may_agree": row.state == "proposed" and any(
            one.pk not in agreed for one in adopting),
        "may_withdraw": row.state != "withdrawn" and bool(adopting or _drafts(request.user, assessment)),
        "trail": crumbs(*_trail(use_case), (data["title"], "")),
    }  # fmt: skip
    return render(request, "dpia/sharing.html", frame(request, use_case, "assessment", **context))


@login_required
def sharing_step(request: HttpRequest, pk: UUID, shared: UUID, name: str) -> HttpResponse:
    use_case, assessment = _opened(request, pk)
    row = _seen(request.user, use_case, assessment, shared)
    if name not in WORDS:
        raise Http404
    form, act = _step(request, use_case, assessment, row, name)
    if form.is_valid():
        with form.accepting():
            act(shared=row, **form.cleaned_data, by=request.user)
            return redirect("collaborations:sharing", pk, row.pk)
    back = reverse("collaborations:sharing", args=[pk, row.pk])
    return form_page(
        request, form, **_words(name), back=back, trail=[*_trail(use_case), (row.title, back)], row=row,
        about="dpia/sharing_about.html",
    )  # fmt: skip


def _step(
    request: HttpRequest, use_case: UseCase, assessment: Assessment, row: SharedAssessment, name: str
) -> tuple[Form, Any]:
    if name == "propose":
        if not _drafts(request.user, assessment):
            raise PermissionDenied
        return ProposeSharing.of(request, initial={"sha256": digest(actions.preview(row))}), actions.propose_sharing
    own = _controllers(request.user, use_case, row)
    wanted = {"adopt_assessment"} if name == "agree" else {"adopt_assessment", "draft_assessment"}
    may = [one.pk for one in own if roles.permissions_of(request.user, one) & wanted]
    if not may:
        raise PermissionDenied
    organisations = Organisation.objects.filter(pk__in=may).order_by("name")
    if name == "agree":
        form: Form = AgreeSharing.of(request, organisations=organisations, initial={"sha256": row.sha256})
        return form, actions.agree_sharing
    return WithdrawSharing.of(request, organisations=organisations), actions.withdraw_sharing


WORDS = ("propose", "agree", "withdraw")


def _words(name: str) -> dict[str, str]:
    if name == "propose":
        warning = _("What others will see can no longer be changed after this. The passages you typed are removed.")
        return {"title": _("Put this before the controllers"), "submit": _("Put it before them"), "warning": warning}
    if name == "agree":
        warning = _("When all controllers agree, it can be read at once. Your organisation can withdraw it later.")
        return {"title": _("Agree to share this"), "submit": _("Agree to exactly this"), "warning": warning}
    warning = _("Nobody can read it any more. What others took over from it stays with them.")
    return {"title": _("Stop sharing"), "submit": _("Stop sharing"), "warning": warning}


def _opened(request: HttpRequest, pk: UUID) -> tuple[UseCase, Assessment]:
    """Of those who take part; who is only invited reads nothing here."""
    use_case, assessment = opened(request, pk)
    if not takes_part(request.user, use_case):
        raise PermissionDenied
    return use_case, assessment


def _seen(user: User, use_case: UseCase, assessment: Assessment, pk: UUID) -> SharedAssessment:
    """A draft is only for those who draft: it holds what will be blacked out."""
    row = get_object_or_404(use_case.shared_assessments.select_related("version", "organisation", "by"), pk=pk)
    if row.state == "draft" and not _drafts(user, assessment):
        raise PermissionDenied
    return row


def _drafts(user: User, assessment: Assessment) -> bool:
    return bool(candidates(assessment, user, "draft_assessment"))


def _controllers(user: User, use_case: UseCase, row: SharedAssessment) -> list[Organisation]:
    return list(own_organisations(user, use_case).filter(slug__in=row.version.data["controllers"]))


def _page(pk: UUID) -> str:
    return reverse("collaborations:sharings", args=[pk])


def _trail(use_case: UseCase) -> list[Crumb]:
    return [*trail(use_case), (_("Share this DPIA"), _page(use_case.pk))]
