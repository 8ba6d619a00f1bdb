"""The turns of all use cases, written down: what the inbox and the lists read.

An event says, in its own transaction, that the turns of its use case are wanted anew; nothing is worked out there. They
are worked out by a task every ten seconds, or by whoever reads them earlier. A day that passed changes them too: the
task does that after midnight. ``manage.py keep_turns --all`` writes all of them anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Organisation
from accounts.turn import Turn
from collaborations import turns
from collaborations.models import Collaboration, TurnsKept, TurnsWanted, UseCase, UseCaseQuerySet, WaitingTurn

if TYPE_CHECKING:
    from audit.models import Event

LANGUAGES = ("nl", "en")
USE_CASE, ORGANISATION = UseCase._meta.label_lower, Organisation._meta.label_lower
BESIDE = ("agreement.",)
"""Events about what all use cases of a collaboration rest on."""
MANDATES = ("mandate.doubted", "mandate.confirmed")
"""Events about what was signed for an organisation, in whichever of its use cases."""


def happened(events: Sequence[Event]) -> None:
    """In the transaction of these events: what they may have changed is wanted anew."""
    want({key for event in events for key in _touched(event)})


def want(use_cases: Iterable[UUID]) -> None:
    """What changed without an event of its own, such as one of several decisions, asks for them too."""
    TurnsWanted.objects.bulk_create((TurnsWanted(use_case_id=key) for key in use_cases), batch_size=5000)


def _touched(event: Event) -> Iterable[UUID]:
    if event.context_type == USE_CASE:
        yield UUID(event.context_id)
        if event.type.startswith(BESIDE):
            siblings = Collaboration.objects.filter(use_cases=event.context_id)
            yield from UseCase.objects.filter(collaboration__in=siblings).values_list("pk", flat=True)
    elif event.about_type == ORGANISATION and event.type.startswith("organisation."):
        yield from UseCase.objects.filter(partners__organisation=event.about_id).values_list("pk", flat=True)
    elif event.type in MANDATES:
        mine = UseCase.objects.filter(partners__organisation__slug=event.organisation_key)
        yield from mine.distinct().values_list("pk", flat=True)


def behind(use_cases: UseCaseQuerySet) -> UseCaseQuerySet:
    """Those in which something happened since their turns were written down."""
    return use_cases.filter(Q(turns_kept=None) | Exists(TurnsWanted.objects.filter(use_case=OuterRef("pk"))))


def bring_up_to_date(use_cases: UseCaseQuerySet, *, most: int = 200) -> int:
    """Writes down the turns of those that are behind, so that who reads them now sees what is so now."""
    keys = list(behind(use_cases).order_by("state_since", "pk").values_list("pk", flat=True)[:most])
    for key in keys:
        keep(key, timezone.localdate())
    return len(keys)


def keep_all(*, seconds: float | None = None, anew: bool = False) -> int:
    """Everything that is behind, then what was written down on another day; as far as it comes in so many seconds."""
    day, begin, done = timezone.localdate(), time.monotonic(), 0
    for key in _keys(day, anew):
        if seconds is not None and time.monotonic() - begin > seconds:
            break
        keep(key, day)
        done += 1
    return done


def _keys(day: date, anew: bool) -> Iterable[UUID]:
    everything = UseCase.objects.order_by("state_since", "pk")
    if anew:
        return list(everything.values_list("pk", flat=True))
    late = list(behind(everything).values_list("pk", flat=True)[:1000])
    other_day = turns.going_on(UseCase.objects.all(), day).exclude(turns_kept__day=day).order_by("state_since", "pk")
    return [*late, *other_day.exclude(pk__in=late).values_list("pk", flat=True)[:1000]]


def keep(key: UUID, day: date) -> None:
    """Works out the turns of one use case and writes them down. What happens meanwhile leaves it behind again; of two
    who do this at once, the one that ends last writes nothing."""
    times = TurnsKept.objects.get_or_create(use_case_id=key)[0].times
    wanted = list(TurnsWanted.objects.filter(use_case=key).values_list("pk", flat=True))
    use_case = UseCase.objects.select_related("proposer", "assessment", "collaboration").get(pk=key)
    found = {row.identity: row for row in _rows(use_case, day)}
    with transaction.atomic():
        if TurnsKept.objects.select_for_update().get(pk=key).times == times:
            _write(key, found)
            TurnsWanted.objects.filter(pk__in=wanted).delete()
            TurnsKept.objects.filter(pk=key).update(day=day, times=times + 1)


def _write(key: UUID, found: dict[tuple[Any, ...], WaitingTurn]) -> None:
    """Rows that say the same stay, with the moment at which they were first written."""
    held = {row.identity: row.pk for row in WaitingTurn.objects.filter(use_case=key)}
    WaitingTurn.objects.filter(pk__in=[row for identity, row in held.items() if identity not in found]).delete()
    WaitingTurn.objects.bulk_create(row for identity, row in found.items() if identity not in held)


def _rows(use_case: UseCase, day: date) -> list[WaitingTurn]:
    """A fact that is a text may be in the language of the reader, such as a state; then it is worked out in both."""
    with override(LANGUAGES[0]):
        dutch = turns.waiting(use_case, day)
    english = dutch
    if any(isinstance(fact, str) for turn in dutch for fact in turn.facts.values()):
        with override(LANGUAGES[1]):
            english = turns.waiting(use_case, day)
    return [_row(use_case, *pair) for pair in zip(dutch, english, strict=False)]


def _row(use_case: UseCase, dutch: Turn, english: Turn) -> WaitingTurn:
    return WaitingTurn(
        use_case=use_case, code=dutch.code, facts=dutch.facts, facts_en=english.facts, who=dutch.who,
        permission=dutch.permission, since=dutch.since or use_case.state_since, url=dutch.url, deadline=dutch.deadline,
    )  # fmt: skip
