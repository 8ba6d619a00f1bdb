"""Saying something about an object. Whoever calls this has checked that the author may see the object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import audit
from accounts.models import Organisation, User
from discussion.mentions import mentioned
from discussion.models import Comment, Mention
from station.reasons import Refused

LONGEST = 10_000


@transaction.atomic
def comment(
    *, about: Any, organisation: Organisation, text: str, by: User, internal: bool = False, context: Any = None,
    spot: str = "", people: Iterable[User] = (),
) -> Comment:  # fmt: skip
    """Begins a thread on behalf of an organisation; an internal one is only shown to that organisation. ``people``:
    who can read the object, and so can be mentioned."""
    said = _said(text, organisation, by)
    kind, key = audit.reference(about)
    context_type, context_id = audit.reference(context or about)
    made = Comment.objects.create(
        about_type=kind, about_id=key, spot=spot, context_type=context_type, context_id=context_id,
        author=by, organisation=organisation, text=said, internal=internal,
    )  # fmt: skip
    _mention(made, people)
    if not internal:  # an internal note is nobody else's business, its existence included
        audit.record("comment.made", by=by, about=about, context=context or about, organisation=organisation)
    return made


@transaction.atomic
def reply(*, thread: Comment, organisation: Organisation, text: str, by: User, people: Iterable[User] = ()) -> Comment:
    """Adds to a thread. Whoever answers a note of an organisation must be of it; an answer opens a resolved thread."""
    said = _said(text, organisation, by)
    thread = _locked(thread, by)
    if thread.internal and organisation != thread.organisation:
        raise PermissionDenied
    made = Comment.objects.create(
        about_type=thread.about_type, about_id=thread.about_id, spot=thread.spot, context_type=thread.context_type,
        context_id=thread.context_id, reply_to=thread, author=by, organisation=organisation, text=said,
        internal=thread.internal,
    )  # fmt: skip
    _mention(made, people)
    if thread.resolved_at:
        _set_resolved(thread, None, None)
    _told("comment.answered", thread, by, organisation)
    return made


@transaction.atomic
def resolve(*, thread: Comment, organisation: Organisation, by: User) -> None:
    """Marks a thread as dealt with. Nothing disappears, and anybody who reads it can open it again."""
    thread = _locked(thread, by)
    _own(organisation, by)
    if thread.resolved_at:
        raise Refused("comment.resolved_already")
    _set_resolved(thread, timezone.now(), by)
    _told("comment.resolved", thread, by, organisation)


@transaction.atomic
def open_again(*, thread: Comment, organisation: Organisation, by: User) -> None:
    thread = _locked(thread, by)
    _own(organisation, by)
    if not thread.resolved_at:
        raise Refused("comment.open_already")
    _set_resolved(thread, None, None)
    _told("comment.opened_again", thread, by, organisation)


def seen(user: User, comments: Iterable[Comment]) -> None:
    """This person has these comments on the screen: what mentioned them there waits no longer."""
    Mention.objects.filter(user=user, seen_at=None, comment__in=list(comments)).update(seen_at=timezone.now())


def _said(text: str, organisation: Organisation, by: User) -> str:
    _own(organisation, by)
    if not text.strip():
        raise Refused("comment.empty")
    if len(text) > LONGEST:
        raise Refused("comment.long")
    return text.strip()


def _own(organisation: Organisation, by: User) -> None:
    if not Organisation.objects.of(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied


def _locked(thread: Comment, by: User) -> Comment:
    """The thread itself, for whoever may read it."""
    if not Comment.objects.visible_to(by).filter(pk=thread.pk).exists():
        raise PermissionDenied
    return Comment.objects.select_for_update().get(pk=thread.pk, reply_to=None)


def _set_resolved(thread: Comment, moment: Any, by: User | None) -> None:
    thread.resolved_at, thread.resolved_by = moment, by
    thread.save(update_fields=["resolved_at", "resolved_by"])


def _mention(made: Comment, people: Iterable[User]) -> None:
    """Nobody is asked for what they cannot read: an internal note reaches only its own organisation's people."""
    found = [person for person in mentioned(made.text, people) if person != made.author]
    if made.internal:
        own = set(made.organisation.memberships.filter(active=True).values_list("user", flat=True))
        found = [person for person in found if person.pk in own]
    Mention.objects.bulk_create(Mention(comment=made, user=person) for person in found)


def _told(event: str, thread: Comment, by: User, organisation: Organisation) -> None:
    if not thread.internal:
        about = (thread.about_type, thread.about_id)
        context = (thread.context_type, thread.context_id)
        audit.record(event, by=by, about=about, context=context, organisation=organisation)
