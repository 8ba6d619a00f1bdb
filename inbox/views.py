"""The first page: what waits for this person, what ends soon, what changed, and how they want e-mail."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import roles
from accounts.models import User
from accounts.notices import notices
from accounts.support import turns as support
from collaborations.models import UseCase, WaitingTurn
from collaborations.outside import requests_for
from collaborations.own_turns import held_at
from inbox.changes import looked, news_of
from inbox.mentions import asked_of
from inbox.models import MailWish, Reminder
from inbox.stopped import Stopped, stopped
from inbox.waiting import ORDERS, Held, items, ordered
from web.moments import Days

TURNS_PER_PAGE, USE_CASES_PER_PAGE = 25, 100
REMINDERS = 20
LABELS = {"deadline": _("by deadline"), "since": _("longest waiting first"), "use_case": _("by use case")}
"""What is said of each of the ``ORDERS``."""


@login_required
def home(request: HttpRequest) -> HttpResponse:
    user, order = request.user, request.GET.get("order", "")
    order = order if order in ORDERS else "deadline"
    places = roles.places(user)
    held = held_at(places)
    page, rows = _page(ordered(user, held, order), request.GET.get("page", ""))
    found = items(held, rows)
    takes_part = bool(found) or UseCase.objects.visible_to(user).exists()
    days = Days()
    lines = [item.line(days) for item in found]
    context = {"page": page, "items": lines, "takes_part": takes_part, "asked": asked_of(user)}
    context |= {"order": order, "orders": LABELS.items(), "keep": f"order={order}&"}
    context |= {"notices": notices(user, places), "support": support.waiting(user, places)}
    context |= {"requests": requests_for(user), "reminders": _reminders(user), "stopped": _stopped(user, held)}
    return render(request, "inbox/home.html", context)


@login_required
def news(request: HttpRequest) -> HttpResponse:
    """What others did since this person last looked; closed use cases too, the newest first."""
    visible = UseCase.objects.visible_to(request.user).order_by("-state_since", "pk")
    page = Paginator(visible.only("title", "state_since"), USE_CASES_PER_PAGE).get_page(request.GET.get("page"))
    wish = MailWish.objects.filter(user=request.user).first()
    context = {"page": page, "news": news_of(request.user, page.object_list), "wishes": MailWish.WHEN, "wish": wish}
    return render(request, "inbox/news_page.html", context)


@login_required
@require_POST
def reminder_seen(request: HttpRequest) -> HttpResponse:
    """Only one's own; an old page or another's number marks nothing."""
    key = request.POST.get("reminder", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        Reminder.objects.filter(user=request.user, pk=int(key), seen_at=None).update(seen_at=timezone.now())
        cache.delete(f"reminders:{request.user.pk}")
    return redirect("inbox:home")


@login_required
@require_POST
def use_case_seen(request: HttpRequest, pk: UUID) -> HttpResponse:
    looked(request.user, get_object_or_404(UseCase.objects.visible_to(request.user), pk=pk))
    return redirect("inbox:news")


@login_required
@require_POST
def mail_wish(request: HttpRequest) -> HttpResponse:
    """Anything that is not one of the three leaves the wish as it was."""
    when = request.POST.get("when", "")
    if when in dict(MailWish.WHEN):
        MailWish.objects.update_or_create(user=request.user, defaults={"when": when})
    return redirect("inbox:news")


def _page(rows: QuerySet[WaitingTurn], wanted: str) -> tuple[Page[int], list[WaitingTurn]]:
    """The rows of one page and how many pages there are, in one query; the first page when there is no such page."""
    number = max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    counted = rows.annotate(total=Window(Count("pk")))
    found = list(counted[(number - 1) * TURNS_PER_PAGE : number * TURNS_PER_PAGE])
    if not found and number > 1:
        return _page(rows, "")
    total = found[0].total if found else 0
    return Paginator(range(total), TURNS_PER_PAGE).get_page(number), found


def _reminders(user: User) -> list[Reminder]:
    """Remembered for a minute: that is how often new ones are made."""
    found: list[Reminder] = cache.get_or_set(
        f"reminders:{user.pk}", lambda: list(Reminder.objects.filter(user=user, seen_at=None)[:REMINDERS]), 60
    )
    return found


def _stopped(user: User, held: Held) -> list[Stopped]:
    """Remembered for a minute: that is how often plans are looked at."""
    found: list[Stopped] = cache.get_or_set(f"stopped:{user.pk}", lambda: stopped(user, held), 60)
    return found
