"""A public summary: exactly the words all partners agreed to, as long as all of them do."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts.models import Organisation
from audit.models import Event
from collaborations.actions import leave, network, summaries
from collaborations.actions import withdraw as withdraw_use_case
from collaborations.models import Interest, Partner, Summary
from station.reasons import Refused
from tests.collaborations.world import KEYS, new_person

STOP = "exploring"
WORDS = {
    "title_nl": "Eerder helpen", "title_en": "Helping sooner", "text_nl": "Wij zoeken uit hoe.",
    "text_en": "We find out how.",
}  # fmt: skip


@pytest.fixture
def asker(shared):
    return shared.person("alfa", "innovation_manager")


@pytest.fixture
def proposed(shared, asker):
    return summaries.propose_summary(use_case=shared.use_case, **WORDS, by=asker)


@pytest.fixture
def published(shared, proposed):
    for key in KEYS:
        agree(shared, proposed, key)
    return proposed


def agree(world, summary, key, **changes):
    words = {"organisation": world.organisations[key], "by": world.person(key, "innovation_manager")}
    return summaries.agree_summary(summary=summary, **{"sha256": summary.sha256, **words, **changes})


def withdraw(world, summary, key, reason="Not now."):
    return summaries.withdraw_summary(
        summary=summary, organisation=world.organisations[key], reason=reason,
        by=world.person(key, "innovation_manager"),
    )  # fmt: skip


def public():
    return list(Summary.objects.public())


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def test_public_only_when_the_last_partner_agreed(shared, proposed):
    for key in KEYS:
        assert public() == []
        agree(shared, proposed, key)
    assert public() == [proposed]
    assert Event.objects.filter(type="summary.published").count() == 1


def test_one_partner_takes_it_off(shared, published):
    assert refused(lambda: withdraw(shared, published, "gamma", reason=" ")) == ["reason.needed"]
    withdraw(shared, published, "gamma")
    assert public() == []


def test_a_new_text_needs_new_agreement_and_replaces_the_old(shared, published, asker):
    other = summaries.propose_summary(use_case=shared.use_case, **WORDS | {"text_en": "Other."}, by=asker)
    assert other.sha256 != published.sha256
    agree(shared, other, "alfa")
    assert public() == [published]
    agree(shared, other, "beta")
    agree(shared, other, "gamma")
    assert public() == [other]
    published.refresh_from_db()
    assert published.state == "superseded"


def test_a_text_that_waits_is_replaced_by_the_next_proposal(shared, proposed, asker):
    summaries.propose_summary(use_case=shared.use_case, **WORDS, by=asker)
    assert refused(lambda: agree(shared, proposed, "beta")) == ["lifecycle.state"]


def test_agreement_is_to_the_text_that_was_read(shared, proposed):
    assert refused(lambda: agree(shared, proposed, "beta", sha256="0" * 64)) == ["summary.other_text"]
    agree(shared, proposed, "beta")
    assert refused(lambda: agree(shared, proposed, "beta")) == ["summary.agreed_already"]


def test_who_agrees(shared, proposed):
    delta = Organisation.objects.create(slug="delta", name="Delta")
    stranger = new_person("ines@delta.example", delta, "innovation_manager")
    with pytest.raises(PermissionDenied):
        agree(shared, proposed, "beta", by=shared.person("beta", "drafter"))
    with pytest.raises(PermissionDenied):
        agree(shared, proposed, "beta", by=shared.person("gamma", "innovation_manager"))
    with pytest.raises(PermissionDenied):
        agree(shared, proposed, "beta", organisation=delta, by=stranger)
    assert not proposed.agreements.exists()


def test_who_is_only_invited_does_not_agree(shared, proposed):
    shared.use_case.partners.filter(organisation__slug="gamma").update(state="invited")
    with pytest.raises(PermissionDenied):
        agree(shared, proposed, "gamma")


def test_who_joins_later_agrees_too(shared, published):
    delta = Organisation.objects.create(slug="delta", name="Delta")
    by = new_person("ines@delta.example", delta, "innovation_manager")
    Partner.objects.create(use_case=shared.use_case, organisation=delta, capacity="adviser", state="joined")
    assert public() == []
    agree(shared, published, "alfa", organisation=delta, by=by)
    assert public() == [published]


def test_who_leaves_takes_it_off(shared, published):
    partner = shared.use_case.partners.get(organisation__slug="gamma")
    leave(partner=partner, reason="New policy.", by=shared.person("gamma", "innovation_manager"))
    assert public() == []


def test_a_withdrawn_use_case_tells_nothing(shared, published, asker):
    withdraw_use_case(use_case=shared.use_case, reason="Invented.", by=asker)
    assert public() == []
    code = refused(lambda: summaries.propose_summary(use_case=shared.use_case, **WORDS, by=asker))
    assert code == ["lifecycle.state"]


@pytest.mark.parametrize("field", sorted(WORDS))
def test_both_languages_are_written(shared, asker, field):
    for text, code in ((" ", "summary.words"), ("x" * 5_000, "text.too_long")):
        words = WORDS | {field: text}
        assert refused(lambda w=words: summaries.propose_summary(use_case=shared.use_case, **w, by=asker)) == [code]
    assert not Summary.objects.exists()


def test_only_the_proposer_writes(shared):
    for by in (shared.person("beta", "innovation_manager"), shared.person("alfa", "drafter")):
        with pytest.raises(PermissionDenied):
            summaries.propose_summary(use_case=shared.use_case, **WORDS, by=by)


def test_a_form_that_was_overtaken_says_so(shared, proposed, asker):
    code = refused(lambda: summaries.propose_summary(use_case=shared.use_case, **WORDS, by=asker, seen=0))
    assert code == ["summary.stale"]


def test_agreed_words_never_change(published):
    with pytest.raises(DatabaseError), transaction.atomic():
        Summary.objects.filter(pk=published.pk).update(text_en="Something else")


def test_words_that_were_changed_behind_our_back_are_not_shown(published, client):
    page = f"/public/use-cases/{published.use_case_id}/"
    assert client.get(page).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table collaborations_summary disable trigger summary_words_frozen")
        cursor.execute("update collaborations_summary set text_nl = 'Iets anders'")
        cursor.execute("alter table collaborations_summary enable trigger summary_words_frozen")
    assert client.get(page).status_code == 404
    assert "Iets anders" not in client.get("/public/").content.decode()


def test_interest_in_what_is_public_only(shared, published):
    delta = Organisation.objects.create(slug="delta", name="Delta")
    by = new_person("ines@delta.example", delta, "innovation_manager")
    network.mark_interest(summary=published, organisation=delta, by=by)
    assert Interest.objects.get().use_case == shared.use_case
    network.take_back_interest(use_case=shared.use_case, organisation=delta, by=by)
    withdraw(shared, published, "beta")
    assert refused(lambda: network.mark_interest(summary=published, organisation=delta, by=by)) == [
        "summary.not_public"
    ]  # fmt: skip
