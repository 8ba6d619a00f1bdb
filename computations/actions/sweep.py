"""Every ten seconds, by the database's clock: whatever a lost message, a dead station or a passed day left behind."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

import audit
from accounts.models import Organisation
from accounts.support import actions as support
from collaborations.actions import expire_bases, lapse_use_cases, suspend_doubted_bases
from collaborations.actions.network import forget_contacts
from collaborations.actions.outsiders import forget_addresses
from computations import clock
from computations.actions.attempts import lost, stop
from computations.actions.runs import lock, start_run, stop_if_closed
from computations.actions.schedules import carry_out_schedules
from computations.lifecycle import CHECKING, move
from computations.models import DataStation, EnrolmentToken, Nonce, Run
from station.reasons import Reason

SILENCE = timedelta(seconds=60)
"""No sign of life of a station that has to act: neither progress nor a question for work."""
STANDSTILL = timedelta(minutes=10)
"""A station that asks for work, but whose engine does not get on."""
NONCES_KEPT = timedelta(minutes=5)
QUEUED = timedelta(seconds=5)

log = logging.getLogger(__name__)


def sweep() -> int:
    """Looks at every active run, each in a transaction of its own; returns how many it changed."""
    changed = 0
    for run_id in list(Run.objects.active().values_list("pk", flat=True)):
        try:
            changed += _look_at(run_id)
        except Exception:
            log.exception("sweep: run %s left for the next round", run_id)
    moment = clock.now()
    day = timezone.localdate(moment)  # Dutch time: a day ends at midnight in Amsterdam
    expire_bases(day=day)
    lapse_use_cases(day=day)
    forget_addresses(moment=moment)
    forget_contacts(moment=moment)
    suspend_doubted_bases()
    changed += carry_out_schedules()
    support.sweep()
    Nonce.objects.filter(at__lt=moment - NONCES_KEPT).delete()
    EnrolmentToken.objects.filter(expires_at__lt=moment - timedelta(days=30)).delete()
    return changed


def _look_at(run_id: str) -> bool:
    with transaction.atomic():
        run = lock(run_id)
        before = (run.state, run.attempt)
        if run.state == "queued":
            if clock.now() - run.queued_at > QUEUED:
                run = start_run(run_id=run_id)
        elif run.state != "releasing" and stop_if_closed(run, "start" if run.state == "preparing" else "release"):
            pass
        elif run.state == "preparing":
            _preparing(run)
        elif run.state == "running":
            _running(run)
        elif run.state == "releasing":
            _releasing(run)
        elif run.state == "checking" and clock.now() - run.changed_at > CHECKING:
            move(run, "withhold", by=audit.SYSTEM, reasons=[Reason("run.check_expired", {"days": CHECKING.days})])
        return (run.state, run.attempt) != before


def _preparing(run: Run) -> None:
    if run.lease_until is None or clock.now() < run.lease_until:
        return
    said = {statement.organisation.slug for statement in run.statements_of("ready")}
    missing = [key for key in run.parties() if key not in said]
    reasons = [Reason("run.no_ready", {"organisation": key}) for key in missing]
    stop(run, "fail", Organisation.objects.filter(slug__in=missing).order_by("slug").first(), reasons)


def _running(run: Run) -> None:
    silent = _silent(run)
    if silent:
        reasons = [Reason("run.silent", {"organisation": organisation.slug}) for organisation in silent]
        lost(run, silent[0], reasons)


def _releasing(run: Run) -> None:
    """Who revokes now destroys what it had not sent: the run can no longer end, and some may have the table."""
    revoked = run.contract.signatures.filter(kind="revocation").select_related("organisation").first()
    if revoked is not None and clock.now() - max(revoked.at, run.changed_at) > SILENCE:
        reasons = [Reason("run.revoked_while_releasing", {"organisation": revoked.organisation.slug})]
        stop(run, "lose", revoked.organisation, reasons)


def _silent(run: Run) -> list[Organisation]:
    """Whose turn it is and who was not heard of: those without OPEN, then those whose shares are missing."""
    moment = clock.now()
    said = {statement.organisation.slug for statement in run.statements_of("open")}
    turn = [key for key in run.parties() if key not in said] or _without_shares(run)
    tasks = run.tasks.filter(attempt=run.attempt, organisation__slug__in=turn).select_related("organisation")
    seen = dict(DataStation.objects.values_list("organisation", "seen_at"))
    return [
        task.organisation
        for task in tasks.order_by(F("at").asc())
        if moment - task.at > STANDSTILL or moment - max(task.at, seen.get(task.organisation_id) or task.at) > SILENCE
    ]


def _without_shares(run: Run) -> list[str]:
    outputs = len(run.terms.specification.outputs)
    sent = run.shares.filter(attempt=run.attempt, stage="check").values_list("sender__slug", flat=True)
    return [key for key in run.computing() if list(sent).count(key) < outputs]
