"""Who takes part in a use case: invite, accept, decline, leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation, User
from collaborations import actions, forms, lifecycle
from collaborations.actions.asking import ASKS
from collaborations.actions.partners import OPEN
from collaborations.models import Partner
from collaborations.views.access import acting_for, frame, seen_or_404, trail_to
from web.forms import Reasoned
from web.pages import act_page
from web.steps import Step, offers

STEPS = {
    "accept": Step(
        gettext_lazy("Accept the invitation"), actions.accept_invitation, tone="first",
        intro=gettext_lazy("Your organisation explores this use case with the others. Nothing is computed yet."),
    ),
    "decline": Step(
        gettext_lazy("Decline the invitation"), actions.decline_invitation, Reasoned,
        warning=gettext_lazy("Your organisation no longer sees this use case, unless it is invited again."),
    ),
    "leave": Step(
        gettext_lazy("Leave the use case"), actions.leave, Reasoned,
        warning=gettext_lazy(
            "From now on nothing runs under a contract that your organisation signed here, and your organisation no "
            "longer sees this use case, unless it is invited again."
        ),
    ),
}  # fmt: skip

PARTY_ROLES = {
    "input_party": gettext_lazy("contributes data"),
    "computing_party": gettext_lazy("computes"),
    "result_party": gettext_lazy("receives a result"),
}


@login_required
def partners(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    found = list(use_case.partners.select_related("organisation", "use_case"))
    context = {
        "rows": [_row(partner, request.user) for partner in found],
        "alone": not any(partner.organisation_id != use_case.proposer_id for partner in found),
        "may_invite": use_case.state in OPEN and roles.allowed(request.user, "propose_use_case", use_case.proposer),
        "settled": use_case.specification is not None,
        "outsiders": use_case.outsiders.exclude(state="admitted"),
    }
    return render(request, "collaborations/partners.html", frame(request, use_case, "partners", **context))


@login_required
def partner_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", use_case.proposer)
    taken = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    others = Organisation.objects.filter(state="active").exclude(pk__in=taken)
    form = forms.Invitation.of(request, organisations=others)
    return act_page(
        request,
        form,
        lambda: actions.invite_partner(use_case=use_case, **form.cleaned_data, by=request.user),
        title=_("Invite a partner"),
        submit=_("Invite"),
        intro=_("Its people see the use case as soon as it is proposed, and accept or decline."),
        back=reverse("collaborations:partners", args=[pk]),
        trail=trail_to(use_case),
    )


@login_required
def partner_ask(request: HttpRequest, pk: UUID, partner_pk: int) -> HttpResponse:
    """Asks another partner to do by a day what waits for it."""
    use_case = seen_or_404(request.user, pk)
    partner = get_object_or_404(use_case.partners.select_related("organisation"), pk=partner_pk)
    acting_for(request.user, use_case, ASKS)
    form = forms.AskToAct.of(request)
    name = partner.organisation.name
    return act_page(
        request,
        form,
        lambda: actions.ask_to_act(partner=partner, **form.cleaned_data, by=request.user),
        said=_("%(name)s is asked. The day stands in the inbox of whose turn it is there.") % {"name": name},
        title=_("Ask %(name)s to act by a day") % {"name": name},
        submit=_("Ask"),
        intro=_("It is about what waits for %(name)s now. All partners see who asked, and by when.") % {"name": name},
        back=reverse("collaborations:use_case", args=[pk]),
        trail=trail_to(use_case),
    )


@login_required
def partner_step(request: HttpRequest, pk: UUID, partner_pk: int, name: str) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    partner = get_object_or_404(use_case.partners.select_related("organisation"), pk=partner_pk)
    step = STEPS.get(name)
    if step is None:
        raise Http404
    if not roles.permissions_of(request.user, partner.organisation) & set(lifecycle.PARTNER[name].permissions):
        raise PermissionDenied
    form = step.form.of(request)
    back = reverse("collaborations:partners", args=[pk])
    return act_page(
        request,
        form,
        lambda: step.act(partner=partner, **form.cleaned_data, by=request.user),
        done=back if name == "accept" else reverse("collaborations:use_cases"),
        **step.words,
        back=back,
        trail=trail_to(use_case),
    )


def _row(partner: Partner, user: User) -> dict[str, Any]:
    """The proposer is not offered to leave: it withdraws the use case instead."""
    held = roles.permissions_of(user, partner.organisation)
    proposes = partner.organisation_id == partner.use_case.proposer_id
    steps = {name: step for name, step in STEPS.items() if not (proposes and name == "leave")}
    return {
        "partner": partner,
        "roles": [PARTY_ROLES.get(role, role) for role in partner.party_roles],
        "offers": offers(steps, lifecycle.PARTNER, partner, held, lambda name: _step_url(partner, name)),
    }


def _step_url(partner: Partner, name: str) -> str:
    return reverse("collaborations:partner_step", args=[partner.use_case_id, partner.pk, name])
