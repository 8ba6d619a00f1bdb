"""The terms of a prior consultation: eight weeks, six more, and the days that do not count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dpia import actions
from dpia.models import ConsultationPause
from dpia.terms import Pause, due_on
from dpia.turns import turns
from inbox.models import Reminder
from inbox.reminders import remind
from tests.dpia.pages import text
from tests.dpia.people import again, refused

ASKED = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("extended", "pauses", "due"),
    [
        (False, [], date(2026, 4, 27)),
        (True, [], date(2026, 6, 8)),
        (False, [Pause(date(2026, 3, 10), date(2026, 3, 20))], date(2026, 5, 7)),
        (True, [Pause(date(2026, 3, 10), date(2026, 3, 20)), Pause(date(2026, 4, 1), date(2026, 4, 1))],
         date(2026, 6, 18)),
        (True, [Pause(date(2026, 3, 10))], None),
    ],
)  # fmt: skip
def test_the_last_day(extended, pauses, due):
    assert due_on(ASKED, extended=extended, pauses=pauses) == due


@pytest.fixture
def asked(cast, at, drafter):
    """Put before the authority forty days ago."""
    day = timezone.localdate() - timedelta(days=40)
    return actions.consult_authority(assessment=at("response"), reference="z2026-1", asked_on=day, by=drafter)


def test_asked_suspended_continued_extended_and_answered(cast, asked, drafter):
    assessment, today = cast.assessment, timezone.localdate()
    (turn,) = turns(again(assessment))
    assert (turn.code, turn.deadline) == ("turn.authority", today + timedelta(days=16))
    ago = today - timedelta(days=10)
    with refused("consultation.not_paused"):
        actions.continue_consultation(assessment=assessment, on=ago, by=drafter)
    actions.pause_consultation(assessment=assessment, what="Who holds the keys?", on=ago, by=drafter)
    with refused("consultation.paused"):
        actions.pause_consultation(assessment=assessment, what="And more", on=today, by=drafter)
    (turn,) = turns(again(assessment))
    assert (turn.code, turn.deadline) == ("turn.authority_information", None)
    actions.continue_consultation(assessment=assessment, on=today, by=drafter)
    actions.extend_consultation(assessment=assessment, reason="It is complex", on=today, by=drafter)
    with refused("consultation.extended"):
        actions.extend_consultation(assessment=assessment, reason="Again", on=today, by=drafter)
    (turn,) = turns(again(assessment))
    assert turn.deadline == today + timedelta(days=16 + 10 + 42)
    actions.record_authority_answer(assessment=assessment, answer="Go on", answered_on=today, by=drafter)
    assert again(assessment).state == "response"
    with refused("lifecycle.state"):
        actions.extend_consultation(assessment=assessment, reason="Late", on=today, by=drafter)


def test_an_answer_ends_what_stood_still_and_an_earlier_round_keeps_its_own(cast, asked, drafter):
    today = timezone.localdate()
    actions.pause_consultation(assessment=cast.assessment, what="Tell more", on=today, by=drafter)
    actions.record_authority_answer(assessment=cast.assessment, answer="Go on", answered_on=today, by=drafter)
    assert ConsultationPause.objects.get().end == today
    with transaction.atomic(), pytest.raises(IntegrityError):
        ConsultationPause.objects.all().delete()


@pytest.mark.parametrize("days", [-41, 1])
def test_days_make_sense(cast, asked, drafter, days):
    day = timezone.localdate() + timedelta(days=days)
    codes = {-41: "dates.end_before_begin", 1: "dates.future"}
    with refused(codes[days]):
        actions.pause_consultation(assessment=cast.assessment, what="x", on=day, by=drafter)
    with refused(codes[days]):
        actions.extend_consultation(assessment=cast.assessment, reason="x", on=day, by=drafter)
    assert not ConsultationPause.objects.exists()


def test_the_page_shows_the_days_and_the_drafter_records_them_there(pages, cast, asked):
    today = timezone.localdate()
    for name, fields in (
        ("pause-consultation", {"what": "Who <b>holds</b> the keys?", "on": today.isoformat()}),
        ("continue-consultation", {"on": today.isoformat()}),
        ("extend-consultation", {"reason": "Complex", "on": today.isoformat()}),
    ):
        assert pages.url("step", name) in text(pages.get("alfa", "drafter"))
        assert pages.post("alfa", "drafter", "step", name, **fields).status_code == 302
    page = text(pages.get("beta", "nobody"))
    assert "Who &lt;b&gt;holds&lt;/b&gt; the keys?" in page
    due = today + timedelta(days=16 + 42)
    assert f"{due.day} {due:%B} {due.year}" in page


def test_the_drafter_is_reminded_before_the_term_ends(cast, asked, drafter):
    due = asked.due_on
    remind(due - timedelta(days=7))
    told = Reminder.objects.filter(kind="authority")
    assert set(told.values_list("user", "ends_on")) == {(drafter.pk, due)}
    actions.pause_consultation(assessment=cast.assessment, what="x", on=timezone.localdate(), by=drafter)
    told.delete()
    remind(due - timedelta(days=7))
    assert not told.exists()  # the term stands still
