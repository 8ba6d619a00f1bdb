"""The example whose regulation lapsed: approved and signed while it was valid, stopped by itself the day after."""

from __future__ import annotations

import pytest
from django.utils import timezone

from collaborations.models import LegalBasis
from computations import clock
from demo import cast, lapsed, moment


@pytest.fixture
def told(db, tmp_path):
    journey = lapsed.journey_in(tmp_path, say=lambda _text: None)
    names = {party.organisation: party.name for party in journey.specification.parties}
    cast.cast(names, password=None, today=lapsed.FIRST.date())
    return lapsed.play(journey)


def test_the_run_of_the_day_after_is_blocked_by_itself_and_says_why(told):
    report = lapsed._report(told)
    assert (report["signed"], report["open_on_the_last_day"]) == ("authorised", True)
    assert report["states"] == ["queued", "cancelled"]
    assert {(row["state"], row["valid_to"]) for row in report["bases"]} == {("expired", "2025-09-21")}
    assert (report["use_case_state"], told.journey.contract.kind) == ("assessing", "contract")
    why = [reason for reason in report["why"] if reason["code"] == "gate.basis_not_valid"]
    assert why
    for words, day in (("nl", "21 september 2025"), ("en", "21 September 2025")):
        assert all(day in reason[words] and "34a" in reason[words] for reason in why)
    assert report["asked_the_day_after"], "nor can another one be asked for"
    assert (report["planned_for"], report["plan"]) == ("2025-09-22", "ended")
    assert {reason["code"] for reason in report["plan_why"]} >= {"gate.basis_not_valid", "gate.superseded"}
    assert told.journey.specification.analysis == "household_threshold"
    assert LegalBasis.objects.filter(state="approved").count() == 0


def test_the_clock_is_the_real_one_afterwards():
    before = timezone.now, clock.now
    with pytest.raises(ZeroDivisionError), moment.at(lapsed.FIRST):
        assert timezone.localdate() == lapsed.FIRST.date()
        assert clock.now() == lapsed.FIRST
        1 / 0  # noqa: B018
    assert (timezone.now, clock.now) == before
