"""Support access on pages: asking, answering, using and ending it, and what was done under it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import actions as members
from accounts import forms, reach, roles
from accounts.inviting import invite
from accounts.models import Organisation, SupportAccess, User
from accounts.standing import require_platform
from accounts.support import actions
from accounts.support.lifecycle import SUPPORT
from accounts.support.middleware import KEY
from accounts.views.organisations import seen_or_404, trail_to
from audit.models import Event
from audit.sentences import told
from web.language import language
from web.pages import Crumb, act_page, crumbs, form_page
from web.steps import Step, offers

PER_PAGE = 50
STEPS: dict[str, Step] = {
    "grant": Step(
        gettext_lazy("Grant support access"),
        actions.grant,
        intro=gettext_lazy(
            "For these hours the platform administrator reads your pages and the dossiers of your use cases, and may"
            " repair memberships, roles and lost second factors. Results, internal notes, mandates and decisions stay"
            " closed. You see every step, and end it when you like."
        ),
        tone="first",
    ),
    "refuse": Step(gettext_lazy("Refuse"), actions.refuse, form=forms.RefuseSupport),
    "withdraw": Step(gettext_lazy("Withdraw the question"), actions.withdraw),
    "end": Step(
        gettext_lazy("End support access"),
        actions.end,
        warning=gettext_lazy("It ends at once. For another time it has to be asked for again."),
        tone="stop",
    ),
}


@login_required
def first_administrator(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = seen_or_404(request.user, slug)
    require_platform(request.user)
    form = forms.NewMember.of(request)
    back = reverse("accounts:organisation", args=[slug])
    if form.is_valid():
        with form.accepting():
            made = members.name_first_administrator(organisation=organisation, **form.cleaned_data, by=request.user)
            messages.success(request, _("The administrator is named.") + " " + _told(invite(made)))
            return redirect(back)
    intro = _(
        "Whom you name here administers this organisation from then on: invites members and gives roles. You can do"
        " this only while nobody administers it."
    )
    words = {"title": _("Name the first administrator"), "submit": _("Name and invite"), "intro": intro}
    return form_page(request, form, back=back, trail=trail_to(organisation), **words)


def _told(sent: bool) -> str:
    if sent:
        return _("An e-mail with the invitation is on its way.")
    return _(
        "The e-mail could not be sent: ask the person to choose a password with “I have forgotten my password” on the"
        " log-in page."
    )


@login_required
def support_ask(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = seen_or_404(request.user, slug)
    require_platform(request.user)
    form = forms.AskSupport.of(request)
    return act_page(
        request,
        form,
        lambda: actions.ask(organisation=organisation, **form.cleaned_data, by=request.user),
        said=_("Your question is with the administrators of the organisation. You get an e-mail when they answer."),
        title=_("Ask %(name)s for support access") % {"name": organisation.name},
        submit=_("Ask"),
        intro=_("An administrator of the organisation grants or refuses it, and sees everything you open under it."),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


@login_required
def support(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was asked, what was answered, and each step under it: for the organisation and for who asked."""
    organisation, access = _access(request.user, slug, pk)
    events = Event.objects.about(access)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    url = reverse("accounts:support", args=[slug, pk])
    context = {
        "access": access,
        "organisation": organisation,
        "page": page,
        "offers": offers(STEPS, SUPPORT, access, _held(request.user, access), lambda name: f"{url}{name}/"),
        "entries": told(page.object_list, language=language(), names={"organisation": {slug: organisation.name}}),
        "begins": access.runs and access.asked_by == request.user and request.user.support is None,
        "trail": crumbs(*trail_to(organisation), (_("Support access"), "")),
    }
    return render(request, "accounts/support/page.html", context)


@login_required
def support_step(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    organisation, access = _access(request.user, slug, pk)
    if name not in STEPS:
        raise Http404
    if not _held(request.user, access) & set(SUPPORT[name].permissions):
        raise PermissionDenied
    step, back = STEPS[name], reverse("accounts:support", args=[slug, pk])
    form = step.form.of(request)
    return act_page(
        request,
        form,
        lambda: step.act(access=access, **form.cleaned_data, by=request.user),
        about="accounts/support/facts.html",
        access=access,
        back=back,
        trail=_trail(organisation, back),
        **step.words,
    )


@login_required
@require_POST
def support_begin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _organisation, access = _access(request.user, slug, pk)
    actions.begin(access=access, by=request.user)
    request.session[KEY] = access.pk
    return redirect("accounts:organisation", slug)


@login_required
@require_POST
def support_leave(request: HttpRequest) -> HttpResponse:
    """Back to one's own work; until its time the access can be taken up again."""
    request.session.pop(KEY, None)
    messages.success(request, _("You are back in your own work."))
    return redirect("accounts:organisations")


def _access(user: User, slug: str, pk: int) -> tuple[Organisation, SupportAccess]:
    organisation = seen_or_404(user, slug)
    access = get_object_or_404(organisation.support.select_related("asked_by", "answered_by", "organisation"), pk=pk)
    if access.asked_by != user and not reach.reads(user, organisation):
        raise PermissionDenied
    return organisation, access


def _held(user: User, access: SupportAccess) -> set[str]:
    """What counts here: to answer for the organisation, or to be the one who asked."""
    asked = {"manage_platform"} if access.asked_by == user else set()
    return asked | (roles.permissions_of(user, access.organisation) & {"manage_members"})


def _trail(organisation: Organisation, page: str) -> list[Crumb]:
    return [*trail_to(organisation), (_("Support access"), page)]
