"""A trial becomes the draft of the real specification: what differs is shown first, and confirmed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from collaborations.views.access import trail_to
from computations import actions
from computations.specifying import promoting, starting
from computations.views.contracts import seen_contract_or_404
from web.forms import Form
from web.pages import form_page


class Promote(Form):
    """``shown`` and ``seen``: what this person was shown, and the draft that stood there."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(
        label=gettext_lazy("I read what differs. From here on it is about real data."),
        error_messages={"required": gettext_lazy("Read what differs, then tick this.")},
    )

    def now(self, shown: str, seen: int) -> None:
        """The page shows this now; sending it again is about this one."""
        if self.is_bound:
            self.data = {**self.data.dict(), "shown": shown, "seen": seen}


@login_required
def promote(request: HttpRequest, pk: UUID) -> HttpResponse:
    contract = seen_contract_or_404(request.user, pk)
    use_case = contract.use_case
    roles.require(request.user, "specify", use_case.proposer)
    found, draft = promoting.promotion(use_case, contract), starting.current(use_case)
    form = Promote.of(request, initial={"shown": found.sha256, "seen": draft.revision})
    if form.is_valid():
        with form.accepting():
            confirmed = {key: form.cleaned_data[key] for key in ("shown", "seen")}
            actions.promote_trial(contract=contract, by=request.user, **confirmed)
            messages.success(request, _("The trial is the draft now. Read it through, then save it as a version."))
            return redirect("computations:draft", use_case.pk)
    form.now(found.sha256, draft.revision)
    page = reverse("computations:contract", args=[use_case.pk])
    return form_page(
        request, form, title=_("Use this trial for the real specification"), submit=_("Make it the draft"), back=page,
        intro=_("What the trial computed becomes the draft of the real specification. Nothing else changes until "
                "somebody saves that draft as a version."),
        warning="" if draft._state.adding else _("What is in the draft now is replaced as a whole."),
        trail=[*trail_to(use_case), (_("Contract"), page)], about="computations/promoting.html",
        promotion=found, assessing=use_case.state == "assessing",
    )  # fmt: skip
