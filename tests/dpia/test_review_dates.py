"""The review date of an adopted DPIA: set by itself, moved by the privacy officer, and what happens when it passes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborations import turns
from dpia import actions
from dpia.models import Assessment
from dpia.review_dates import in_a_year, later, review_turns
from tests.dpia.people import again, refused


def of(cast, key="alfa"):
    return cast.world.organisations[key]


def due(assessment, days):
    """As if it had been adopted so long ago."""
    Assessment.objects.filter(pk=assessment.pk).update(review_on=timezone.localdate() + timedelta(days=days))
    return again(assessment)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 36, date(2029, 12, 31)),
    ],
)
def test_a_year_later_is_a_day_that_exists(day, months, after):
    assert later(day, months) == after


def test_it_is_set_at_the_adoption_and_gone_with_a_new_round(cast, at):
    assessment = at("adoption")
    assert assessment.review_on is None
    cast.adopt(assessment)
    assessment = again(assessment)
    assert assessment.review_on == in_a_year()
    actions.reopen(assessment=assessment, reason="Something changed", by=cast.person("alfa", "drafter"))
    assert again(assessment).review_on is None


def test_confirming_it_after_a_doubt_is_a_review(cast, at):
    assessment = due(at("under_review"), 3)
    actions.confirm(assessment=assessment, reason="It holds", by=cast.person("beta", "mandated_manager"))
    assert again(assessment).review_on == in_a_year()


def test_the_privacy_officer_looks_again_and_says_until_when(cast, at):
    assessment, officer = due(at("adopted"), -1), cast.person("alfa", "privacy_officer")
    assert [turn.code for turn in review_turns(assessment, timezone.localdate())] == ["turn.review_again"]
    document = assessment.document()
    day = later(timezone.localdate(), 6)
    actions.review_again(
        assessment=assessment, organisation=of(cast), reason="Nothing changed", by=officer, review_on=day
    )
    after = again(assessment)
    assert (after.state, after.review_on, after.document()) == ("adopted", day, document)
    assert not list(review_turns(after, timezone.localdate()))


@pytest.mark.parametrize("role", ["drafter", "dpo", "mandated_manager", "nobody"])
def test_only_a_privacy_officer_does_that(cast, at, role):
    with pytest.raises(PermissionDenied):
        actions.review_again(assessment=at("adopted"), organisation=of(cast), reason="x", by=cast.person("alfa", role))


@pytest.mark.parametrize(
    ("days", "reason", "code"),
    [(0, "x", "assessment.review_past"), (1200, "x", "assessment.review_late"), (30, " ", "reason.needed")],
)
def test_a_day_that_cannot_be_and_an_empty_reason_are_refused(cast, at, days, reason, code):
    assessment = at("adopted")
    with refused(code):
        actions.review_again(
            assessment=assessment, organisation=of(cast), reason=reason, by=cast.person("alfa", "privacy_officer"),
            review_on=timezone.localdate() + timedelta(days=days),
        )  # fmt: skip
    assert again(assessment).review_on == in_a_year()


def test_a_date_that_passed_is_said_on_every_page_and_stops_nothing(cast, at, pages):
    assessment = due(at("adopted"), -1)
    use_case = assessment.use_case
    before = {turn.code for turn in turns.waiting(use_case)}
    assert "turn.review_again" in before
    assert {turn.code for turn in turns.waiting(use_case)} - {"turn.review_again"} == {
        turn.code for turn in turns.waiting(use_case, timezone.localdate() - timedelta(days=9))
    }, "the same stands in the way as before the date"
    client = pages.client
    client.force_login(cast.person("beta", "nobody"))
    client.cookies["django_language"] = "en"
    for address in ("", "assessment/", "timeline/"):
        assert "should have been reviewed on" in client.get(f"/use-cases/{use_case.pk}/{address}").content.decode()


def test_the_page_of_the_privacy_officer(cast, at, pages):
    assessment = due(at("adopted"), -1)
    client = pages.client
    client.force_login(cast.person("alfa", "privacy_officer"))
    client.cookies["django_language"] = "en"
    page = f"/use-cases/{assessment.use_case.pk}/assessment/steps/review-again/"
    shown = client.get(page).content.decode()
    assert in_a_year().isoformat() in shown
    late = {"reason": "Looked at everything", "review_on": "2099-01-01"}
    answer = client.post(page, late)
    assert answer.status_code == 422
    assert "Looked at everything" in answer.content.decode(), "nothing typed is lost"
    assert client.post(page, late | {"review_on": in_a_year().isoformat()}).status_code == 302
    assert again(assessment).review_on == in_a_year()
