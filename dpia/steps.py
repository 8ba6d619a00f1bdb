"""Taking a step of the DPIA's lifecycle, and freezing a version at a hand-over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import audit
from accounts.models import Organisation
from audit import transitions
from dpia.checking import LONGEST, storable
from dpia.documents import said
from dpia.lifecycle import ASSESSMENT, NEW_ROUND
from dpia.models import Assessment, Version
from dpia.review_dates import in_a_year
from dpia.reviewers import ASKED, asked_now
from dpia.sheet import Sheet
from station.contract.canonical import digest
from station.reasons import Refused


def lock(assessment: Assessment | UUID) -> Assessment:
    """The same DPIA, read again and held until the transaction ends. The text of its template, which never changes, is
    read only when somebody asks for it."""
    rows = Assessment.objects.select_related("template").defer("template__data").select_for_update(of=("self",))
    return rows.get(pk=getattr(assessment, "pk", assessment))


def step(
    name: str, assessment: Assessment, *, by: Any, organisation: Organisation | None = None, to: str = "", **facts: Any
) -> None:
    """The event names the version it is about, so that what was said stays with that version."""
    if version := assessment.current_version:
        facts = {"version": version.number, **facts}
    if name in NEW_ROUND:
        assessment.round += 1
    if name in (*NEW_ROUND, "withdraw"):
        assessment.suspended_by = assessment.doubted_by = None
        assessment.suspended_from = ""
    if name in ("adopted", "confirm"):
        assessment.review_on = in_a_year()
    elif name in (*NEW_ROUND, "withdraw"):
        assessment.review_on = None
    transitions.move(
        ASSESSMENT[name], assessment, by=by, context=assessment.context, organisation=organisation, to=to, **facts
    )


def freeze(assessment: Assessment, reason: str) -> Version:
    """A version of the DPIA as it is now; one for adoption also holds what was said in this round."""
    newest, submitted = assessment.current_version, assessment.submitted_version
    sheet = Sheet(assessment)
    data = sheet.frozen()
    if reason == "submitted":
        data[ASKED] = asked_now(sheet.form, sheet.controllers)
    if reason == "adoption" and submitted is not None:
        data |= said(submitted)
    return Version.objects.create(
        assessment=assessment, number=newest.number + 1 if newest else 1, round=assessment.round, reason=reason,
        data=data, sha256=digest(data),
    )  # fmt: skip


def in_state(assessment: Assessment, *states: str) -> None:
    if assessment.state not in states:
        raise Refused("lifecycle.state", state=str(assessment.get_state_display()))


def same_version(version: Version | None, read: int | None) -> Version:
    """The version at hand; refused when somebody read another one (``read``: its number, None when not asked)."""
    if version is None or (read is not None and version.number != read):
        raise Refused("version.other", number=version.number if version else 0)
    return version


def record(event: str, assessment: Assessment, *, by: Any, organisation: Organisation | None, **facts: Any) -> None:
    audit.record(event, by=by, about=assessment, context=assessment.context, organisation=organisation, **facts)


def written(given: str, code: str = "reason.needed") -> str:
    """The text in storable form; refused when nothing is left."""
    if not given.strip():
        raise Refused(code)
    return storable(given, LONGEST)
