"""Members of one organisation, what they may do there, and who may bind it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import actions, forms, roles
from accounts.inviting import invite
from accounts.models import Membership
from accounts.reach import Deed
from accounts.second_factor import state
from accounts.views.organisations import reached_or_403, seen_or_404, trail_to
from web.forms import Confirm
from web.pages import act_page, form_page


@login_required
def member_new(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.MEMBERS)
    form = forms.NewMember.of(request)
    if form.is_valid():
        with form.accepting():
            made = actions.add_member(organisation=organisation, **form.cleaned_data, by=request.user)
            _invite(made, request)
            return redirect("accounts:member", slug, made.pk)
    return form_page(
        request,
        form,
        title=_("Add a member"),
        submit=_("Add the member"),
        intro=_("The person gets an e-mail with a link to choose a password, in the language you choose here."),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


def _invite(membership: Membership, request: HttpRequest) -> None:
    """After the membership is stored: a mail that fails takes nothing back."""
    if invite(membership):
        messages.success(request, _("The member is added and invited by e-mail. Now choose the roles."))
        return
    messages.warning(
        request,
        _(
            "The member is added, but the e-mail could not be sent. Ask the person to choose a password with “I have"
            " forgotten my password” on the log-in page. Now choose the roles."
        ),
    )


@login_required
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.MEMBERS)
    membership = get_object_or_404(organisation.memberships.filter(active=True), pk=pk)
    held = roles.held(membership)
    first, platform = {"roles": sorted(held), "seen": roles.mark(held)}, roles.manages_platform(request.user)
    form = forms.Roles.of(request, initial=first, platform=platform)
    back = reverse("accounts:organisation", args=[slug])
    if form.is_valid():
        with form.accepting():
            wanted, seen = set(form.cleaned_data["roles"]), form.cleaned_data["seen"]
            actions.change_roles(membership=membership, wanted=wanted, seen=seen, by=request.user)
            messages.success(request, _("The roles are saved."))
            return redirect(back)
        form.now_seen(roles.mark(roles.held(membership)))
    return form_page(
        request,
        form,
        title=membership.user.full_name,
        submit=_("Save the roles"),
        back=back,
        trail=trail_to(organisation),
        also=_reset_link(membership),
        danger={"url": reverse("accounts:end_membership", args=[slug, pk]), "label": _("End this membership")},
    )


def _reset_link(membership: Membership) -> dict[str, str]:
    """Only where there is something to reset."""
    if not state.has(membership.user):
        return {}
    url = reverse("accounts:member_reset", args=[membership.organisation.slug, membership.pk])
    return {"url": url, "label": _("Lost telephone: reset the second factor")}


@login_required
def end_membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.MEMBERS)
    membership = get_object_or_404(organisation.memberships.filter(active=True), pk=pk)
    form = Confirm.of(request)
    return act_page(
        request,
        form,
        lambda: actions.remove_member(membership=membership, by=request.user),
        done=reverse("accounts:organisation", args=[slug]),
        title=_("End the membership of %(name)s") % {"name": membership.user.full_name},
        submit=_("End the membership"),
        warning=_("All roles here are taken away at once. What this person did stays in the timelines."),
        back=reverse("accounts:member", args=[slug, pk]),
        trail=trail_to(organisation),
    )


@login_required
def mandate_new(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.MANDATES)
    form = forms.NewMandate.of(request, organisation=organisation)
    return act_page(
        request,
        form,
        lambda: actions.record_mandate(organisation=organisation, **form.cleaned_data, by=request.user),
        title=_("Record a mandate"),
        submit=_("Record the mandate"),
        intro=_("Adopting a DPIA and approving a legal basis need a mandate in force, next to the role."),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


@login_required
def mandate_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.MANDATES)
    mandate = get_object_or_404(organisation.mandates.filter(withdrawn_on=None), pk=pk)
    form = forms.MandateEnd.of(request)
    return act_page(
        request,
        form,
        lambda: actions.withdraw_mandate(mandate=mandate, **form.cleaned_data, by=request.user),
        title=_("Withdraw the mandate of %(name)s") % {"name": mandate.holder.full_name},
        submit=_("Withdraw the mandate"),
        warning=_(
            "From today this person cannot bind the organisation. What was decided before stays decided, unless you put"
            " that in doubt here."
        ),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


@login_required
def mandate_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = seen_or_404(request.user, slug)
    roles.require(request.user, "approve_basis", organisation)
    mandate = get_object_or_404(organisation.mandates, pk=pk)
    form = forms.ReasonForMembers.of(request)
    return act_page(
        request,
        form,
        lambda: actions.confirm_mandate(mandate=mandate, **form.cleaned_data, by=request.user),
        title=_("Confirm what was signed under the mandate of %(name)s") % {"name": mandate.holder.full_name},
        submit=_("Confirm what was signed"),
        intro=_(
            "Under your own mandate you take over what was adopted and signed under this one, so that runs can rest on"
            " it again. Legal bases that were suspended are taken up one by one on their own pages."
        ),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )
