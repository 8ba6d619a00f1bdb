"""Where somebody asked for this person's attention, in use cases that the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from collaborations.models import UseCase
from discussion.models import Comment, Mention

MOST = 20


@dataclass(frozen=True)
class Asked:
    """One comment that mentions the person, the use case it belongs to, and where it stands."""

    comment: Comment
    use_case: UseCase

    @property
    def url(self) -> str:
        page = reverse("collaborations:thread", args=[self.use_case.pk, self.comment.thread.pk])
        return f"{page}#comment-{self.comment.pk}"


def asked_of(user: User) -> list[Asked]:
    """The oldest ``MOST`` that this person did not look at yet."""
    if not Mention.objects.filter(user=user, seen_at=None).exists():  # nearly always, and cheaper to ask
        return []
    kind = UseCase._meta.label_lower
    found = list(Mention.objects.unseen(user).filter(comment__context_type=kind)[: 2 * MOST])
    if not found:
        return []
    visible = UseCase.objects.visible_to(user).in_bulk({mention.comment.context_id for mention in found})
    known = {str(key): use_case for key, use_case in visible.items()}
    pairs = ((mention.comment, known.get(mention.comment.context_id)) for mention in found)
    return [Asked(comment, use_case) for comment, use_case in pairs if use_case is not None][:MOST]
