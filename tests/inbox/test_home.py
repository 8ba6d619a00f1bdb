"""What waits for a person: only theirs, only what their roles can mend, gone when it is done."""

from html import unescape

import pytest
from django.core.cache import cache

from accounts import roles
from accounts.models import Organisation
from collaborations import actions, kept
from collaborations.models import Collaboration, Partner, UseCase
from inbox.waiting import waiting_for


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing is remembered from another test's database."""
    cache.clear()


def items(user):
    return waiting_for(user)


def codes(user):
    return [item.turn.code for item in items(user)]


@pytest.fixture
def home(client, person):
    def opened(key, role):
        client.force_login(person(key, role))
        client.cookies["django_language"] = "en"
        return client.get("/")

    return opened


def test_an_invitation_waits_for_who_may_answer_it(use_case_at, person):
    use_case_at("proposed")
    assert codes(person("beta", "innovation_manager")) == ["turn.answer_invitation"]
    assert codes(person("beta", "mandated_manager")) == ["turn.answer_invitation"]
    assert codes(person("beta", "dpo")) == []
    assert codes(person("alfa", "innovation_manager")) == []


def test_it_is_gone_as_soon_as_it_is_done(use_case_at, person, organisations):
    use_case, by = use_case_at("proposed"), person("beta", "innovation_manager")
    assert codes(by) == ["turn.answer_invitation"]
    actions.accept_invitation(partner=use_case.partners.get(organisation=organisations["beta"]), by=by)
    assert codes(by) == []


def test_each_role_gets_its_own_work(use_case_at, person):
    use_case_at("assessing")
    assert set(codes(person("alfa", "drafter"))) >= {"turn.draft_assessment", "gate.no_basis"}
    assert "gate.no_agreement" in codes(person("alfa", "innovation_manager"))
    assert codes(person("alfa", "data_steward")) == codes(person("alfa", "nobody")) == []


def test_the_signature_waits_for_each_data_steward(use_case_at, person):
    use_case_at("contracted")
    for key in ("alfa", "beta", "gamma"):
        found = items(person(key, "data_steward"))
        assert [(item.turn.code, item.organisation.slug) for item in found] == [("gate.not_signed_by", key)]


def test_what_waits_longest_stands_first(use_case_at, person):
    use_case_at("proposed")
    use_case_at("proposed")
    since = [item.turn.since for item in items(person("gamma", "innovation_manager"))]
    assert len(since) == 2
    assert since == sorted(since)


def test_a_role_that_was_taken_away_takes_the_work_along(use_case_at, person):
    use_case_at("proposed")
    by = person("beta", "innovation_manager")
    assert codes(by) != []
    roles.revoke(by.memberships.get(), "innovation_manager")
    assert codes(by) == []


def test_nothing_waits_at_a_suspended_organisation(use_case_at, person):
    use_case_at("proposed")
    by = person("beta", "innovation_manager")
    Organisation.objects.filter(slug="beta").update(state="suspended")
    assert codes(by) == []


def test_strangers_learn_of_nothing(use_case_at, person):
    use_case_at("draft")
    assert codes(person("beta", "innovation_manager")) == []


def test_the_page_leads_to_the_spot_in_one_click(use_case_at, home, client):
    use_case = use_case_at("proposed")
    text = unescape(home("beta", "innovation_manager").content.decode())
    assert f'href="/use-cases/{use_case.pk}/partners/"' in text
    assert use_case.title in text
    assert "since today" in text
    assert client.get(f"/use-cases/{use_case.pk}/partners/").status_code == 200


def test_the_page_speaks_the_readers_language(use_case_at, person, client):
    use_case_at("proposed")
    client.force_login(person("beta", "innovation_manager"))
    for language, words in (("en", "accepts or declines the invitation"), ("nl", "neemt de uitnodiging aan")):
        client.cookies["django_language"] = language
        assert words in client.get("/").content.decode()


def test_an_empty_page_says_why(use_case_at, home):
    assert "takes part in no use case yet" in home("alfa", "dpo").content.decode()
    use_case_at("proposed")
    assert "it stands here" in home("alfa", "dpo").content.decode()


def test_visitors_log_in_first(client, db):
    assert client.get("/").url.startswith("/log-in/")


def test_sixty_use_cases_take_as_many_queries_as_three(
    person, organisations, home, client, django_assert_max_num_queries
):
    """Once the turns were worked out; after an event only those of that use case are worked out again."""
    counts, by = [], person("alfa", "innovation_manager")
    for number in (3, 57):
        _drafts(number, organisations["alfa"], by)
        home("alfa", "innovation_manager")
        with django_assert_max_num_queries(12) as captured:
            assert client.get("/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert len(codes(by)) == 60


def test_the_list_goes_on_on_a_second_page_in_the_same_order(person, organisations, home, client):
    by = person("alfa", "innovation_manager")
    _drafts(26, organisations["alfa"], by)
    assert "Page 1 of 2" in home("alfa", "innovation_manager").content.decode()
    text = unescape(client.get("/?order=since&page=2").content.decode())
    assert text.count("The innovation manager fills in the open questions.") == 1
    assert 'href="?order=since&page=1"' in text
    assert "Nothing waits for you" in home("alfa", "dpo").content.decode()
    assert client.get("/?order=nonsense&page=x").status_code == 200


def _drafts(number, organisation, by):
    for _each in range(number):
        use_case = UseCase.objects.create(
            collaboration=Collaboration.objects.create(name="Invented"), proposer=organisation, title="Invented",
            summary="Invented", proposed_by=by,
        )  # fmt: skip
        Partner.objects.create(use_case=use_case, organisation=organisation, capacity="controller", state="joined")
        kept.want([use_case.pk])  # as its event would
