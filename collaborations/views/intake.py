"""Writing down a use case: a draft that is kept however little stands in it, and a start from an example."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation
from collaborations import actions
from collaborations.forms_intake import Intake, NewIntake, StartFrom
from collaborations.intake import ASKED, questions
from collaborations.models import UseCase
from collaborations.views.access import seen_or_404, trail_to
from web.pages import crumbs, form_page


@login_required
def use_case_new(request: HttpRequest) -> HttpResponse:
    organisations = _proposing_or_403(request)
    form = NewIntake.of(request, organisations=organisations, initial={"key": uuid4(), "seen": 0})
    if form.is_valid():
        key, organisation = form.cleaned_data["key"] or uuid4(), form.cleaned_data["organisation"]
        with form.accepting():
            made = actions.start_draft(key=key, organisation=organisation, **form.texts(), by=request.user)
            return _saved(request, made)
    trail = crumbs((_("Use cases"), reverse("collaborations:use_cases")), (_("New use case"), ""))
    context = {"form": form, "title": _("New use case"), "trail": trail, "back": reverse("collaborations:use_cases")}
    return _page(request, context | {"lenient": True, "answered": 0})


@login_required
def use_case_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who was overtaken keeps what was written, and sees what differs from what stands there now."""
    shown = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", shown.proposer)
    form = Intake.of(request, initial=Intake.filled(shown))
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        with form.accepting():
            return _saved(request, actions.edit_use_case(use_case=shown, seen=seen, **form.texts(), by=request.user))
        shown.refresh_from_db()
    stale = form.is_bound and form.data.get("seen", "") != str(shown.revision)
    context = {
        "form": form,
        "conflict": form.differences(shown) if stale else [],
        "title": _("Change the text"),
        "trail": crumbs(*trail_to(shown), (_("Change the text"), "")),
        "back": reverse("collaborations:use_case", args=[pk]),
        "lenient": shown.state == "draft",
        "answered": sum(question.answered for question in questions(shown)),
    }
    form.now_seen(shown.revision)
    return _page(request, context)


@login_required
def use_case_start_from(request: HttpRequest, pk: UUID) -> HttpResponse:
    example = seen_or_404(request.user, pk)
    form = StartFrom.of(request, organisations=_proposing_or_403(request))
    if form.is_valid():
        with form.accepting():
            made = actions.start_from(example=example, **form.cleaned_data, by=request.user)
            messages.success(request, _("Here is your own draft. Change what is different for you."))
            return redirect("collaborations:use_case_edit", made.pk)
    return form_page(
        request,
        form,
        title=_("Start from this example"),
        submit=_("Make a draft"),
        intro=_(
            "You get a draft of your own organisation with the texts and the specification of this use case. Partners,"
            " DPIA, legal bases and agreement are not copied. The page of your use case tells that it started from an"
            " example."
        ),
        back=reverse("collaborations:use_case", args=[pk]),
        trail=trail_to(example),
    )


def proposing(request: HttpRequest) -> list[Organisation]:
    """For which organisations this person may propose."""
    own = Organisation.objects.of(request.user).distinct()
    return [organisation for organisation in own if roles.allowed(request.user, "propose_use_case", organisation)]


def _proposing_or_403(request: HttpRequest) -> Any:
    keys = [organisation.pk for organisation in proposing(request)]
    if not keys:
        raise PermissionDenied
    return Organisation.objects.filter(pk__in=keys)


def _saved(request: HttpRequest, use_case: UseCase) -> HttpResponse:
    """A draft that is put away for now is shown again; whoever goes on invites partners, or is back at the use case."""
    if "stay" in request.POST:
        messages.success(request, _("The draft is saved. You can go on later."))
        return redirect("collaborations:use_case_edit", use_case.pk)
    alone = use_case.state == "draft" and use_case.partners.count() == 1
    return redirect("collaborations:partners" if alone else "collaborations:use_case", use_case.pk)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form, asked = context["form"], len(ASKED)
    context |= {"asked": asked, "percent": 100 * context["answered"] // asked}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "collaborations/intake.html", context, status=status)
