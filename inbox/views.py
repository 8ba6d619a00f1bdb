"""The first page: what waits for this person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.notices import notices
from collaborations.models import UseCase
from inbox.mentions import asked_of
from inbox.waiting import open_use_cases, waiting_for

USE_CASES_PER_PAGE = 100


@login_required
def home(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_use_cases(request.user), USE_CASES_PER_PAGE).get_page(request.GET.get("page"))
    items = waiting_for(request.user, page.object_list)
    takes_part = bool(items) or UseCase.objects.visible_to(request.user).exists()
    context = {"page": page, "items": items, "takes_part": takes_part, "asked": asked_of(request.user)}
    context["notices"] = notices(request.user)
    return render(request, "inbox/home.html", context)
