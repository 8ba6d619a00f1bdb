"""Filling in a specification together: every section is saved by itself; a version is made of all of them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import audit
from accounts import roles
from accounts.models import User
from collaborations import actions as collaborations
from collaborations.models import Contract, SpecificationVersion, UseCase
from computations import clock
from computations.models import SpecificationDraft
from computations.specifying import sections, starting
from computations.specifying.findings import findings
from computations.specifying.promoting import promotion
from station.contract.contract import read_specification
from station.reasons import Refused

OPEN = ("draft", "proposed", "exploring", "assessing")


@transaction.atomic
def save_section(*, use_case: UseCase, section: sections.Section, part: Any, seen: str, by: User) -> SpecificationDraft:
    """Saves one section. ``seen`` is the mark of what stood there when the page was opened; refused when somebody
    else saved this section since."""
    draft = _open(use_case, by)
    if section.seen(draft.data) != seen:
        raise Refused("draft.stale", by=str(draft.saved_by or "-"))
    return _save(draft, section.write(draft.data, part), "specification.draft_saved", by=by, section=section.key)


@transaction.atomic
def replace_draft(*, use_case: UseCase, data: Any, by: User, seen: int | None = None) -> SpecificationDraft:
    """Puts a whole specification, from a file, in the place of the draft. Nothing changes when it cannot be read, nor
    when somebody changed the draft since this person saw it (``seen``: its revision)."""
    draft = _open(use_case, by)
    _unchanged(draft, seen)
    document = read_specification(data).document()
    return _save(draft, document, "specification.draft_replaced", by=by)


@transaction.atomic
def discard_draft(*, use_case: UseCase, by: User, seen: int | None = None) -> None:
    """Throws the draft away; versions stay. Not when somebody went on with it since this person saw it."""
    draft = _open(use_case, by)
    _unchanged(draft, seen)
    if not draft._state.adding:
        draft.delete()
        _record("specification.draft_discarded", use_case, by)


@transaction.atomic
def finish_draft(*, use_case: UseCase, revision: int, by: User) -> SpecificationVersion:
    """Makes the next version of the draft as it was checked; refused when it was changed since."""
    draft = _open(use_case, by)
    if draft.revision != revision:
        raise Refused("draft.changed_since", by=str(draft.saved_by or "-"))
    if wrong := findings(draft.data, use_case):
        raise Refused(*(finding.reason for finding in wrong))
    document, current = sections.document(draft.data), use_case.specification
    if current is not None and document == current.data:
        raise Refused("draft.same", version=current.number)
    version = collaborations.specify(use_case=use_case, data=document, by=by)
    if not draft._state.adding:
        draft.delete()
    return version


@transaction.atomic
def promote_trial(
    *, contract: Contract, by: User, shown: str | None = None, seen: int | None = None
) -> SpecificationDraft:
    """Puts what a trial computed, made ready for real rows, in the place of the draft. ``shown``: the hash of what this
    person confirmed; ``seen``: the revision of the draft it takes the place of."""
    draft = _open(contract.use_case, by)
    found = promotion(draft.use_case, contract)
    _unchanged(draft, seen)
    if shown is not None and shown != found.sha256:
        raise Refused("trial.changed_meanwhile")
    facts = {"contract": contract.code, "sha256": contract.sha256, "run": str(found.run.pk)}
    return _save(draft, found.draft, "specification.trial_promoted", by=by, **facts)


def copy_specification(example: UseCase, made: UseCase, by: User) -> None:
    """What an example computes becomes the draft of a new use case: asked by its proposer, from today on."""
    version = example.specification
    if version is not None:
        SpecificationDraft.objects.create(
            use_case=made, data=starting.copied(version.data, made), saved_by=by, saved_at=clock.now()
        )


def _open(use_case: UseCase, by: User) -> SpecificationDraft:
    """The draft, with its use case locked; only for who may specify, and while there is something to specify."""
    locked = UseCase.objects.select_for_update().get(pk=use_case.pk)
    roles.require(by, "specify", locked.proposer)
    if locked.state not in OPEN:
        raise Refused("lifecycle.state", state=str(locked.get_state_display()))
    return starting.current(locked)


def _unchanged(draft: SpecificationDraft, seen: int | None) -> None:
    if seen is not None and draft.revision != seen:
        raise Refused("draft.replaced_meanwhile", by=str(draft.saved_by or "-"))


def _save(draft: SpecificationDraft, data: dict[str, Any], event: str, *, by: User, **facts: Any) -> SpecificationDraft:
    draft.data, draft.revision, draft.saved_by, draft.saved_at = data, draft.revision + 1, by, clock.now()
    draft.save()
    _record(event, draft.use_case, by, **facts)
    return draft


def _record(event: str, use_case: UseCase, by: User, **facts: Any) -> None:
    audit.record(event, by=by, about=use_case, context=use_case, organisation=use_case.proposer, **facts)
