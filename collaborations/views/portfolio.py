"""The use cases as a list and as a board."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from collaborations import kept, portfolio
from collaborations.models import UseCase, UseCaseQuerySet
from collaborations.models.plan import THEMES
from collaborations.own_turns import blockers, held_by
from collaborations.portfolio import Wanted
from web.pages import crumbs

PER_PAGE = 50


@login_required
def use_case_list(request: HttpRequest) -> HttpResponse:
    wanted = Wanted.read(request.GET)
    held = held_by(request.user)
    rows = portfolio.found(request.user, wanted, held)
    context = {
        "wanted": wanted,
        "as_list": wanted.address(view=""),
        "as_board": wanted.address(view="board"),
        "states": UseCase.State.choices,
        "themes": THEMES,
        "partners": list(portfolio.partners_of(request.user)),
        "sorts": [(key, label) for key, (label, _order) in portfolio.SORTS.items()],
        "may_propose": any("propose_use_case" in permissions for _organisation, permissions in held.values()),
        "trail": crumbs((_("Use cases"), "")),
        **(_board(rows, wanted) if wanted.view else _list(request, rows, wanted)),
    }
    return render(request, "collaborations/use_cases.html", context)


def _list(request: HttpRequest, rows: UseCaseQuerySet, wanted: Wanted) -> dict[str, Any]:
    page = Paginator(portfolio.shown(rows), PER_PAGE).get_page(request.GET.get("page"))
    address = wanted.address()
    kept.bring_up_to_date(UseCase.objects.filter(pk__in=[use_case.pk for use_case in page]))
    waits = blockers(page)
    return {
        "page": page,
        "waits": [(use_case, waits.get(use_case.pk, [])) for use_case in page],
        "number": page.paginator.count,
        "keep": f"{address}&" if address else "",
    }


def _board(rows: UseCaseQuerySet, wanted: Wanted) -> dict[str, Any]:
    columns = portfolio.board(rows, wanted)
    return {"columns": columns, "number": sum(column.number for column in columns)}
