"""An organisation as a partner: its data, contacts, deputies, and suspending and reinstating it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import deputies, forms, standing
from accounts.models import Contact, Deputy, Organisation
from accounts.reach import Deed
from accounts.views.organisations import reached_or_403, seen_or_404, trail_to
from web.forms import Confirm, Form
from web.pages import act_page, form_page


@login_required
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was overtaken keeps what was written, and sees what stands there now."""
    organisation = _of_platform(request, slug)
    data = {key: getattr(organisation, key) for key in standing.DATA}
    form = forms.EditOrganisation.of(request, initial={**data, "seen": organisation.revision})
    if form.is_valid():
        with form.accepting():
            standing.edit_organisation(organisation=organisation, **form.cleaned_data, by=request.user)
            messages.success(request, _("The organisation is saved."))
            return redirect("accounts:organisation", slug)
        form.now_seen(organisation.revision)
    back = reverse("accounts:organisation", args=[slug])
    words = {"title": _("Change the organisation"), "submit": _("Save")}
    return form_page(request, form, back=back, trail=trail_to(organisation), **words)


@login_required
def organisation_suspend(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of_platform(request, slug)
    form = forms.ReasonForMembers.of(request)
    return _act(
        request,
        form,
        organisation,
        lambda: standing.suspend_organisation(organisation=organisation, **form.cleaned_data, by=request.user),
        title=_("Suspend %(name)s") % {"name": organisation.name},
        submit=_("Suspend the organisation"),
        warning=_(
            "Its people see nothing and can do nothing here any more, and its station is turned away. Runs in which it"
            " takes part are stopped within seconds and stay stopped, also after the suspension is lifted."
        ),
    )


@login_required
def organisation_reinstate(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of_platform(request, slug)
    form = forms.ReasonForMembers.of(request)
    return _act(
        request,
        form,
        organisation,
        lambda: standing.reinstate_organisation(organisation=organisation, **form.cleaned_data, by=request.user),
        title=_("Lift the suspension of %(name)s") % {"name": organisation.name},
        submit=_("Lift the suspension"),
        intro=_("Its people and its station can do again what they could do before. Stopped runs stay stopped."),
    )


@login_required
def contact_new(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.CONTACTS)
    form = forms.NewContact.of(request)
    return _act(
        request,
        form,
        organisation,
        lambda: standing.add_contact(organisation=organisation, **form.cleaned_data, by=request.user),
        title=_("Add a contact"),
        submit=_("Add the contact"),
        intro=_("Whom other partners and the platform write to. Prefer an address of a function to one of a person."),
    )


@login_required
def contact_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.CONTACTS)
    contact = get_object_or_404(Contact, organisation=organisation, pk=pk)
    form = Confirm.of(request)
    return _act(
        request,
        form,
        organisation,
        lambda: standing.remove_contact(contact=contact, by=request.user),
        title=_("Remove the contact %(name)s") % {"name": contact.name},
        submit=_("Remove the contact"),
        warning=_("The name and the address are deleted. The history tells only that there was such a function."),
    )


@login_required
def deputy_new(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.DEPUTIES)
    form = forms.NewDeputy.of(request, organisation=organisation)
    return _act(
        request,
        form,
        organisation,
        lambda: deputies.name_deputy(**form.given(), by=request.user),
        said=_("The deputy is named."),
        title=_("Name a deputy"),
        submit=_("Name the deputy"),
        intro=_(
            "During these days the deputy may do what the role allows. All timelines name both. A deputy gets no"
            " mandate by this: who adopts or approves needs a mandate in their own name."
        ),
    )


@login_required
def deputy_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = reached_or_403(request.user, slug, Deed.DEPUTIES)
    deputy = get_object_or_404(
        Deputy.objects.select_related("membership__user"), absent__organisation=organisation, pk=pk
    )
    form = Confirm.of(request)
    return _act(
        request,
        form,
        organisation,
        lambda: deputies.end_deputy(deputy=deputy, by=request.user),
        title=_("End the standing in of %(name)s") % {"name": deputy.membership.user.full_name},
        submit=_("End it today"),
        warning=_("From now on this person no longer holds the role. What was done as a deputy stays done."),
    )


def _of_platform(request: HttpRequest, slug: str) -> Organisation:
    """For platform administrators; who works there gets 403, strangers 404."""
    organisation = seen_or_404(request.user, slug)
    standing.require_platform(request.user)
    return organisation


def _act(
    request: HttpRequest, form: Form, organisation: Organisation, act: Callable[[], object], **texts: str
) -> HttpResponse:
    back = reverse("accounts:organisation", args=[organisation.slug])
    return act_page(request, form, act, back=back, trail=trail_to(organisation), **texts)
