"""The example "aio-2025": legal bases on a regulation that lapsed on 21-09-2025. Approved and signed while it was
valid, with a run planned for the day after and another asked for on the last evening; at midnight the platform's own
sweep stops both, and says why.

Everything is done by the actions behind the pages, on days that have passed (``demo.moment``). The three stations of
that time are a signing key each: nothing was computed, so they need no data and no program.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from joserfc.jwk import ECKey

from accounts.models import Organisation
from collaborations import gate
from collaborations.models import Contract, LegalBasis
from computations import actions
from computations.actions.contracts import draft_contract
from computations.models import DataStation, Schedule
from demo import cast, examples, moment, road
from demo.dossier import Dossier
from demo.people import describe
from demo.road import Journey
from station.contract.signatures import new_key, public, sign
from station.contract.statements import schema_digest
from station.reasons import Reason, Refused

NAME = "aio-2025"
DUTCH = ZoneInfo("Europe/Amsterdam")
FIRST, LAST, AFTER = (
    datetime(2025, 9, 1, 12, tzinfo=DUTCH),
    datetime(2025, 9, 21, 23, 59, 40, tzinfo=DUTCH),
    datetime(2025, 9, 22, 0, 0, 5, tzinfo=DUTCH),
)
MORNING = time(6)
COLUMN = ("name", "type", "description", "data_class")
"""What a station says of a column of its dataset."""


@dataclass(frozen=True)
class Told:
    """What happened. ``plan``: the run of the day after; ``reasons``: why nothing can be asked for then."""

    journey: Journey
    signed: str
    open_on_the_last_day: bool
    plan: Schedule
    reasons: list[Reason]


def run(*, as_json: bool) -> int:
    """0 only when the run was blocked by itself."""
    journey = journey_in(Path(settings.VAR_DIR).resolve(), say=_say)
    names = {party.organisation: party.name for party in journey.specification.parties}
    with contextlib.redirect_stdout(sys.stderr):
        cast.cast(names, password=None, today=FIRST.date())
        told = play(journey)
    report = _report(told)
    print(json.dumps(report, ensure_ascii=False) if as_json else _readable(report))
    blocked = (report["state"], report["plan"], report["use_case_state"]) == ("cancelled", "ended", "assessing")
    return 0 if blocked else 1


def journey_in(instance: Path, say: Callable[[str], None]) -> Journey:
    """Still to be played; ``play`` changes the clock of the whole process, so nothing else may be played meanwhile."""
    specification = examples.get(NAME).plan(instance / "inputs" / NAME, FIRST.date()).specification
    return Journey(specification, Dossier("aio_2025"), say=say)


@transaction.atomic
def play(journey: Journey) -> Told:
    """In one transaction, so that the platform's own sweep of today sees nothing before it is over."""
    with moment.at(FIRST):
        road.walk(journey, until="agreement")
        _sign(journey)
        signed = str(journey.use_case.state)
    with moment.at(LAST):
        open_then = not gate.unmet(journey.use_case, journey.contract, timezone.localdate())
        by = journey.person(journey.asker, "innovation_manager")
        plan = actions.plan_runs(contract=journey.contract, first_day=AFTER.date(), at=MORNING, by=by)
        road.schedule(journey)
    with moment.at(AFTER):
        actions.sweep()
        reasons = _asked_again(journey)
    journey.use_case.refresh_from_db()
    journey.run.refresh_from_db()
    plan.refresh_from_db()
    return Told(journey, signed, open_then, plan, reasons)


def _sign(journey: Journey) -> None:
    keys = {key: new_key() for key in journey.parties}
    for key, own in keys.items():
        _enrol(journey, key, own)
        _announce(key, own, journey.specification.document()["inputs"])
    by = journey.person(journey.asker, "innovation_manager")
    contract = journey._contract = draft_contract(use_case=journey.use_case, by=by)
    Contract.objects.filter(pk=contract.pk).update(drafted_at=FIRST)
    mandate = describe()["mandate"]
    for key, own in keys.items():
        party = journey.specification.party(key)
        payload = {
            "contract": contract.sha256, "organisation": key, "capacity": party.capacity if party else "",
            "mandate": {
                "function": describe()["functions"]["data_steward"], "reference": mandate["reference"],
                "valid_to": str(mandate["last_day"]),
            },
            "documents": [document.sha256 for document in contract.read().documents],
            "decided_on": FIRST.date().isoformat(),
        }  # fmt: skip
        actions.receive(station=_station(key), statement=sign("approval", payload, own))
    journey.use_case.refresh_from_db()
    contract.refresh_from_db()


def _enrol(journey: Journey, key: str, own: ECKey) -> None:
    organisation = Organisation.objects.get(slug=key)
    token = actions.enrolment_token(organisation=organisation, by=journey.person(key, "data_steward"))
    payload = {
        "organisation": key, "token": token, "signing_key": public(own), "version": "2025", "at": int(FIRST.timestamp())
    }  # fmt: skip
    actions.enrol(statement=sign("enrolment", payload, own))


def _announce(key: str, own: ECKey, inputs: Iterable[dict[str, Any]]) -> None:
    for entry in inputs:
        if entry["organisation"] != key:
            continue
        columns = [{name: column[name] for name in COLUMN} for column in entry["columns"]]
        payload = {
            "organisation": key, "dataset": entry["dataset"], "description": entry["subject_category"],
            "columns": columns, "sha256": schema_digest(entry["dataset"], columns, False), "synthetic": False,
            "rows_rounded_up": entry["padded_rows"], "at": int(FIRST.timestamp()),
        }  # fmt: skip
        actions.announce_dataset(station=_station(key), key=entry["dataset"], statement=sign("dataset", payload, own))


def _asked_again(journey: Journey) -> list[Reason]:
    """What the platform answers when somebody asks for a run the day after."""
    try:
        with transaction.atomic():
            by = journey.person(journey.asker, "innovation_manager")
            actions.schedule_run(contract=journey.contract, by=by)
    except Refused as refusal:
        return refusal.reasons
    return []


def _station(key: str) -> DataStation:
    return DataStation.objects.select_related("organisation").get(organisation__slug=key)


def _report(told: Told) -> dict[str, Any]:
    use_case, run = told.journey.use_case, told.journey.run
    bases = LegalBasis.objects.filter(partner__use_case=use_case).order_by("pk").values_list("state", "valid_to")
    return {
        "use_case": str(use_case.pk), "run": str(run.pk), "signed": told.signed,
        "open_on_the_last_day": told.open_on_the_last_day, "state": run.state,
        "states": [entry["state"] for entry in run.history],
        "why": [_both(Reason.from_document(reason)) for reason in run.reasons],
        "planned_for": AFTER.date().isoformat(), "plan": told.plan.state,
        "plan_why": [_both(reason) for reason in told.plan.why],
        "asked_the_day_after": [_both(reason) for reason in told.reasons],
        "use_case_state": use_case.state,
        "bases": [{"state": state, "valid_to": _iso(day)} for state, day in bases],
    }  # fmt: skip


def _both(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "nl": reason.text("nl"), "en": reason.text("en")}


def _iso(day: date) -> str:
    return day.isoformat()


def _readable(report: dict[str, Any]) -> str:
    lines = [" -> ".join(report["states"]), f"use case: {report['signed']} -> {report['use_case_state']}"]
    return "\n".join([*lines, *(reason["nl"] for reason in report["why"]), *(reason["en"] for reason in report["why"])])


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
