"""Sharing a DPIA: somebody chooses and blacks out, sees exactly what others will see, and every controller agrees to
that; one of them is enough to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.actions import mandate_today
from accounts.models import Organisation, User
from audit import transitions
from collaborations.access import lock, short, written
from collaborations.lifecycle import SHARING
from collaborations.models import SharedAssessment, UseCase
from dpia import redaction
from dpia.models import Assessment, Import
from dpia.parts import act_as, drafting_for
from dpia.sharing import begin_from
from station.contract.canonical import digest
from station.reasons import Refused


@transaction.atomic
def prepare_sharing(
    *, use_case: UseCase, audience: str, title: str, picks: Sequence[str], passages: str, by: User,
    shared: SharedAssessment | None = None,
) -> SharedAssessment:  # fmt: skip
    """A draft of what others will see, or the same draft anew. Only of an adopted DPIA, by who drafts it."""
    use_case = lock(use_case)
    version, organisation = _adopted(use_case, by)
    row = lock(shared) if shared else SharedAssessment(use_case=use_case, by=by)
    if row.state != "draft":
        raise Refused("lifecycle.state", state=str(row.get_state_display()))
    if audience not in dict(SharedAssessment.AUDIENCES):
        raise Refused("sharing.audience")
    row.version, row.organisation, row.audience, row.by = version, organisation, audience, by
    row.title = short(written(title, "sharing.title"), gettext("title"), 200)
    row.picks, row.passages = list(picks), redaction.passages(passages)
    preview(row)  # refused now rather than later
    row.save()
    return row


def preview(row: SharedAssessment) -> dict[str, Any]:
    """Exactly what others will see."""
    if row.data is not None:
        return dict(row.data)
    called = dict(Organisation.objects.values_list("slug", "name"))
    return redaction.redacted(row.version, row.picks, row.passages, row.title, called)


@transaction.atomic
def propose_sharing(*, shared: SharedAssessment, sha256: str, by: User) -> SharedAssessment:
    """``sha256``: of what stood in the preview. From here on it never changes, and the passages are gone."""
    row = lock(shared)
    version, organisation = _adopted(lock(row.use_case), by)
    if row.state == "draft" and row.version_id != version.pk:
        raise Refused("sharing.other_version")
    data = preview(row)
    if digest(data) != sha256:
        raise Refused("sharing.other_text")
    row.data, row.sha256, row.passages = data, sha256, []
    row.title, row.by = data["title"], by  # what was blacked out of the title is nowhere either
    row.save(update_fields=["data", "sha256", "passages", "title", "by"])
    return _move("propose", row, by, organisation, audience=row.audience)


@transaction.atomic
def agree_sharing(*, shared: SharedAssessment, organisation: Organisation, sha256: str, by: User) -> SharedAssessment:
    """The last controller to agree shares it."""
    lock(shared.use_case)
    row = lock(shared)
    _controller(row, organisation, by, "adopt_assessment")
    if row.state != "proposed":
        raise Refused("lifecycle.state", state=str(row.get_state_display()))
    assessment = _still_adopted(row)
    act_as("adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate_today(by, organisation)
    if row.by_id == by.pk:
        raise Refused("four_eyes.sharing")
    if sha256 != row.sha256 or not row.intact:
        raise Refused("sharing.other_text")
    if row.agreements.filter(organisation=organisation).exists():
        raise Refused("sharing.agreed_already", organisation=organisation.name)
    row.agreements.create(organisation=organisation, sha256=sha256, by=by)
    audit.record("sharing.agreed", by=by, about=row, context=row.use_case, organisation=organisation, sha256=sha256)
    if not transitions.missing(SHARING["share"], row):
        _move("share", row, audit.SYSTEM, None, audience=row.audience)
    return row


@transaction.atomic
def withdraw_sharing(
    *, shared: SharedAssessment, organisation: Organisation, reason: str, by: User
) -> SharedAssessment:
    """One controller is enough: nobody reads it any more. What others began from it stays theirs."""
    row = lock(shared)
    _controller(row, organisation, by, "draft_assessment", "adopt_assessment")
    row.reason = written(reason, "reason.needed")
    return _move("withdraw", row, by, organisation, reason=row.reason)


@transaction.atomic
def begin_from_shared(*, shared: SharedAssessment, assessment: Assessment, by: User) -> Import:
    """Answers of a DPIA that is shared with ``by``, where the own draft has none yet."""
    row = SharedAssessment.objects.visible_to(by).filter(pk=shared.pk).first()
    if row is None or not row.intact or row.data is None:
        raise Refused("sharing.gone")
    return begin_from(assessment=assessment, data=row.data, sha256=row.sha256, by=by)


def _adopted(use_case: UseCase, by: User) -> tuple[Any, Organisation]:
    assessment = use_case.assessment
    if assessment is None:
        raise Refused("sharing.not_adopted")
    organisation = drafting_for(assessment, by)
    if assessment.state != "adopted" or assessment.current_version is None:
        raise Refused("sharing.not_adopted")
    return assessment.current_version, organisation


def _still_adopted(row: SharedAssessment) -> Assessment:
    """The DPIA, when what is shared is the version that counts now."""
    assessment = row.use_case.assessment
    if assessment is None or assessment.state != "adopted":
        raise Refused("sharing.not_adopted")
    if assessment.current_version != row.version:
        raise Refused("sharing.other_version")
    return assessment


def _controller(row: SharedAssessment, organisation: Organisation, by: User, *permissions: str) -> None:
    held = roles.permissions_of(by, organisation)
    if organisation.slug not in row.version.data["controllers"] or not held & set(permissions):
        raise PermissionDenied(f"{' or '.join(permissions)} at a controller")


def _move(
    name: str, row: SharedAssessment, by: User | str, organisation: Organisation | None, **facts: str
) -> SharedAssessment:
    transitions.move(
        SHARING[name], row, by=by, context=row.use_case, organisation=organisation, title=row.title, **facts
    )
    return row
