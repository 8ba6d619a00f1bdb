"""Who takes part in a use case: invite, accept, decline, leave."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Organisation
from collaborations import actions, forms, lifecycle
from collaborations.views.access import frame, seen_or_404, trail_to
from web.forms import Reasoned
from web.pages import form_page
from web.steps import Step, offers

STEPS = {
    "accept": Step(
        gettext_lazy("Accept the invitation"), actions.accept_invitation, tone="first",
        intro=gettext_lazy("Your organisation explores this use case with the others. Nothing is computed yet."),
    ),
    "decline": Step(gettext_lazy("Decline the invitation"), actions.decline_invitation, Reasoned),
    "leave": Step(
        gettext_lazy("Leave the use case"), actions.leave, Reasoned,
        warning=gettext_lazy("From now on nothing runs under a contract that your organisation signed here."),
    ),
}  # fmt: skip


@login_required
def partners(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    rows = []
    for partner in use_case.partners.select_related("organisation"):
        held = roles.permissions_of(request.user, partner.organisation)
        url = lambda name, key=partner.pk: reverse("collaborations:partner_step", args=[pk, key, name])  # noqa: E731
        rows.append((partner, offers(STEPS, lifecycle.PARTNER, partner, held, url)))
    may_invite = roles.allowed(request.user, "propose_use_case", use_case.proposer)
    context = {"rows": rows, "may_invite": may_invite, "spec": use_case.specification}
    return render(request, "collaborations/partners.html", frame(request, use_case, "partners", **context))


@login_required
def partner_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    roles.require(request.user, "propose_use_case", use_case.proposer)
    taken = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    others = Organisation.objects.filter(state="active").exclude(pk__in=taken)
    form = forms.Invitation.of(request, organisations=others)
    if form.is_valid():
        with form.accepting():
            actions.invite_partner(use_case=use_case, **form.cleaned_data, by=request.user)
            return redirect("collaborations:partners", pk)
    back = reverse("collaborations:partners", args=[pk])
    return form_page(request, form, title=_("Invite a partner"), submit=_("Invite"), back=back, trail=trail_to(use_case))


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
    if form.is_valid():
        with form.accepting():
            step.act(partner=partner, **form.cleaned_data, by=request.user)
            return redirect("collaborations:use_cases" if name == "decline" else back)
    return form_page(
        request,
        form,
        title=str(step.label),
        submit=str(step.label),
        intro=str(step.intro),
        warning=str(step.warning),
        back=back,
        trail=trail_to(use_case),
    )
