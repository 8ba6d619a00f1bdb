"""Whoever is mentioned finds it on the first page, once, and only while they may see the use case."""

import pytest
from django.urls import reverse

from discussion import actions
from inbox.mentions import asked_of


@pytest.fixture
def asked(use_case_at, person):
    use_case = use_case_at("exploring")
    by, whom = person("alfa", "innovation_manager"), person("beta", "dpo")
    comment = actions.comment(
        about=use_case, organisation=use_case.proposer, text=f"@{whom.full_name} look", by=by, people=[whom]
    )
    return use_case, comment, whom


def test_a_mention_waits_until_it_was_looked_at(asked, client):
    use_case, comment, whom = asked
    (found,) = asked_of(whom)
    assert found.url == f"{reverse('collaborations:thread', args=[use_case.pk, comment.pk])}#comment-{comment.pk}"
    client.force_login(whom)
    assert "look" in client.get(found.url).content.decode()
    assert asked_of(whom) == []


def test_who_may_not_see_the_use_case_any_more_is_not_asked(asked):
    use_case, _comment, whom = asked
    use_case.partners.filter(organisation__slug="beta").update(state="withdrawn")
    assert asked_of(whom) == []
