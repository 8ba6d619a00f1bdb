"""Writing down a use case: a draft that is kept however little stands in it, and a start from an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation
from collaborations import actions
from collaborations.actions.intake import last_writer
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
        if UseCase.objects.filter(pk=key, proposed_by=request.user).exists():
            return use_case_edit(request, key)  # the page did not hear that the draft was kept, or came back later

        def start() -> UseCase:
            return actions.start_draft(key=key, organisation=organisation, **form.texts(), by=request.user)

        if "typing" in request.POST:
            return _kept(form, start)
        with form.accepting():
            return _saved(request, start())
    if "typing" in request.POST:
        return _not_kept(form)
    trail = crumbs((_("Use cases"), reverse("collaborations:use_cases")), (_("New use case"), ""))
    context = {"form": form, "title": _("New use case"), "trail": trail, "back": reverse("collaborations:use_cases")}
    return _page(request, context | {"lenient": True, "answered": 0})


@login_required
def use_case_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who was overtaken keeps what was written, and sees what differs from what stands there now."""
    shown = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", shown.proposer)
    form, typing = Intake.of(request, initial=Intake.filled(shown)), "typing" in request.POST
    if form.is_valid():
        texts = {"seen": form.cleaned_data["seen"], "while_typing": typing, **form.texts()}

        def edit() -> UseCase:
            return actions.edit_use_case(use_case=shown, **texts, by=request.user)

        if typing:
            return _kept(form, edit) if not _overtaken(form, shown) else _behind(shown)
        with form.accepting():
            return _saved(request, edit())
        shown.refresh_from_db()
    if typing:
        return _not_kept(form)
    stale = form.is_bound and form.data.get("seen", "") != str(shown.revision)
    context = {
        "form": form,
        "conflict": form.differences(shown) if stale else [],
        "title": _("Change the text"),
        "trail": crumbs(*trail_to(shown), (_("Change the text"), "")),
        "back": reverse("collaborations:use_case", args=[pk]),
        "lenient": shown.state == "draft",
        "answered": _answered(shown),
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


def _kept(form: Intake, act: Callable[[], UseCase]) -> HttpResponse:
    """For the page that saves while somebody types: when that was, and what it goes on from."""
    with form.accepting():
        made = act()
        answered, now = _answered(made), timezone.localtime()
        return JsonResponse({
            "said": _("Saved at %(time)s.") % {"time": formatted(now, "H:i")},
            "seen": made.revision,
            "url": reverse("collaborations:use_case_edit", args=[made.pk]),
            "percent": 100 * answered // len(ASKED),
            "progress": _progress(answered),
        })  # fmt: skip
    return _not_kept(form)


def _overtaken(form: Intake, use_case: UseCase) -> bool:
    return form.cleaned_data["seen"] not in (None, use_case.revision)


def _behind(use_case: UseCase) -> HttpResponse:
    said = _("Not saved: %(who)s changed this text meanwhile. Choose “Save as draft” to see what differs.")
    return JsonResponse({"said": said % {"who": last_writer(use_case)}}, status=422)


def _not_kept(form: Intake) -> HttpResponse:
    """What stands in the way, by the name of its question. Nothing is lost: it stands in the page."""
    told = [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
    return JsonResponse({"said": " ".join([_("Not saved yet."), *told])}, status=422)


def _answered(use_case: UseCase) -> int:
    return sum(question.answered for question in questions(use_case))


def _progress(answered: int) -> str:
    return _("%(answered)s of %(asked)s questions") % {"answered": answered, "asked": len(ASKED)}


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form, answered = context["form"], context["answered"]
    context |= {"percent": 100 * answered // len(ASKED), "progress": _progress(answered)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "collaborations/intake.html", context, status=status)
