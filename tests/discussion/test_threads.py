"""Threads: answers, mentions, resolving, and notes that stay inside one organisation whatever happens to them."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership, Organisation, User
from audit.models import Event
from discussion import actions
from discussion.mentions import mentioned, unknown
from discussion.models import Comment, Mention
from station.reasons import Refused


@pytest.fixture
def alfa(db):
    return Organisation.objects.create(slug="alfa", name="Alfa")


@pytest.fixture
def beta(db):
    return Organisation.objects.create(slug="beta", name="Beta")


def member(organisation, name):
    user = User.objects.create_user(f"{name.split()[0]}@{organisation.slug}.example".lower(), full_name=name)
    Membership.objects.create(user=user, organisation=organisation)
    return user


@pytest.fixture
def anna(alfa):
    return member(alfa, "Anna de Wit")


@pytest.fixture
def bram(beta):
    return member(beta, "Bram Bos")


def events():
    return list(Event.objects.order_by("id").values_list("type", "organisation_key"))


def test_an_answer_stands_in_its_thread_and_opens_what_was_resolved(alfa, beta, anna, bram):
    thread = actions.comment(about=alfa, organisation=alfa, text="Why 25?", by=anna, spot="threshold")
    actions.resolve(thread=thread, organisation=beta, by=bram)
    thread.refresh_from_db()
    assert thread.resolved_by == bram
    said = actions.reply(thread=thread, organisation=beta, text="Because of the law.", by=bram)
    thread.refresh_from_db()
    assert (said.thread, said.spot, thread.resolved_at) == (thread, "threshold", None)
    assert [*Comment.objects.about(alfa, "threshold").threads()] == [thread]
    assert Comment.objects.threads().get().said == 2
    assert events() == [("comment.made", "alfa"), ("comment.resolved", "beta"), ("comment.answered", "beta")]


def test_resolving_twice_and_opening_what_is_open_are_refused(alfa, anna):
    thread = actions.comment(about=alfa, organisation=alfa, text="Why 25?", by=anna)
    with pytest.raises(Refused, match="open already"):
        actions.open_again(thread=thread, organisation=alfa, by=anna)
    actions.resolve(thread=thread, organisation=alfa, by=anna)
    with pytest.raises(Refused, match="resolved already"):
        actions.resolve(thread=thread, organisation=alfa, by=anna)
    actions.open_again(thread=thread, organisation=alfa, by=anna)
    thread.refresh_from_db()
    assert thread.resolved_at is None and thread.resolved_by is None


def test_a_note_of_one_organisation_is_answered_and_resolved_by_its_own_people_only(alfa, beta, anna, bram):
    note = actions.comment(about=beta, organisation=alfa, text="Between us.", by=anna, internal=True)
    for act in (actions.resolve, actions.open_again):
        with pytest.raises(PermissionDenied):
            act(thread=note, organisation=beta, by=bram)
    with pytest.raises(PermissionDenied):
        actions.reply(thread=note, organisation=beta, text="Hello.", by=bram)
    said = actions.reply(thread=note, organisation=alfa, text="Indeed.", by=anna)
    actions.resolve(thread=note, organisation=alfa, by=anna)
    assert said.internal
    assert not Event.objects.exists(), "an internal note is nobody else's business, its existence included"


def test_somebody_of_two_organisations_does_not_answer_a_note_for_the_other(alfa, beta, anna):
    Membership.objects.create(user=anna, organisation=beta)
    note = actions.comment(about=beta, organisation=alfa, text="Between us.", by=anna, internal=True)
    with pytest.raises(PermissionDenied):
        actions.reply(thread=note, organisation=beta, text="Hello.", by=anna)


def test_a_mention_waits_until_it_is_seen(alfa, beta, anna, bram):
    thread = actions.comment(about=alfa, organisation=alfa, text="@bram bos, why 25?", by=anna, people=[anna, bram])
    (mention,) = Mention.objects.unseen(bram)
    assert mention.comment == thread
    assert not Mention.objects.unseen(anna).exists()
    actions.seen(bram, [thread])
    assert not Mention.objects.unseen(bram).exists()


def test_nobody_is_asked_for_what_they_cannot_read(alfa, beta, anna, bram):
    cees = member(alfa, "Cees Maas")
    actions.comment(
        about=alfa, organisation=alfa, text="@Bram Bos @Cees Maas", by=anna, internal=True, people=[anna, bram, cees]
    )
    assert [one.user for one in Mention.objects.all()] == [cees]
    cees.memberships.update(active=False)
    assert not Mention.objects.unseen(cees).exists(), "who left reads no notes any more"


def test_whose_name_follows_an_at_sign():
    people = [User(id=1, full_name="Anna"), User(id=2, full_name="Anna de Wit"), User(id=3, full_name="Jos (B.)")]
    whom = lambda text: [person.id for person in mentioned(text, people)]  # noqa: E731
    assert whom("Ask @Anna de Wit or @anna.") == [2, 1]
    assert whom("@Jos (B.): look") == [3]
    assert whom("mail anna@anna.example; @Annabel, @Bob") == []
    assert whom("@Anna @Anna @ANNA") == [1]
    assert unknown("Ask @Anna de Wit, @Annabel or @Bob; mail anna@anna.example", people) == ["@Annabel", "@Bob"]
    assert unknown("@anna @Jos (B.) @ 5", people) == []
    assert mentioned("@", []) == [] and mentioned("@ ", [User(full_name="")]) == []
