"""Saying something about an object. Whoever calls this has checked that the author may see the object."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import audit
from accounts.models import Organisation, User
from discussion.models import Comment
from station.reasons import Refused


@transaction.atomic
def comment(
    *, about: Any, organisation: Organisation, text: str, by: User, internal: bool = False, context: Any = None
) -> Comment:
    """Adds a comment on behalf of an organisation; an internal one is only shown to that organisation."""
    if not Organisation.objects.of(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    if not text.strip():
        raise Refused("comment.empty")
    if len(text) > 10_000:
        raise Refused("comment.long")
    kind, key = audit.reference(about)
    made = Comment.objects.create(
        about_type=kind, about_id=key, author=by, organisation=organisation, text=text.strip(), internal=internal
    )
    if not internal:  # an internal note is nobody else's business, its existence included
        audit.record("comment.made", by=by, about=about, context=context or about, organisation=organisation)
    return made
