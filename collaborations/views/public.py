"""What use cases tell everybody, without log-in: the words that all partners agreed to, and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from collaborations.actions import network
from collaborations.forms_network import OnBehalf
from collaborations.models import Summary
from collaborations.views.calls import answering_or_403
from web.language import language
from web.pages import crumbs, form_page
from web.steps import Step

PER_PAGE = 25


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    found = Summary.objects.public().order_by("-state_since", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": [_words(row) for row in page if row.intact],
        "trail": crumbs((_("Public use cases"), "")),
    }
    return render(request, "collaborations/network_public.html", context)


@require_safe
def public_use_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = _summary_or_404(pk)
    words = _words(shown)
    own = Organisation.objects.of(request.user).distinct() if request.user.is_authenticated else []
    context = {
        **words,
        "interested": shown.use_case.interests.filter(call=None, organisation__in=own).exists() if own else False,
        "trail": crumbs((_("Public use cases"), reverse("collaborations:public")), (words["title"], "")),
    }
    return render(request, "collaborations/network_public_one.html", context)


STEPS = {
    "interest": Step(
        gettext_lazy("Mark interest"), network.mark_interest, OnBehalf,
        intro=gettext_lazy("The partners of the use case see the name of your organisation. It binds to nothing."),
    ),
    "no-interest": Step(gettext_lazy("Take the interest back"), network.take_back_interest, OnBehalf),
}  # fmt: skip


@login_required
def public_step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    shown, step = _summary_or_404(pk), STEPS.get(name)
    if step is None:
        raise Http404
    form = step.form.of(request, organisations=answering_or_403(request.user))
    back = reverse("collaborations:public_use_case", args=[pk])
    about = {"summary": shown} if name == "interest" else {"use_case": shown.use_case}
    if form.is_valid():
        with form.accepting():
            step.act(**about, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved. The partners of the use case can see it."))
            return redirect(back)
    return form_page(request, form, **step.words, back=back, trail=[(_words(shown)["title"], back)])


def _summary_or_404(pk: UUID) -> Summary:
    """A text that is not what its hash says is not shown either."""
    found = Summary.objects.public().filter(use_case=pk).select_related("use_case").first()
    if found is None or not found.intact:
        raise Http404
    return found


def _words(summary: Summary) -> dict[str, str]:
    """In the reader's language."""
    words, end = summary.document(), language()
    url = reverse("collaborations:public_use_case", args=[summary.use_case_id])
    return {"title": words[f"title_{end}"], "text": words[f"text_{end}"], "url": url}
