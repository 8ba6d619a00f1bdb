"""Reminders about measures that are due and advice that was asked: each moment once, to who can do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dpia import actions
from inbox import reminders
from inbox.models import Reminder
from tests.dpia.conftest import full_once  # noqa: F401 (a fixture)
from tests.dpia.full import THRESHOLD, TRAINING
from tests.dpia.people import Cast, again

TODAY = timezone.localdate()
DUE = TODAY + timedelta(days=60)


@pytest.fixture
def cast(full_once: Cast, db: None) -> Cast:  # noqa: F811
    rows = [THRESHOLD, TRAINING | {"due": DUE.isoformat()}]
    drafter = full_once.person("alfa", "drafter")
    actions.answer(assessment=again(full_once.assessment), question="measures", value=rows, by=drafter)
    return full_once


def told(cast: Cast, key: str, role: str, kind: str) -> list[int]:
    user = cast.person(key, role)
    return list(Reminder.objects.filter(user=user, kind=kind).order_by("-days").values_list("days", flat=True))


def test_a_measure_is_told_thirty_and_seven_days_before_and_when_its_day_is_there(cast):
    for left, wanted in ((31, []), (30, [30]), (8, [30]), (7, [30, 7]), (0, [30, 7, 0]), (-9, [30, 7, 0])):
        reminders.remind(DUE - timedelta(days=left))
        assert told(cast, "beta", "drafter", "measure") == told(cast, "beta", "privacy_officer", "measure") == wanted
    assert reminders.remind(DUE + timedelta(days=9)) == 0, "everything was told"
    assert told(cast, "alfa", "drafter", "measure") == told(cast, "beta", "dpo", "measure") == []
    made = Reminder.objects.filter(kind="measure").first()
    assert made.title == again(cast.assessment).use_case.title and made.url.endswith("/assessment/measures/")
    assert "training" not in f"{made.title}{made.about_id}"


def test_what_is_done_is_not_told(cast):
    actions.report_measure(
        assessment=again(cast.assessment), measure="training", state="verified", text="Held",
        by=cast.person("beta", "drafter"),
    )  # fmt: skip
    reminders.remind(DUE)
    assert told(cast, "beta", "drafter", "measure") == []


def test_a_dpo_who_has_not_advised_hears_after_two_and_four_weeks(cast):
    assessment = cast.at("dpo_advice")
    actions.advise(
        assessment=assessment, organisation=cast.world.organisations["alfa"], verdict="positive",
        by=cast.person("alfa", "dpo"),
    )  # fmt: skip
    for days, wanted in ((13, []), (14, [14]), (27, [14]), (28, [14, 0]), (60, [14, 0])):
        reminders.remind(TODAY + timedelta(days=days))
        assert told(cast, "beta", "dpo", "advice") == told(cast, "gamma", "dpo", "advice") == wanted
    assert told(cast, "alfa", "dpo", "advice") == told(cast, "beta", "drafter", "advice") == []
