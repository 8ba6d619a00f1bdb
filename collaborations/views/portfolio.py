"""The use cases as a list and as a board."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from collaborations import kept, portfolio
from collaborations.models import UseCase, UseCaseQuerySet
from collaborations.models.plan import THEMES
from collaborations.own_turns import blockers, held_by
from collaborations.portfolio import Wanted
from web.pages import crumbs
from web.templatetags.components import options

PER_PAGE = 25
REMEMBERED_SECONDS = 60
"""What a reader can choose from is worked out once a minute; what is found, at every look."""


@login_required
def use_case_list(request: HttpRequest) -> HttpResponse:
    wanted = Wanted.read(request.GET)
    rows = portfolio.found(request.user, wanted, held_by(request.user) if wanted.mine else {})
    context = {
        "wanted": wanted,
        "as_list": wanted.address(view=""),
        "as_board": wanted.address(view="board"),
        "states": UseCase.State.choices,
        "themes": THEMES,
        "sorts": [(key, label) for key, (label, _order) in portfolio.SORTS.items()],
        "trail": crumbs((_("Use cases"), "")),
        **_choices(request.user, wanted.partner),
        **(_board(rows, wanted) if wanted.view else _list(request, rows, wanted)),
    }
    return render(request, "collaborations/use_cases.html", context)


def _choices(user: User, partner: str) -> dict[str, Any]:
    """What can be chosen as a partner is remembered as it is written, since these are hundreds. Whether the button to a
    new use case is shown is a courtesy as well: the page behind it asks again."""

    def worked_out() -> dict[str, Any]:
        held = held_by(user)
        may_propose = any("propose_use_case" in permissions for _organisation, permissions in held.values())
        partners = list(portfolio.partners_of(user))
        return {"partners": partners, "partner_options": options(partners), "may_propose": may_propose}

    support = user.support.pk if user.support else ""
    key = f"portfolio:{user.pk}:{support}"
    found: dict[str, Any] = cache.get_or_set(key, worked_out, REMEMBERED_SECONDS)
    return found | {"partner_options": options(found["partners"], partner)} if partner else found


def _list(request: HttpRequest, rows: UseCaseQuerySet, wanted: Wanted) -> dict[str, Any]:
    page = Paginator(portfolio.shown(rows), PER_PAGE).get_page(request.GET.get("page"))
    address, shown = wanted.address(), list(page.object_list)
    if late := kept.wanted().intersection(use_case.pk for use_case in shown):
        kept.bring_up_to_date(UseCase.objects.filter(pk__in=late))
    waits = blockers(shown)
    return {
        "page": page,
        "rows": portfolio.rows(shown, waits),
        "number": page.paginator.count,
        "keep": f"{address}&" if address else "",
    }


def _board(rows: UseCaseQuerySet, wanted: Wanted) -> dict[str, Any]:
    columns = portfolio.board(rows, wanted)
    return {"columns": columns, "number": sum(column.number for column in columns)}
