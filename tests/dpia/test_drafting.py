"""Making a DPIA, answering its questions, and handing it over."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from dpia import actions
from dpia.checking import fingerprint
from dpia.models import Answer, Version
from dpia.sheet import Sheet
from station.contract.canonical import digest
from tests.dpia.people import again, refused


@pytest.fixture
def assessment(at):
    return at("draft")


def test_a_dpia_starts_as_a_draft_of_all_controllers(assessment):
    assert (assessment.state, assessment.round) == ("draft", 1)
    assert [row.organisation.slug for row in assessment.controllers.all()] == ["alfa", "beta", "gamma"]
    assert assessment.coordinator.slug == "alfa"


def test_an_answer_is_kept_with_who_gave_it_and_told(assessment, drafter):
    actions.answer(assessment=assessment, question="necessity", value=" Less would not do ", by=drafter)
    given = Answer.objects.get(assessment=assessment, question="necessity")
    assert (given.value, given.by) == ("Less would not do", drafter)
    event = Event.objects.about(assessment).first()
    assert (event.type, event.facts) == ("assessment.answered", {"question": "necessity"})


@pytest.mark.parametrize("state", ["draft", "response"])
def test_saving_never_changes_a_state_nor_the_time_of_it(at, drafter, state):
    before = at(state)
    actions.answer(assessment=before, question="context", value="Other words", by=drafter)
    after = again(before)
    assert (after.state, after.state_since, after.round) == (before.state, before.state_since, before.round)


@pytest.mark.parametrize("state", ["privacy_review", "dpo_advice", "prior_consultation", "adoption", "adopted"])
def test_what_others_are_reading_cannot_be_changed(at, drafter, state):
    with refused("lifecycle.state"):
        actions.answer(assessment=at(state), question="context", value="Other words", by=drafter)


@pytest.mark.parametrize(
    ("question", "key", "code"),
    [
        ("weather", None, "answer.unknown_question"),
        ("own_task", None, "answer.whose"),
        ("necessity", "alfa", "answer.whose"),
        ("parties", None, "answer.locked"),
        ("risk_before", None, "answer.locked"),
    ],
)
def test_a_question_is_answered_where_it_is_asked(cast, assessment, drafter, question, key, code):
    organisation = cast.world.organisations[key] if key else None
    with refused(code):
        actions.answer(assessment=assessment, question=question, value="x", by=drafter, organisation=organisation)


@pytest.mark.parametrize("role", ["privacy_officer", "dpo", "mandated_manager", "innovation_manager", "nobody"])
def test_only_drafters_answer(assessment, person, role):
    with pytest.raises(PermissionDenied):
        actions.answer(assessment=assessment, question="necessity", value="x", by=person("alfa", role))


def test_nobody_answers_for_another_controller(cast, assessment):
    with pytest.raises(PermissionDenied):
        actions.answer(
            assessment=assessment, question="own_task", value="x", organisation=cast.world.organisations["beta"],
            by=cast.person("gamma", "drafter"),
        )  # fmt: skip


# --- Two people at the same question ---


@pytest.fixture
def seen(assessment):
    sheet = Sheet(assessment)
    question = sheet.form.question("necessity")
    return fingerprint(question, sheet.answer(question))


def necessity(assessment):
    return Sheet(again(assessment)).values()["necessity"]


def test_somebody_elses_change_is_not_overwritten_unread(assessment, drafter, person, seen):
    actions.answer(assessment=assessment, question="necessity", value="Theirs", by=person("beta", "drafter"))
    with refused("answer.changed"):
        actions.answer(assessment=assessment, question="necessity", value="Mine", by=drafter, seen=seen)
    assert necessity(assessment) == "Theirs"


def test_what_this_form_did_not_change_stays_as_others_left_it(assessment, drafter, person, seen):
    mine = necessity(assessment)
    actions.answer(assessment=assessment, question="necessity", value="Theirs", by=person("beta", "drafter"))
    assert actions.answer(assessment=assessment, question="necessity", value=mine, by=drafter, seen=seen) is None
    assert necessity(assessment) == "Theirs"


def test_the_same_change_by_two_is_no_quarrel(assessment, drafter, person, seen):
    actions.answer(assessment=assessment, question="necessity", value="Same", by=person("beta", "drafter"))
    assert actions.answer(assessment=assessment, question="necessity", value="Same", by=drafter, seen=seen) is None


def test_after_reading_the_other_text_it_can_be_replaced(assessment, drafter, person):
    actions.answer(assessment=assessment, question="necessity", value="Theirs", by=person("beta", "drafter"))
    question = Sheet(assessment).form.question("necessity")
    actions.answer(
        assessment=assessment, question="necessity", value="Both", by=drafter, seen=fingerprint(question, "Theirs")
    )
    assert necessity(assessment) == "Both"


def test_a_proposal_that_is_left_alone_stays_a_fact(assessment, drafter):
    sheet = Sheet(assessment)
    question = sheet.form.question("context")
    value = sheet.answer(question)
    seen = fingerprint(question, value)
    assert actions.answer(assessment=assessment, question="context", value=value, by=drafter, seen=seen) is None
    assert Sheet(again(assessment)).source(question) == "fact:summary"


# --- Handing over ---


def test_a_draft_with_open_questions_is_not_handed_over(assessment, drafter):
    actions.answer(assessment=assessment, question="necessity", value="", by=drafter)
    with refused("assessment.unanswered"):
        actions.submit(assessment=assessment, by=drafter)
    assert not Version.objects.filter(assessment=assessment).exists()


def test_handing_over_freezes_a_version(assessment, drafter):
    actions.submit(assessment=assessment, by=drafter)
    version = again(assessment).submitted_version
    assert (version.number, version.round, version.reason) == (1, 1, "submitted")
    asked = {"alfa": ["privacy"], "beta": ["privacy"], "gamma": ["privacy"]}
    assert version.data == Sheet(assessment).frozen() | {"reviews_asked": asked}
    assert version.sha256 == digest(version.data)
    event = Event.objects.about(assessment).first()
    assert (event.type, event.facts["version"]) == ("assessment.submitted", 1)


def test_it_is_handed_over_once(at, drafter):
    with refused("lifecycle.state"):
        actions.submit(assessment=at("privacy_review"), by=drafter)


def test_without_a_controller_there_is_no_dpia(assessment, drafter):
    with refused("specification.no_controller"):
        actions.create_assessment(
            title="t", template="nl-dpia-pet-core", facts=assessment.facts.data, controllers=[], by=drafter,
            coordinator=assessment.coordinator, context=assessment,
        )  # fmt: skip


def test_a_changed_template_needs_a_new_version_number(assessment, drafter, monkeypatch):
    from dpia.actions import drafting
    from dpia.template import from_file

    shipped = from_file("nl-dpia-pet-core")
    title = shipped.title.model_copy(update={"en": "Another title"})
    monkeypatch.setattr(drafting, "from_file", lambda key: shipped.model_copy(update={"title": title}))
    with pytest.raises(ValueError, match="new version number"):
        actions.create_assessment(
            title="t", template="nl-dpia-pet-core", facts=assessment.facts.data, by=drafter, context=assessment,
            controllers=[assessment.coordinator], coordinator=assessment.coordinator,
        )  # fmt: skip
