"""Saying something about an object, aloud or within one's own organisation."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership, Organisation, User
from audit.models import Event
from discussion import actions
from discussion.models import Comment
from station.reasons import Refused


@pytest.fixture
def alfa(db):
    return Organisation.objects.create(slug="alfa", name="Alfa")


@pytest.fixture
def beta(db):
    return Organisation.objects.create(slug="beta", name="Beta")


def member(organisation, name="anna"):
    user = User.objects.create_user(f"{name}@{organisation.slug}.example", full_name=name.title())
    Membership.objects.create(user=user, organisation=organisation)
    return user


def test_what_is_said_aloud_is_kept_with_its_event(alfa):
    anna = member(alfa)
    made = actions.comment(about=alfa, organisation=alfa, text="  Hello.  ", by=anna)
    assert (made.text, made.organisation, made.internal) == ("Hello.", alfa, False)
    event = Event.objects.get()
    assert (event.type, event.organisation_key, event.facts) == ("comment.made", "alfa", {})


def test_an_internal_note_leaves_no_trace_for_others(alfa, beta):
    anna, bram = member(alfa), member(beta, "bram")
    note = actions.comment(about=beta, organisation=alfa, text="Between us.", by=anna, internal=True)
    assert not Event.objects.exists()
    assert list(Comment.objects.visible_to(anna)) == [note]
    assert not Comment.objects.visible_to(bram).exists()


def test_a_comment_is_shown_once_to_who_works_for_several(alfa, beta):
    anna = member(alfa)
    Membership.objects.create(user=anna, organisation=beta)
    actions.comment(about=alfa, organisation=beta, text="Hello.", by=anna)
    assert Comment.objects.about(alfa).visible_to(anna).count() == 1


def test_nobody_speaks_for_an_organisation_of_others_or_of_the_past(alfa, beta):
    anna = member(alfa)
    with pytest.raises(PermissionDenied):
        actions.comment(about=alfa, organisation=beta, text="Hello.", by=anna)
    anna.memberships.update(active=False)
    with pytest.raises(PermissionDenied):
        actions.comment(about=alfa, organisation=alfa, text="Hello.", by=anna)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("text", "code"), [(" \n\t", "comment.empty"), ("x" * 10_001, "comment.long")])
def test_nothing_and_too_much_are_refused(alfa, text, code):
    with pytest.raises(Refused) as caught:
        actions.comment(about=alfa, organisation=alfa, text=text, by=member(alfa))
    assert [reason.code for reason in caught.value.reasons] == [code]


def test_what_is_about_something_else_is_not_here(alfa, beta):
    anna = member(alfa)
    actions.comment(about=alfa, organisation=alfa, text="About Alfa.", by=anna)
    assert not Comment.objects.about(beta).exists()
