"""Finding use cases: what an address asks for, and the rows it gives. Everything a reader chooses is in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from collaborations.models import Partner, UseCase, UseCaseQuerySet
from collaborations.models.plan import THEMES
from collaborations.own_turns import Blocker, Held, waiting_for
from web.addresses import addresses
from web.moments import Days
from web.templatetags.components import badge
from web.tones import tone

ROAD = ("draft", "proposed", "exploring", "assessing", "authorised", "closed")
"""The columns that the board always has; those beside the road come when there is something in them."""
PER_COLUMN = 12
LONGEST_QUERY = 200
SHORTEST_PART = 3
"""From so many letters on, a part of a word of the title is enough."""
SORTS = {
    "newest": (_("newest first"), ["-created_at", "pk"]),
    "still": (_("longest standing still first"), ["state_since", "pk"]),
    "title": (_("title"), ["title", "pk"]),
}
SHOWN = ("title", "theme", "state", "state_since", "created_at", "proposer__name")
NAMED = [key for key, _label in THEMES if key != "other"]


@dataclass(frozen=True)
class Wanted:
    """What is asked for. An unknown value asks for nothing, so an old or mistyped address still shows something."""

    view: str = ""
    q: str = ""
    state: str = ""
    theme: str = ""
    partner: str = ""
    mine: str = ""
    sort: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Wanted:
        known = {"view": {"board"}, "state": set(UseCase.State.values), "theme": dict(THEMES), "mine": {"1"},
                 "sort": SORTS}  # fmt: skip
        chosen = {name: str(given.get(name, "")) for name in known}
        fitting = {name: value for name, value in chosen.items() if value in known[name]}
        texts = {name: _plain(given.get(name, "")) for name in ("q", "partner")}
        return cls(**fitting, **texts)

    def address(self, **changes: str) -> str:
        """The query of the same choice, but for the changes; only what is chosen stands in it."""
        return urlencode({name: value for name, value in asdict(replace(self, **changes)).items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.state or self.theme or self.partner or self.mine)


@dataclass(frozen=True)
class Column:
    state: str
    label: str
    number: int
    use_cases: list[UseCase]
    address: str

    @property
    def cards(self) -> list[dict[str, str]]:
        days, url = Days(), addresses("collaborations:use_case", UUID)
        return [
            {"url": url(one.pk), "title": str(one), "name": one.proposer.name, "since": days.since(one.state_since)}
            for one in self.use_cases
        ]

    @property
    def more(self) -> int:
        return self.number - len(self.use_cases)


def found(user: User, wanted: Wanted, held: Held) -> UseCaseQuerySet:
    """The use cases that this person may see and asked for."""
    rows = UseCase.objects.visible_to(user)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.theme:
        rows = rows.filter(_about(wanted.theme))
    if wanted.partner:
        taking_part = Partner.objects.filter(organisation__slug=wanted.partner, state__in=["invited", "joined"])
        rows = rows.filter(pk__in=taking_part.values("use_case"))
    if wanted.mine:
        rows = rows.filter(pk__in=waiting_for(user, held))
    return _searched(rows, wanted)


def board(rows: UseCaseQuerySet, wanted: Wanted) -> list[Column]:
    """Per state how many there are and the first few, in two queries however many there are; the list has the rest."""
    numbers = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    place = Window(RowNumber(), partition_by="state", order_by=rows.query.order_by)
    first: dict[str, list[UseCase]] = {}
    for use_case in shown(rows.annotate(place=place).filter(place__lte=PER_COLUMN)):
        first.setdefault(use_case.state, []).append(use_case)
    asked = [wanted.state] if wanted.state else [s for s in UseCase.State.values if s in ROAD or s in numbers]
    return [
        Column(s, str(UseCase.State(s).label), numbers.get(s, 0), first.get(s, []), wanted.address(view="", state=s))
        for s in asked
    ]


def shown(rows: UseCaseQuerySet) -> UseCaseQuerySet:
    """With nothing but what a list shows: the long texts stay where they are."""
    return rows.select_related("proposer").only(*SHOWN)


def rows(use_cases: Iterable[UseCase], waits: Mapping[UUID, Sequence[Blocker]]) -> list[dict[str, Any]]:
    """As the list shows them, in words: a template that works out each cell takes five times as long."""
    days, labels, url = Days(), _labels(), addresses("collaborations:use_case", UUID)
    return [
        {
            "url": url(one.pk),
            "title": str(one),
            "badge": badge(labels[one.state], tone(one.state)),
            "day": days.day(one.state_since),
            "waits": [{"name": who.name, "since": days.since(who.since)} for who in waits.get(one.pk, ())],
            "proposer": one.proposer.name,
            "theme": one.theme_label or "–",
        }
        for one in use_cases
    ]


def _labels() -> dict[str, str]:
    return {value: str(label) for value, label in UseCase.State.choices}


def partners_of(user: User) -> QuerySet[Organisation, tuple[str, str]]:
    """Key and name of whoever takes part in a use case of this person."""
    rows = Partner.objects.filter(use_case__in=UseCase.objects.visible_to(user), state__in=["invited", "joined"])
    return Organisation.objects.filter(pk__in=rows.values("organisation")).order_by("name").values_list("slug", "name")


def _about(theme: str) -> Q:
    return Q(theme=theme) if theme != "other" else ~Q(theme__in=[*NAMED, ""])


def _searched(rows: UseCaseQuerySet, wanted: Wanted) -> UseCaseQuerySet:
    """By Dutch words, the title as typed, or the name of a partner; the best fit first unless sorted otherwise."""
    order: list[Any] = list(SORTS[wanted.sort or "newest"][1])
    if not wanted.q:
        return rows.order_by(*order)
    query = SearchQuery(wanted.q, config="dutch", search_type="websearch")
    named = Partner.objects.filter(organisation__name__icontains=wanted.q, state__in=["invited", "joined"])
    by_text = UseCase.objects.filter(search=query)
    fits = Q(pk__in=by_text.values("pk")) | Q(pk__in=named.values("use_case"))
    if len(wanted.q) >= SHORTEST_PART:
        fits |= Q(title__icontains=wanted.q)
    rows = rows.filter(fits)
    return rows.order_by(*order) if wanted.sort else rows.order_by(SearchRank(F("search"), query).desc(), *order)


def _plain(text: Any) -> str:
    return str(text).replace("\x00", "").strip()[:LONGEST_QUERY]
