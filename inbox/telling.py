"""Whom to write that it is their turn, or that somebody mentioned them: a row per person and thing, made once.

A turn is told when it comes up, to everybody who can do it then; to a deputy also what already waited on their first
day. Whether it still waits is asked again when the letter is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts import deputies, roles
from accounts.models import Deputy
from collaborations.models import Partner, UseCase, WaitingTurn
from discussion.models import Mention
from inbox.models import Notice, StandInTold

MOST = 2000
"""Turns at a time; the rest is for the next minute."""


def key_of(row: WaitingTurn) -> str:
    """The same for the same turn, however its wording changes: what waits there, for whom, since when."""
    said = f"{row.use_case_id} {row.code} {row.who} {row.permission} {row.since.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def tell(moment: datetime, day: date) -> int:
    """Makes the rows that are missing. Says how many."""
    found = [*_turns(moment, day), *_of_deputies(day), *_mentions()]
    Notice.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)


def _turns(moment: datetime, day: date) -> list[Notice]:
    untold = WaitingTurn.objects.filter(told_at=None).order_by("made_at", "pk").select_for_update(skip_locked=True)
    rows = list(untold[:MOST])
    WaitingTurn.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=moment)
    people = _people(rows, day)
    partners = _partners(rows)
    return [
        _of_turn(user, row)
        for row in rows
        if (row.use_case_id, row.who) in partners
        for user in people.get((row.who, row.permission), ())
    ]


def _people(rows: Iterable[WaitingTurn], day: date) -> dict[tuple[str, str], list[int]]:
    """(organisation, permission) -> those who may do it that day, deputies too; one question per permission."""
    asked: dict[str, set[str]] = {}
    for row in rows:
        asked.setdefault(row.permission, set()).add(row.who)
    found: dict[tuple[str, str], list[int]] = {}
    for permission, keys in asked.items():
        holding = deputies.holding(permission, day).filter(organisation__slug__in=keys)
        for key, user in holding.values_list("organisation__slug", "user"):
            found.setdefault((key, permission), []).append(user)
    return found


def _partners(rows: Iterable[WaitingTurn]) -> set[tuple[UUID, str]]:
    """Who takes part: others do not see the use case, so they are not told of it."""
    taking_part = Partner.objects.filter(state__in=["invited", "joined"])
    taking_part = taking_part.filter(use_case__in={row.use_case_id for row in rows})
    return set(taking_part.values_list("use_case", "organisation__slug"))


def _of_deputies(day: date) -> Iterator[Notice]:
    """Once per deputy, on the first day: what already waited for the one who is absent."""
    begun = Deputy.objects.on(day).filter(stand_in_told=None, absent__organisation__state="active")
    for deputy in begun.select_related("absent__organisation", "membership"):
        StandInTold.objects.get_or_create(deputy=deputy)
        permissions = roles.ROLES[deputy.role].permissions
        rows = list(WaitingTurn.objects.filter(who=deputy.absent.organisation.slug, permission__in=permissions))
        partners = _partners(rows)
        yield from (_of_turn(deputy.membership.user_id, row) for row in rows if (row.use_case_id, row.who) in partners)


def _mentions() -> Iterator[Notice]:
    kind = UseCase._meta.label_lower
    found = Mention.objects.filter(seen_at=None, comment__context_type=kind)
    found = found.filter(~Exists(Notice.objects.filter(mention=OuterRef("pk"))), user__is_active=True)
    for mention in found.select_related("comment__reply_to").order_by("pk")[:MOST]:
        use_case, comment = mention.comment.context_id, mention.comment
        page = reverse("collaborations:thread", args=[use_case, comment.thread.pk])
        yield Notice(
            user_id=mention.user_id, use_case_id=UUID(use_case), key=f"mention {mention.pk}", mention=mention,
            url=f"{page}#comment-{comment.pk}",
        )  # fmt: skip


def _of_turn(user: int, row: WaitingTurn) -> Notice:
    return Notice(user_id=user, use_case_id=row.use_case_id, key=key_of(row), url=row.url)
