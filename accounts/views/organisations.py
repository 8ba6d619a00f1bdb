"""Organisations: their members, roles, mandates. Strangers do not learn that an organisation is here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions, forms, onboarding, roles
from accounts.history import history
from accounts.models import Deputy, Organisation, OrganisationQuerySet, User
from web.pages import Crumb, crumbs, form_page

PER_PAGE = 25


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
            return redirect("accounts:organisation", made.slug)
    back = reverse("accounts:organisations")
    trail = [(_("Organisations"), back)]
    return form_page(
        request, form, title=_("New organisation"), submit=_("Add the organisation"), back=back, trail=trail
    )


@login_required
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    shown = seen_or_404(request.user, slug)
    platform = roles.manages_platform(request.user)
    held = roles.permissions_of(request.user, shown) | ({"manage_members"} if platform else set())
    members = shown.memberships.filter(active=True).select_related("user").prefetch_related("roles")
    context = {
        "organisation": shown,
        "members": [
            {"membership": member, "roles": [forms.role_name(held.role) for held in member.roles.all()]}
            for member in members.order_by("user__full_name")
        ],
        "mandates": shown.mandates.select_related("holder").order_by("-valid_to"),
        "deputies": _deputies(shown),
        "contacts": shown.contacts.all(),
        "onboarding": onboarding.lines(shown),
        "may": held | {""},
        "manages": "manage_members" in held,
        "history": history(shown) if "manage_members" in held else [],
        "manages_platform": platform,
        "trail": crumbs((_("Organisations"), reverse("accounts:organisations")), (shown.name, "")),
    }
    return render(request, "accounts/organisation.html", context)


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


def managed_or_403(user: User, slug: str) -> Organisation:
    """The organisation, for who manages its members; other members get 403, strangers 404."""
    found = seen_or_404(user, slug)
    if not manages(user, found):
        raise PermissionDenied
    return found


def manages(user: User, organisation: Organisation) -> bool:
    return roles.manages_platform(user) or roles.allowed(user, "manage_members", organisation)


def trail_to(organisation: Organisation) -> list[Crumb]:
    page = reverse("accounts:organisation", args=[organisation.slug])
    return [(_("Organisations"), reverse("accounts:organisations")), (organisation.name, page)]


def _seen_by(user: User) -> OrganisationQuerySet:
    """A suspended organisation is still seen by who works there: they read why."""
    everything = roles.manages_platform(user)
    found = Organisation.objects.all()
    return found if everything else found.filter(pk__in=user.memberships.filter(active=True).values("organisation"))
