"""Days in words, as a reader in Amsterdam counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from web.moments import Days


@pytest.fixture
def days(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2027, 3, 28))
    with override("en"):
        yield Days()


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2027, 3, 27, 23, 1, tzinfo=UTC), "since today"),
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), "since yesterday"),
        (datetime(2027, 3, 26, 22, 59, tzinfo=UTC), "since 26 March 2027 (2 days)"),
    ],
)  # midnight in Amsterdam, an hour before the clock changes
def test_a_day_begins_at_midnight_in_amsterdam(days, moment, said):
    assert days.since(moment) == said


def test_a_moment_and_its_day_are_written_alike(days):
    assert days.day(datetime(2027, 3, 27, 23, 1, tzinfo=UTC)) == days.day(date(2027, 3, 28)) == "28 March 2027"
    assert days.since(timezone.now() + timedelta(days=9999)) == "since today", "a clock that is ahead"


def test_a_month_is_in_the_language_of_the_reader(days):
    with override("nl"):
        assert Days().day(date(2027, 3, 1)) == "1 maart 2027"
