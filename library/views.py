"""What was learned: closed use cases with their outcome and lessons."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from collaborations.models import UseCase
from web.pages import crumbs

PER_PAGE = 20


@login_required
def lessons(request: HttpRequest) -> HttpResponse:
    closed = UseCase.objects.visible_to(request.user).filter(state="closed").select_related("proposer")
    context = {
        "page": Paginator(closed.order_by("-state_since"), PER_PAGE).get_page(request.GET.get("page")),
        "trail": crumbs((_("What we learned"), "")),
    }
    return render(request, "library/lessons.html", context)
