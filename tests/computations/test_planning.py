"""The dates of a schedule: months of every length, and Dutch clocks that skip an hour or show one twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from computations import planning

FAR = date(2040, 12, 31)


def days(recurrence: str, first: str, last: str) -> list[str]:
    return [day.isoformat() for day in planning.days(recurrence, date.fromisoformat(first), date.fromisoformat(last))]


@pytest.mark.parametrize(
    ("recurrence", "first", "last", "expected"),
    [
        ("once", "2026-11-24", "2027-11-24", ["2026-11-24"]),
        ("once", "2026-11-24", "2026-11-23", []),
        ("weekly", "2026-12-21", "2027-01-05", ["2026-12-21", "2026-12-28", "2027-01-04"]),
        ("monthly", "2027-01-31", "2027-04-30", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("monthly", "2028-01-30", "2028-03-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("monthly", "2026-12-15", "2027-01-15", ["2026-12-15", "2027-01-15"]),
        ("quarterly", "2026-11-30", "2027-08-30", ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]),
    ],
)
def test_days(recurrence, first, last, expected):
    assert days(recurrence, first, last) == expected


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        ("2026-03-28", "06:00", "2026-03-28 05:00"),  # winter time
        ("2026-03-29", "06:00", "2026-03-29 04:00"),  # the first day of summer time
        ("2026-03-29", "02:30", "2026-03-29 01:30"),  # skipped: it is half past three
        ("2026-10-25", "02:30", "2026-10-25 00:30"),  # shown twice: the first one
        ("2026-10-25", "06:00", "2026-10-25 05:00"),
    ],
)
def test_moments_are_on_dutch_clocks(day, at, expected):
    made = planning.moment(date.fromisoformat(day), time.fromisoformat(at))
    assert made == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_only_what_is_still_to_come():
    first, at = date(2026, 11, 2), time(6)
    passed = planning.moment(date(2026, 11, 9), at)
    coming = list(planning.moments("weekly", first, date(2026, 11, 24), at, after=passed))
    assert [moment.date().isoformat() for moment in coming] == ["2026-11-16", "2026-11-23"]


def test_the_calendar_ends():
    assert days("quarterly", "9999-10-31", "9999-12-31") == ["9999-10-31"]


@given(
    st.sampled_from(["weekly", "monthly", "quarterly"]),
    st.dates(date(2020, 1, 1), date(2039, 1, 1)), st.times(),
)  # fmt: skip
def test_every_date_is_later_than_the_one_before_and_at_the_same_time(recurrence, first, at):
    made = list(planning.days(recurrence, first, FAR))
    assert made[0] == first
    assert made == sorted(set(made))
    assert all(day.day == first.day or (day.day < first.day and recurrence != "weekly") for day in made) or (
        recurrence == "weekly" and {day.weekday() for day in made} == {first.weekday()}
    )
    moments = [planning.moment(day, at) for day in made]
    assert moments == sorted(set(moments))
