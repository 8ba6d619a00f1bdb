"""A later change of the specification: what follows from it is shown then and now, and asks for advice again."""

from __future__ import annotations

import copy

import pytest

import audit
from dpia import actions
from dpia.drift import since_hand_over
from dpia.sheet import Sheet
from station.contract.canonical import digest
from tests.dpia.pages import text
from tests.dpia.people import again


@pytest.fixture
def facts(cast):
    changed = copy.deepcopy(cast.assessment.facts.data)
    changed["specification"]["disclosure"]["k"] = 12
    changed["specification_sha256"] = digest(changed["specification"])
    changed["specification_version"] = 2
    return changed


def bind(assessment, facts):
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    return again(assessment)


def test_after_a_hand_over_the_answers_are_shown_then_and_now(at, facts):
    since = since_hand_over(Sheet(bind(at("adopted"), facts)))
    assert since.version == 2
    assert [one.question.id for one in since.drifts] == ["specification", "outputs"]
    assert since.material == since.drifts
    outputs = since.by_question()["outputs"]
    assert (outputs.before.rows[0][3].text, outputs.now.rows[0][3].text) == ("10", "12")


def test_a_draft_that_was_never_handed_over_tells_since_it_was_first_filled_in(at, facts):
    assessment = bind(at("draft"), facts)
    facts["specification"]["disclosure"]["k"] = 14
    facts["specification_sha256"] = digest(facts["specification"])
    since = since_hand_over(Sheet(bind(assessment, facts)))
    assert since.version == 0
    outputs = since.by_question()["outputs"]
    assert (outputs.before.rows[0][3].text, outputs.now.rows[0][3].text) == ("10", "14")


@pytest.mark.parametrize("state", ["draft", "adopted"])
def test_nothing_drifts_while_nothing_changes(at, state):
    assert since_hand_over(Sheet(at(state))).drifts == []


def test_the_pages_show_it(pages, at, facts):
    bind(at("adopted"), facts)
    overview = text(pages.get("beta", "dpo"))
    assert "2 answers follow from the specification" in overview
    assert pages.url("changes") in overview
    changes = text(pages.get("beta", "dpo", "changes"))
    assert "Changed since version 2" in changes
    assert "the DPO advises again" in changes
    assert "Changed since version 2" in text(pages.get("alfa", "drafter", "point", "facts"))


def test_the_page_says_so_when_nothing_changed(pages):
    assert "Nothing: the answers" in text(pages.get("beta", "dpo", "changes"))


@pytest.mark.parametrize("point", ["facts", "lawfulness", "risks_measures"])
def test_opening_a_point_takes_few_queries(pages, at, facts, django_assert_max_num_queries, point):
    """Beside who is logged in and the frame of the use case: the dossier itself is read once."""
    bind(at("adopted"), facts)
    pages.login("alfa", "drafter")
    pages.client.get(pages.url("point", point))
    with django_assert_max_num_queries(40) as seen:
        pages.client.get(pages.url("point", point))
    of_dpia = [query["sql"] for query in seen.captured_queries if '"dpia_' in query["sql"]]
    assert len(of_dpia) <= 10, "\n".join(of_dpia)
