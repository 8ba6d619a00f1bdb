"""Taking a step of the DPIA's lifecycle, and freezing a version at a hand-over."""

from __future__ import annotations

from typing import Any

import audit
from accounts.models import Organisation
from audit import transitions
from dpia import sheet
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment, Version
from station.contract.canonical import digest
from station.reasons import Refused


def lock(assessment: Assessment) -> Assessment:
    """The same DPIA, read again and held until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def step(name: str, assessment: Assessment, *, by: Any, organisation: Organisation | None = None, **facts: Any) -> None:
    if name in ("send_back", "reopen", "rebind"):
        assessment.round += 1
    transitions.move(
        ASSESSMENT[name], assessment, by=by, context=assessment.context, organisation=organisation, **facts
    )


def freeze(assessment: Assessment, reason: str) -> Version:
    newest = assessment.current_version
    data = sheet.frozen(assessment)
    return Version.objects.create(
        assessment=assessment, number=newest.number + 1 if newest else 1, round=assessment.round, reason=reason,
        data=data, sha256=digest(data),
    )  # fmt: skip


def in_state(assessment: Assessment, *states: str) -> None:
    if assessment.state not in states:
        raise Refused("lifecycle.state", state=str(assessment.get_state_display()))


def record(event: str, assessment: Assessment, *, by: Any, organisation: Organisation | None, **facts: Any) -> None:
    audit.record(event, by=by, about=assessment, context=assessment.context, organisation=organisation, **facts)


def written(text: str, code: str = "reason.needed") -> str:
    if not text.strip():
        raise Refused(code)
    return text.strip()
