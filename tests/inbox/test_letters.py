"""Letters about turns and mentions: one per person, what still waits alone, nothing twice, and deputies get theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Deputy
from collaborations import actions, kept
from collaborations.models import UseCase, WaitingTurn
from discussion import actions as discussion
from inbox import letters, telling
from inbox.models import MailWish, Notice


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()


def minute(moment=None):
    """What the tasks do: turns written down, notices made, letters sent. Says how many letters."""
    moment = moment or timezone.now()
    kept.keep_all()
    telling.tell(moment, timezone.localdate(moment))
    return letters.post(moment)


def mails(mailoutbox, user):
    return [letter for letter in mailoutbox if letter.to == [user.email]]


@pytest.fixture
def invited(use_case_at, person):
    """Two use cases that wait for beta's answer, and whoever gives it."""
    by = person("beta", "innovation_manager")
    by.language = "en"
    by.save()
    return by, [use_case_at("proposed"), use_case_at("proposed")]


def test_one_letter_says_that_it_is_your_turn_in_several_use_cases(invited, mailoutbox, settings):
    by, use_cases = invited
    minute()
    (letter,) = mails(mailoutbox, by)
    assert letter.subject == "It is your turn at NICPET"
    for use_case in use_cases:
        assert f"{settings.BASE_URL}/use-cases/{use_case.pk}/partners/" in letter.body
    assert letter.body.count("1 thing waits for you") == 2
    assert "invitation" not in letter.body, "what exactly waits stands on the platform alone"


def test_nothing_comes_twice(invited, mailoutbox):
    by, use_cases = invited
    minute()
    minute()
    kept.want([use_case.pk for use_case in use_cases])
    WaitingTurn.objects.all().delete()
    minute()
    assert len(mails(mailoutbox, by)) == 1, "the same turn, written down anew"


def test_who_cannot_act_gets_no_letter(invited, person, mailoutbox):
    others = [person("beta", "dpo"), person("alfa", "innovation_manager")]
    minute()
    assert [mails(mailoutbox, other) for other in others] == [[], []]


def test_the_daily_letter_leaves_out_what_was_done_meanwhile(invited, mailoutbox):
    by, use_cases = invited
    MailWish.objects.create(user=by, when="daily")
    night = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert minute(night) == 0 or not mails(mailoutbox, by)
    Notice.objects.filter(user=by).update(made_at=night)
    actions.accept_invitation(partner=use_cases[0].partners.get(organisation__slug="beta"), by=by)
    minute(night + timedelta(hours=1, minutes=1))
    (letter,) = mails(mailoutbox, by)
    assert str(use_cases[1].pk) in letter.body
    assert str(use_cases[0].pk) not in letter.body


def test_no_letter_when_everything_was_done_meanwhile_and_none_for_who_wants_none(invited, person, mailoutbox):
    by, use_cases = invited
    silent = person("gamma", "innovation_manager")
    MailWish.objects.create(user=silent, when="none")
    kept.keep_all()
    telling.tell(timezone.now(), timezone.localdate())
    for use_case in use_cases:
        actions.accept_invitation(partner=use_case.partners.get(organisation__slug="beta"), by=by)
    letters.post(timezone.now())
    assert mails(mailoutbox, by) == mails(mailoutbox, silent) == []
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_deputy_is_told_what_waits_already_and_what_comes(invited, person, mailoutbox, use_case_at):
    by, _use_cases = invited
    deputy = person("beta", "nobody")
    minute()
    assert mails(mailoutbox, deputy) == []
    today = timezone.localdate()
    Deputy.objects.create(
        membership=deputy.memberships.get(), absent=by.memberships.get(), role="innovation_manager", first_day=today,
        last_day=today, reason="Holiday",
    )  # fmt: skip
    minute()
    minute()
    assert len(mails(mailoutbox, deputy)) == 1
    use_case_at("proposed")
    minute()
    assert len(mails(mailoutbox, deputy)) == 2


def test_a_mention_is_told_without_what_was_said(use_case_at, person, mailoutbox):
    use_case = use_case_at("exploring")
    by, whom = person("alfa", "innovation_manager"), person("beta", "dpo")
    whom.language = "en"
    whom.save()
    discussion.comment(
        about=use_case, organisation=use_case.proposer, text=f"@{whom.full_name} a secret", by=by, people=[whom]
    )
    minute()
    minute()
    (letter,) = mails(mailoutbox, whom)
    assert letter.subject == "You were mentioned at NICPET"
    assert "secret" not in letter.body
    assert f"/use-cases/{use_case.pk}/discussion/" in letter.body


def test_a_mention_in_a_use_case_that_was_left_is_not_told(use_case_at, person, mailoutbox):
    use_case = use_case_at("exploring")
    whom = person("beta", "dpo")
    discussion.comment(
        about=use_case, organisation=use_case.proposer, text=f"@{whom.full_name} look",
        by=person("alfa", "innovation_manager"), people=[whom],
    )  # fmt: skip
    use_case.partners.filter(organisation__slug="beta").update(state="withdrawn")
    minute()
    assert mails(mailoutbox, whom) == []
    assert UseCase.objects.get() == use_case
