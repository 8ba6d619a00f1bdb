"""The turns of all use cases, written down: what the inbox and the lists read.

An event says, in its own transaction, that the turns of its use case are wanted anew; nothing is worked out there. They
are worked out by a task every ten seconds, or by whoever reads them earlier. A day that passed changes them too: the
task does that after midnight. ``manage.py keep_turns --all`` writes all of them anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
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
BATCH = 100
"""So many use cases are read and written together."""
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


def wanted() -> set[UUID]:
    """Where something happened since the task came by, on the whole platform: little, and quickly asked. Whoever reads
    brings their own among these up to date first; what was never written down is for the task."""
    return set(TurnsWanted.objects.values_list("use_case_id", flat=True))


def behind(use_cases: UseCaseQuerySet) -> UseCaseQuerySet:
    """Those in which something happened since their turns were written down."""
    return use_cases.filter(Q(turns_kept=None) | Exists(TurnsWanted.objects.filter(use_case=OuterRef("pk"))))


def bring_up_to_date(use_cases: UseCaseQuerySet, *, most: int = 200) -> int:
    """Writes down the turns of those that are behind, so that who reads them now sees what is so now."""
    keys = list(behind(use_cases).order_by("state_since", "pk").values_list("pk", flat=True)[:most])
    keep(keys, timezone.localdate())
    return len(keys)


def keep_all(*, seconds: float | None = None, anew: bool = False) -> int:
    """Everything that is behind, then what was written down on another day; as far as it comes in so many seconds."""
    day, begin, done = timezone.localdate(), time.monotonic(), 0
    for keys in _batches(_keys(day, anew)):
        if seconds is not None and time.monotonic() - begin > seconds:
            break
        keep(keys, day)
        done += len(keys)
    return done


def _keys(day: date, anew: bool) -> Iterable[UUID]:
    everything = UseCase.objects.order_by("state_since", "pk")
    if anew:
        return list(everything.values_list("pk", flat=True))
    late = list(behind(everything).values_list("pk", flat=True)[:1000])
    other_day = turns.going_on(UseCase.objects.all(), day).exclude(turns_kept__day=day).order_by("state_since", "pk")
    return [*late, *other_day.exclude(pk__in=late).values_list("pk", flat=True)[:1000]]


def keep(keys: Collection[UUID], day: date) -> None:
    """Works out the turns of these use cases and writes them down. What happens meanwhile leaves a use case behind
    again; of two who do the same one at once, the one that ends last writes nothing about it."""
    if not keys:
        return
    TurnsKept.objects.bulk_create((TurnsKept(use_case_id=key) for key in sorted(keys)), ignore_conflicts=True)
    times = dict(TurnsKept.objects.filter(pk__in=keys).values_list("pk", "times"))
    wanted = list(TurnsWanted.objects.filter(use_case__in=keys).values_list("pk", "use_case"))
    rows = UseCase.objects.filter(pk__in=keys).select_related("proposer", "assessment", "collaboration")
    found = {use_case.pk: _rows(use_case, day) for use_case in turns.together(rows)}
    with transaction.atomic():
        locked = TurnsKept.objects.filter(pk__in=keys).order_by("pk").select_for_update()
        still = {kept.pk for kept in locked if kept.times == times[kept.pk]}
        _write(still, [row for key in still for row in found[key]])
        TurnsWanted.objects.filter(pk__in=[pk for pk, key in wanted if key in still]).delete()
        TurnsKept.objects.filter(pk__in=still).update(day=day, times=F("times") + 1)


def _batches(keys: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _write(keys: Collection[UUID], rows: Iterable[WaitingTurn]) -> None:
    """Rows that say the same stay, with the moment at which they were first written."""
    found = {(row.use_case_id, *row.identity): row for row in rows}
    held = {(row.use_case_id, *row.identity): row.pk for row in WaitingTurn.objects.filter(use_case__in=keys)}
    WaitingTurn.objects.filter(pk__in=[row for identity, row in held.items() if identity not in found]).delete()
    WaitingTurn.objects.bulk_create(row for identity, row in found.items() if identity not in held)


def _rows(use_case: UseCase, day: date) -> list[WaitingTurn]:
    """A fact that is a text may be in the language of the reader, such as a state; then it is worked out in both."""
    with override(LANGUAGES[0]):
        dutch = turns.worked_out(use_case, day)
    english = dutch
    if any(isinstance(fact, str) for turn in dutch for fact in turn.facts.values()):
        with override(LANGUAGES[1]):
            english = turns.worked_out(use_case, day)
    return [_row(use_case, *pair) for pair in zip(dutch, english, strict=False)]


def _row(use_case: UseCase, dutch: Turn, english: Turn) -> WaitingTurn:
    return WaitingTurn(
        use_case=use_case, code=dutch.code, facts=dutch.facts, facts_en=english.facts, who=dutch.who,
        permission=dutch.permission, since=dutch.since or use_case.state_since, url=dutch.url, deadline=dutch.deadline,
    )  # fmt: skip
