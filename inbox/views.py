"""The first page: what waits for this person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from collaborations.models import UseCase
from inbox.waiting import waiting_for

PER_PAGE = 50


@login_required
def home(request: HttpRequest) -> HttpResponse:
    items = waiting_for(request.user)
    context = {
        "page": Paginator(items, PER_PAGE).get_page(request.GET.get("page")),
        "any_use_case": bool(items) or UseCase.objects.visible_to(request.user).exists(),
    }
    return render(request, "inbox/home.html", context)
