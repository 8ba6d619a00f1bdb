"""Writing down a use case: as a draft that may be as incomplete as it likes, and as a proposal that may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit.models import Event
from collaborations.access import LONGEST, lock, short
from collaborations.intake import ASKED, questions
from collaborations.models import Collaboration, Partner, UseCase
from collaborations.models.plan import LINE
from collaborations.requirements import described, planned
from station.reasons import Refused

LIMITS = {"title": 200, "theme": 100, "summary": LONGEST, "helped": LONGEST, "value": LONGEST,
          "indicator": LINE, "baseline": LINE, "target": LINE}  # fmt: skip
OPEN = ("draft", "proposed", "exploring")
"""Until it is assessed: after that the plan stays what it was."""
SITTING = timedelta(minutes=15)
"""What one person types in so much time is one change for the timeline, however often the page saved it."""
Copy = Callable[[UseCase, UseCase, User], None]
"""(example, new draft, by)"""
_copies: list[Copy] = []


def also_copied(copy: Copy) -> None:
    """A room above copies what it holds of an example, such as its specification. Telling it twice does it once."""
    if copy not in _copies:
        _copies.append(copy)


@transaction.atomic
def propose(
    *, organisation: Organisation, title: str, summary: str, by: User, theme: str = "",
    collaboration: Collaboration | None = None, **plan: Any,
) -> UseCase:  # fmt: skip
    """Writes down a use case as a draft of one organisation; a first use case makes its own collaboration."""
    roles.require(by, "propose_use_case", organisation)
    texts = _texts({"title": title, "summary": summary, "theme": theme, **plan})
    if not texts["title"] or not texts["summary"]:
        raise Refused("use_case.not_described")
    if collaboration is not None and not collaboration.use_cases.visible_to(by).exists():
        raise Refused("collaboration.not_yours")
    return _made(organisation, texts, by, collaboration=collaboration)


@transaction.atomic
def start_draft(*, organisation: Organisation, by: User, key: UUID, **texts: Any) -> UseCase:
    """Keeps whatever is written so far. A form that is sent twice carries the same ``key`` and is one draft."""
    roles.require(by, "propose_use_case", organisation)
    texts = _texts(texts)
    if not any(texts.values()):
        raise Refused("use_case.nothing_written")
    try:
        with transaction.atomic():
            return _made(organisation, texts, by, key=key)
    except IntegrityError:
        found = UseCase.objects.get(pk=key)
    if found.proposed_by_id != by.pk or found.proposer_id != organisation.pk:
        raise PermissionDenied("a draft of somebody else")
    return edit_use_case(use_case=found, by=by, seen=0, **texts)


@transaction.atomic
def edit_use_case(
    *, use_case: UseCase, by: User, seen: int | None = None, while_typing: bool = False, **texts: Any
) -> UseCase:
    """Changes what is written about a use case until it is assessed; what is not named stays as it is.

    ``seen`` is the revision the form was opened with. A draft may lack anything; a proposal stays complete.
    ``while_typing``: the page saves by itself; the timeline tells a sitting once, and each question that is answered.
    """
    use_case = lock(use_case)
    roles.require(by, "propose_use_case", use_case.proposer)
    if use_case.state not in OPEN:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    changed = {name: new for name, new in _texts(texts).items() if new != getattr(use_case, name)}
    if not changed:
        return use_case
    if seen is not None and seen != use_case.revision:
        raise Refused("use_case.stale", who=last_writer(use_case))
    _rename(use_case, changed.get("title", use_case.title))
    before = _answered(use_case)
    for name, new in changed.items():
        setattr(use_case, name, new)
    if use_case.state != "draft" and (reasons := [*described(use_case), *planned(use_case)]):
        raise Refused(*reasons)
    use_case.revision += 1
    use_case.save()
    if not (while_typing and before == _answered(use_case) and _sits_at(use_case, by)):
        audit.record("use_case.edited", by=by, about=use_case, context=use_case, organisation=use_case.proposer)
    return use_case


@transaction.atomic
def start_from(*, example: UseCase, organisation: Organisation, by: User) -> UseCase:
    """A new draft with the texts of a use case that this person may read; the day of measuring is for them to set."""
    roles.require(by, "propose_use_case", organisation)
    if not UseCase.objects.visible_to(by).filter(pk=example.pk).exists():
        raise PermissionDenied("not visible")
    texts = {name: getattr(example, name) for name in ASKED if name != "measure_on"}
    made = _made(organisation, texts, by, origin=example)
    for copy in _copies:
        copy(example, made, by)
    audit.record("use_case.reused", by=by, about=made, context=made, organisation=organisation)
    return made


def last_writer(use_case: UseCase) -> str:
    """Who changed the text last, by name; empty when nobody did."""
    event = Event.objects.about(use_case).filter(type="use_case.edited", actor_type=User._meta.label_lower).first()
    writer = User.objects.filter(pk=event.actor_id).first() if event else None
    return writer.full_name if writer else str(use_case.proposer)


def _made(
    organisation: Organisation, texts: dict[str, Any], by: User, *,
    key: UUID | None = None, collaboration: Collaboration | None = None, origin: UseCase | None = None,
) -> UseCase:  # fmt: skip
    use_case = UseCase.objects.create(
        pk=key or uuid4(), proposer=organisation, proposed_by=by, origin=origin, **texts,
        collaboration=collaboration or Collaboration.objects.create(name=texts.get("title", "")),
    )  # fmt: skip
    Partner.objects.create(use_case=use_case, organisation=organisation, capacity="controller", state="joined")
    audit.record("use_case.drafted", by=by, about=use_case, context=use_case, organisation=organisation)
    return use_case


def _texts(given: dict[str, Any]) -> dict[str, Any]:
    """Without outer white space, and none longer than anybody reads."""
    if unknown := given.keys() - set(ASKED):
        raise TypeError(f"a use case has no {', '.join(sorted(unknown))}")
    texts = {name: text.strip() if isinstance(text, str) else text for name, text in given.items()}
    for name, limit in LIMITS.items():
        if name in ("title", "summary") and len(texts.get(name, "")) > limit:
            raise Refused("use_case.too_long")
        short(texts.get(name, ""), str(UseCase._meta.get_field(name).verbose_name), limit)
    return texts


def _answered(use_case: UseCase) -> list[bool]:
    return [question.answered for question in questions(use_case)]


def _sits_at(use_case: UseCase, by: User) -> bool:
    """Whether the last thing that happened is that this person wrote here, a moment ago."""
    newest = Event.objects.timeline(use_case).first()
    if newest is None or newest.type not in ("use_case.drafted", "use_case.edited"):
        return False
    return newest.actor_id == str(by.pk) and newest.at > timezone.now() - SITTING


def _rename(use_case: UseCase, title: str) -> None:
    """A collaboration that one use case made is called as that is called."""
    collaboration = use_case.collaboration
    if collaboration.name == use_case.title != title and collaboration.use_cases.count() == 1:
        collaboration.name = title
        collaboration.save(update_fields=["name"])
