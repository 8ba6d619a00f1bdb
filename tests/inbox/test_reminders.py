"""Reminders before something ends: 30 and 7 days before, each once, by e-mail as each person wishes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Deputy, Organisation
from collaborations.models import Agreement, LegalBasis
from inbox import letters, reminders
from inbox.changes import news_of
from inbox.models import MailWish, Reminder

MORNING, NIGHT = datetime(2026, 11, 24, 6, 1, tzinfo=UTC), datetime(2026, 11, 24, 5, 59, tzinfo=UTC)  # 07:01, 06:59


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing is remembered from another test's database."""
    cache.clear()


def of(user, kind="basis"):
    return list(Reminder.objects.filter(user=user, kind=kind).values_list("days", flat=True))


@pytest.fixture
def last_day(use_case_at):
    use_case = use_case_at("authorised")
    return LegalBasis.objects.filter(partner__use_case=use_case, state="approved").earliest("valid_to").valid_to


def test_thirty_and_seven_days_before_each_once(last_day, person):
    drafter = person("beta", "drafter")
    reminders.remind(last_day - timedelta(days=31))
    assert of(drafter) == []
    for left, wanted in ((30, [30]), (29, [30]), (8, [30]), (7, [30, 7]), (0, [30, 7]), (-1, [30, 7])):
        reminders.remind(last_day - timedelta(days=left))
        assert sorted(set(of(drafter)), reverse=True) == wanted
    assert len(of(drafter)) == 2 * LegalBasis.objects.filter(
        partner__organisation__slug="beta", state="approved", valid_to=last_day
    ).count()  # fmt: skip
    assert of(person("beta", "dpo")) == [], "only who can write a next version"


def test_agreements_and_mandates_are_told_too(last_day, person):
    lawyer, manager = person("alfa", "lawyer"), person("beta", "mandated_manager")
    ends = Agreement.objects.get().valid_to
    reminders.remind(ends - timedelta(days=7))
    assert of(lawyer, "agreement") == [7]
    mandate = manager.mandates.get()
    reminders.remind(mandate.valid_to - timedelta(days=30))
    assert of(manager, "mandate") == [30]


def test_the_review_of_a_dpia_is_told_to_the_privacy_officers(use_case_at, person):
    assessment = use_case_at("authorised").assessment
    officers = [person(key, "privacy_officer") for key in ("alfa", "beta")]
    day = assessment.review_on
    for left in (30, 7):
        reminders.remind(day - timedelta(days=left))
    assert [of(officer, "assessment") for officer in officers] == [[30, 7]] * 2
    assert of(person("alfa", "drafter"), "assessment") == []


def test_whoever_stands_in_is_told_what_the_absent_would_be(last_day, person):
    absent, deputy = person("beta", "drafter"), person("beta", "nobody")
    day = last_day - timedelta(days=29)
    reminders.remind(day)
    assert of(absent)
    assert of(deputy) == []
    Deputy.objects.create(
        membership=deputy.memberships.get(), absent=absent.memberships.get(), role="drafter", first_day=day,
        last_day=day, reason="Holiday",
    )  # fmt: skip
    assert reminders.remind(day) == len(of(deputy)) == len(of(absent))
    Organisation.objects.filter(slug="beta").update(state="suspended")
    reminders.remind(last_day - timedelta(days=7))
    assert set(of(absent)) == {30}, "nobody of a suspended organisation"


def test_a_day_on_which_everything_was_told_reads_and_writes_nothing(last_day, django_assert_num_queries):
    day = last_day - timedelta(days=30)
    assert reminders.remind(day)
    with django_assert_num_queries(10):  # a savepoint, and one question per kind
        assert reminders.remind(day) == 0


def made(user, ends_on=date(2026, 12, 1), at=NIGHT - timedelta(hours=1), title="Example"):
    return Reminder.objects.create(
        user=user, kind="basis", about_id=title, days=7, title=title, url="/use-cases/x/", ends_on=ends_on, made_at=at
    )


@pytest.mark.parametrize(("language", "word"), [("en", "Soon this ends"), ("nl", "1 december 2026")])
def test_a_letter_goes_once_in_the_readers_language_with_titles_alone(person, mailoutbox, language, word, settings):
    drafter = person("beta", "drafter")
    drafter.language = language
    drafter.save()
    made(drafter)
    assert (letters.post(NIGHT), letters.post(NIGHT)) == (1, 0)
    assert mailoutbox[0].to == [drafter.email]
    assert word in mailoutbox[0].body
    assert f"{settings.BASE_URL}/use-cases/x/" in mailoutbox[0].body
    assert Reminder.objects.get().mailed_at == NIGHT, "the row says that it was sent"


def test_the_daily_letter_goes_at_seven_dutch_time_and_none_never(person, mailoutbox):
    daily, silent = person("beta", "drafter"), person("beta", "lawyer")
    MailWish.objects.create(user=daily, when="daily")
    MailWish.objects.create(user=silent, when="none")
    made(daily, title="One")
    made(daily, title="Two")
    made(silent)
    assert letters.post(NIGHT) == 0
    assert letters.post(MORNING) == 1, "one letter for both"
    made(daily, title="Later", at=MORNING)
    assert letters.post(MORNING + timedelta(hours=2)) == 0
    assert letters.post(MORNING + timedelta(days=1)) == 1
    assert [letter.to for letter in mailoutbox] == [[daily.email]] * 2


def test_the_page_shows_it_until_it_was_seen_and_only_to_its_reader(client, person):
    row = made(person("beta", "drafter"))
    client.force_login(person("beta", "lawyer"))
    client.post("/reminders/seen/", {"reminder": row.pk})
    client.force_login(person("beta", "drafter"))
    client.cookies["django_language"] = "en"
    assert "Ends soon" in client.get("/").content.decode()
    for nonsense in ("x", "", "9" * 40, str(row.pk)):
        assert client.post("/reminders/seen/", {"reminder": nonsense}).status_code == 302
    assert "Ends soon" not in client.get("/").content.decode()


def test_what_others_did_is_news_until_it_was_seen(client, person, use_case_at):
    use_case = use_case_at("joined")
    by = person("beta", "innovation_manager")
    sentences = [entry.sentence for one in news_of(by, [use_case]) for entry in one.entries]
    assert sentences
    client.force_login(by)
    assert use_case.title in client.get("/news/").content.decode()
    client.post(f"/news/{use_case.pk}/seen/")
    assert news_of(by, [use_case]) == []
    assert news_of(person("gamma", "innovation_manager"), [use_case]), "each has their own mark"


def test_the_wish_is_kept_and_nonsense_changes_nothing(client, person):
    client.force_login(person("beta", "drafter"))
    for when in ("daily", "weekly", "none", "<b>"):
        client.post("/mail-wish/", {"when": when})
    assert MailWish.objects.get().when == "none"
    assert timezone.get_current_timezone_name() == "Europe/Amsterdam"


def test_news_of_many_use_cases_takes_as_many_queries_as_of_one(client, person, use_case_at):
    client.force_login(person("beta", "innovation_manager"))

    def queries(number):
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get("/news/").context["news"]) == number
        return len(asked)

    use_case_at("proposed")
    queries(1)
    few = queries(1)
    for _each in range(2):
        use_case_at("proposed")
    assert queries(3) == few <= 12
