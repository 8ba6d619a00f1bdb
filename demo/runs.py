"""What happens at the stations in a scene: signing, withdrawing, and runs that end in every way they can."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

from computations import actions as computations
from computations.models import Run
from demo import at_station, road
from demo.road import Journey
from demo.stations import Station
from demo.waiting import wait_for
from station.contract.signatures import unverified

Facts = dict[str, Any]
ONE_AT_A_TIME = Lock()  # a station has one port, and may be closed for a moment


def trial(journey: Journey, _facts: Facts) -> None:
    road.draft_contract(journey, trial=True)


def sign(journey: Journey, facts: Facts) -> None:
    """Those of ``at`` (else every party) that did not sign yet."""
    signed = {unverified(jws)["organisation"] for jws in journey.contract.signatures.values_list("jws", flat=True)}
    road.sign_at(journey, [key for key in facts.get("at", journey.parties) if key not in signed])


def revoke(journey: Journey, facts: Facts) -> None:
    journey.stations[facts["at"]]("revoke", journey.contract.sha256, "--reason", facts["reason"])
    journey.use_case.refresh_from_db()


def run(journey: Journey, facts: Facts, *, former: int) -> None:
    """A run that comes to its end. ``former``: how many the contract had before; one that got lost is asked again."""
    begun = list(Run.objects.filter(contract=journey.contract).order_by("queued_at")[former:])
    if begun and begun[-1].state == facts["ends"]:
        return
    if begun and not begun[-1].ended:
        journey.take_up_run(begun[-1])
    with ONE_AT_A_TIME:
        ENDS[facts["ends"]](journey, facts, bool(begun) and not begun[-1].ended)


def _checking(journey: Journey, _facts: Facts, begun: bool) -> None:
    if not begun:
        road.schedule(journey)
    if journey.run.state not in ("checking", "releasing"):
        road.compute(journey)


def _released(journey: Journey, facts: Facts, begun: bool) -> None:
    _checking(journey, facts, begun)
    if journey.run.state == "checking":
        road.release(journey)
    wait_for(journey.run, "released", journey.say)


def _withheld(journey: Journey, facts: Facts, begun: bool) -> None:
    _checking(journey, facts, begun)
    for output in journey.specification.outputs:
        journey.stations[output.checker](
            "output", "withhold", str(journey.run.pk), "--output", output.name, "--reasons", facts["reasons"],
            *at_station.checker(),
        )  # fmt: skip
    wait_for(journey.run, "withheld", journey.say)


def _cancelled(journey: Journey, facts: Facts, begun: bool) -> None:
    if not begun:
        road.schedule(journey)
    by = journey.person(*facts["by"].split())
    journey.take_up_run(computations.cancel_run(run=journey.run, reason=facts["reason"], by=by))


def _refused(journey: Journey, facts: Facts, begun: bool) -> None:
    """The station of ``at`` is closed at this hour, and says so."""
    with _closed(journey.stations[facts["at"]]):
        if not begun:
            road.schedule(journey)
        wait_for(journey.run, "refused", journey.say)


@contextmanager
def _closed(station: Station) -> Iterator[None]:
    policy, hour = station.home / "policy.toml", (datetime.now().hour + 12) % 24
    open_policy = policy.read_text("utf-8")
    policy.write_text(re.sub(r'(?m)^hours = ".*"$', f'hours = "{hour:02}:00-{hour:02}:30"', open_policy), "utf-8")
    try:
        yield
    finally:
        policy.write_text(open_policy, "utf-8")


ENDS: dict[str, Callable[[Journey, Facts, bool], None]] = {
    "cancelled": _cancelled,
    "checking": _checking,
    "refused": _refused,
    "released": _released,
    "withheld": _withheld,
}
AT_STATIONS: dict[str, Callable[[Journey, Facts], None]] = {"revoke": revoke, "sign": sign, "trial": trial}
