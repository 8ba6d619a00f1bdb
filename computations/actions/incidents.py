"""Incidents: an organisation records its own, decides about notifying, and closes it. All partners read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations.access import lock, short, written
from collaborations.models import UseCase
from computations.models import Incident, Run
from station.reasons import Refused

REPORTS = frozenset({"suspend_assessment", "review_assessment", "cancel_run"})
"""Who may record one: the DPO, the privacy officer, and everybody who may stop a run."""
DECIDES = "suspend_assessment"
"""Who records the decision about the notification, and closes: the DPO."""


@transaction.atomic
def record_incident(
    *, use_case: UseCase, organisation: Organisation, title: str, what: str, discovered_at: datetime, by: User,
    runs: Sequence[Run] = (), measures: str = "",
) -> Incident:  # fmt: skip
    """A breach that this organisation discovered, in whatever state the use case is."""
    use_case = lock(use_case)
    if not REPORTS & roles.permissions_of(by, organisation):
        raise PermissionDenied("record an incident")
    if not use_case.partners.parties().filter(organisation=organisation, state__in=["joined", "withdrawn"]).exists():
        raise Refused("partner.not_joined", organisation=organisation.name)
    title = short(written(title, "incident.no_title"), gettext("title"), 200)
    what = written(what, "incident.no_text")
    if discovered_at > timezone.now():
        raise Refused("incident.before_recorded", at=moment(discovered_at))
    if any(run.contract.use_case_id != use_case.pk for run in runs):
        raise Refused("incident.run_of_other")
    made = Incident.objects.create(
        use_case=use_case, organisation=organisation, title=title, what=what, discovered_at=discovered_at,
        recorded_by=by, measures=short(measures),
    )  # fmt: skip
    made.runs.set(runs)
    _tell("incident.recorded", made, by, deadline=moment(made.deadline))
    return made


@transaction.atomic
def decide_incident(
    *, incident: Incident, by: User, notified_at: datetime | None = None, why_not: str = ""
) -> Incident:
    """When the authority was notified, or why it is not. Who first did not notify can do so later, or add a reason;
    what was written before stays."""
    incident = _open(incident, by)
    if (notified_at is None) == (not why_not.strip()):
        raise Refused("incident.notified_or_not")
    if notified_at is not None and not incident.discovered_at <= notified_at <= timezone.now():
        raise Refused("incident.notified_when", at=moment(notified_at))
    if incident.notified_at is not None:
        raise Refused("lifecycle.state", state=gettext("notified"))
    incident.notified_at, incident.not_notified = notified_at, _added(incident.not_notified, short(why_not))
    incident.save(update_fields=["notified_at", "not_notified"])
    if notified_at is not None:
        _tell("incident.notified", incident, by, at=moment(notified_at))
    else:
        _tell("incident.not_notified", incident, by, reason=short(why_not))
    return incident


@transaction.atomic
def close_incident(*, incident: Incident, measures: str, by: User) -> Incident:
    """After the decision about the notification, with the measures that were taken."""
    incident = _open(incident, by)
    if not incident.decided:
        raise Refused("incident.decide_first")
    incident.measures = written(measures, "incident.no_measures")
    incident.state, incident.closed_at = "closed", timezone.now()
    incident.save(update_fields=["measures", "state", "closed_at"])
    _tell("incident.closed", incident, by, measures=incident.measures)
    return incident


def _added(former: str, more: str) -> str:
    """A later reason stands below the earlier ones, with its moment."""
    if not (former and more):
        return former or more
    return f"{former}\n\n{moment(timezone.now())}: {more}"


def _open(incident: Incident, by: User) -> Incident:
    incident = lock(incident)
    roles.require(by, DECIDES, incident.organisation)
    if incident.state != "open":
        raise Refused("lifecycle.state", state=str(incident.get_state_display()))
    return incident


def moment(at: datetime) -> str:
    """A day and a minute in Dutch time, as sentences say them."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _tell(event: str, incident: Incident, by: User, **facts: str) -> None:
    audit.record(
        event, by=by, about=incident, context=incident.use_case, organisation=incident.organisation,
        title=incident.title, **facts,
    )  # fmt: skip
