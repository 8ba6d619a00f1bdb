"""Asking an organisation that is not on the platform yet, and the platform administrator's answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from collaborations.actions import outsiders
from collaborations.forms_network import Admit, AskOutsider
from collaborations.models import Outsider
from collaborations.views.access import seen_or_404, trail_to
from web.forms import Confirm, Reasoned
from web.pages import form_page


@login_required
def outsider_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", use_case.proposer)
    form, back = AskOutsider.of(request), reverse("collaborations:partners", args=[pk])
    if form.is_valid():
        with form.accepting():
            outsiders.ask_outsider(use_case=use_case, **form.cleaned_data, by=request.user)
            messages.success(request, _("The platform administrator sees your request; an e-mail is on its way."))
            return redirect(back)
    return form_page(
        request, form, title=_("Ask an organisation that is not on the platform yet"), submit=_("Ask"),
        intro=_(
            "The platform administrator adds the organisation; then it is invited as a partner by itself. It gets an "
            "e-mail in Dutch and English with your message and the name of your organisation."
        ),
        back=back, trail=trail_to(use_case),
    )  # fmt: skip


@login_required
def outsider_withdraw(request: HttpRequest, pk: UUID, outsider_pk: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", use_case.proposer)
    found = get_object_or_404(use_case.outsiders, pk=outsider_pk)
    form, back = Confirm.of(request), reverse("collaborations:partners", args=[pk])
    if form.is_valid():
        with form.accepting():
            outsiders.withdraw_outsider(outsider=found, by=request.user)
            return redirect(back)
    return form_page(
        request, form, title=_("Take the request to %(organisation)s back") % {"organisation": found.name},
        submit=_("Take back"), back=back, trail=trail_to(use_case),
        warning=_("It gets an e-mail that the request ended, and its e-mail address is removed."),
    )  # fmt: skip


@login_required
def outsider_admit(request: HttpRequest, outsider_pk: int) -> HttpResponse:
    found = _asked_or_403(request.user, outsider_pk)
    form = Admit.of(request, initial={"name": found.name, "slug": slugify(found.name)[:63]})
    if form.is_valid():
        with form.accepting():
            partner = outsiders.admit_outsider(outsider=found, **form.cleaned_data, by=request.user)
            messages.success(request, _("The organisation is added and invited. Now add its first member."))
            return redirect("accounts:organisation", partner.organisation.slug)
    return form_page(
        request, form, title=_("Add %(organisation)s to the platform") % {"organisation": found.name},
        submit=_("Add the organisation"), back=reverse("inbox:home"), request_shown=found,
        about="collaborations/network_request.html",
    )  # fmt: skip


@login_required
def outsider_decline(request: HttpRequest, outsider_pk: int) -> HttpResponse:
    found = _asked_or_403(request.user, outsider_pk)
    form = Reasoned.of(request)
    if form.is_valid():
        with form.accepting():
            outsiders.decline_outsider(outsider=found, **form.cleaned_data, by=request.user)
            return redirect("inbox:home")
    return form_page(
        request, form, title=_("Do not add %(organisation)s") % {"organisation": found.name}, submit=_("Do not add"),
        warning=_("The request ends and its e-mail address is removed."), back=reverse("inbox:home"),
        request_shown=found, about="collaborations/network_request.html",
    )  # fmt: skip


def _asked_or_403(user: User, pk: int) -> Outsider:
    """The request alone: who administers the platform has no place in the use case."""
    if not roles.manages_platform(user):
        raise PermissionDenied
    return get_object_or_404(Outsider.objects.select_related("use_case__proposer"), pk=pk)
