"""Organisations: their members, roles, mandates. Strangers do not learn that an organisation is here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions, forms, onboarding, reach, roles, staff
from accounts.history import history
from accounts.models import Deputy, Membership, Organisation, OrganisationQuerySet, User
from accounts.reach import Deed
from accounts.second_factor import state
from accounts.support.access import current
from web.pages import Crumb, crumbs, form_page

PER_PAGE = 25
SUPPORT_SHOWN = 5


@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    form = forms.Find(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _seen_by(request.user).found(**wanted)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "narrowed": any(wanted.values()),
        "keep": "".join(f"{key}={quote(value)}&" for key, value in wanted.items() if value),
        "may_create": roles.manages_platform(request.user),
        "trail": crumbs((_("Organisations"), "")),
    }
    return render(request, "accounts/organisations.html", context)


@login_required
def organisation_new(request: HttpRequest) -> HttpResponse:
    if not roles.manages_platform(request.user):
        raise PermissionDenied
    form = forms.NewOrganisation.of(request)
    if form.is_valid():
        with form.accepting():
            made = actions.create_organisation(**form.cleaned_data, by=request.user)
            return redirect("accounts:first_administrator", made.slug)
    back = reverse("accounts:organisations")
    trail = [(_("Organisations"), back)]
    return form_page(
        request, form, title=_("New organisation"), submit=_("Add the organisation"), back=back, trail=trail
    )


@login_required
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """For who works there or is there in support everything; for the platform what is the platform's own."""
    shown = seen_or_404(request.user, slug)
    staff.read(shown)
    far = reach.Reach(request.user, shown, platform_read=shown.by_platform)
    manages, platform, reads = "manage_members" in far.held, far.platform, far.reads
    repairs = far.does(Deed.MEMBERS)
    context = {
        "organisation": shown,
        "contacts": shown.contacts.all(),
        "onboarding": onboarding.lines(shown),
        "support": shown.support.select_related("asked_by")[:SUPPORT_SHOWN],
        "administered": not platform or bool(shown.administrators()),
        "asked_support": current(request.user, shown) if platform else None,
        "may": far.held | ({""} if reads else set()),
        "reads": reads,
        "manages": manages,
        "repairs": repairs,
        "writes_contacts": far.does(Deed.CONTACTS),
        "history": history(shown) if manages or (reads and request.user.support) else [],
        "manages_platform": platform,
        "last": _last_with_factor(shown) if platform and not repairs else None,
        "trail": crumbs((_("Organisations"), reverse("accounts:organisations")), (shown.name, "")),
    }
    return render(request, "accounts/organisation.html", context | (_inside(shown) if reads else {}))


def _last_with_factor(shown: Organisation) -> Membership | None:
    """The only administrator left, when a second factor could be lost: nobody there could reset it."""
    left = shown.administrators()
    return shown.memberships.get(user=left[0]) if len(left) == 1 and state.has(left[0]) else None


def _inside(shown: Organisation) -> dict[str, Any]:
    return {
        "members": [
            {"membership": member, "roles": [forms.role_name(role) for role in member.held]}
            for member in staff.members(shown)
        ],
        "mandates": shown.mandates.all(),
        "deputies": _deputies(shown),
    }


def _deputies(shown: Organisation) -> list[dict[str, Any]]:
    """Those of today and later, with what the role is called."""
    today = timezone.localdate()
    found = Deputy.objects.not_over(today).filter(absent__organisation=shown)
    return [
        {"deputy": deputy, "role": forms.role_name(deputy.role), "now": deputy.first_day <= today}
        for deputy in found.select_related("absent__user", "membership__user")
    ]


def seen_or_404(user: User, slug: str) -> Organisation:
    found = _seen_by(user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def read_or_403(user: User, slug: str) -> Organisation:
    """The organisation, for who works there or is there in support; strangers get 404."""
    found = seen_or_404(user, slug)
    if not reach.reads(user, found):
        raise PermissionDenied
    return found


def reached_or_403(user: User, slug: str, deed: Deed) -> Organisation:
    """The organisation, for who may do this there; other members get 403, strangers 404."""
    found = seen_or_404(user, slug)
    reach.require(user, found, deed)
    return found


def trail_to(organisation: Organisation) -> list[Crumb]:
    page = reverse("accounts:organisation", args=[organisation.slug])
    return [(_("Organisations"), reverse("accounts:organisations")), (organisation.name, page)]


def _seen_by(user: User) -> OrganisationQuerySet:
    """A suspended organisation is still seen by who works there: they read why."""
    if not user.is_active:
        return Organisation.objects.none()
    own = user.memberships.filter(active=True).values("organisation")
    seen = Organisation.objects.annotate(by_platform=Exists(roles.platform_work(user)))
    return seen.filter(Q(pk__in=own) | Q(by_platform=True))
