"""Filling in a point: without JavaScript, without losing anything that somebody typed."""

from __future__ import annotations

import pytest

from accounts import roles
from dpia import actions
from dpia.checking import LONGEST
from dpia.models import Answer
from tests.dpia.pages import Pages, inputs, text
from tests.dpia.people import RISK

RISKS = "risks_measures"


@pytest.fixture
def pages(pages: Pages) -> Pages:
    return pages.at("draft")


def test_a_form_sent_back_as_it_came_changes_nothing(pages: Pages):
    before = list(Answer.objects.order_by("pk").values())
    for point in ("facts", "lawfulness", RISKS):
        form = pages.opened("beta", "drafter", point)
        assert pages.save("beta", "drafter", point, form).status_code == 302
    assert list(Answer.objects.order_by("pk").values()) == before


def test_answers_are_saved_and_the_form_comes_back(pages: Pages):
    form = pages.opened("alfa", "drafter", "lawfulness")
    answer = pages.save(
        "alfa", "drafter", "lawfulness", form, necessity="New words", own_task="Our own", rights=["public_summary"]
    )
    assert answer.url == pages.url("point", "lawfulness")
    assert "Saved. This point is complete." in text(pages.get("alfa", "drafter", "point", "lawfulness"))
    assert pages.value("necessity") == "New words"
    assert pages.value("own_task", "alfa") == "Our own"
    assert pages.value("own_task", "beta") == "Example answer to own_task"
    assert pages.value("rights") == ["public_summary"]
    assert pages.now.state == "draft"


def test_save_and_back_leads_back(pages: Pages):
    form = pages.opened("alfa", "drafter", "facts")
    assert pages.save("alfa", "drafter", "facts", form, and_back="yes").url == pages.url()


def test_what_is_still_open_is_said(pages: Pages):
    form = pages.opened("alfa", "drafter", "lawfulness")
    pages.save("alfa", "drafter", "lawfulness", form, rights=["exception"])
    page = text(pages.get("alfa", "drafter", "point", "lawfulness"))
    assert "Still open in this point: 1." in page
    assert "Which exception in law is that" in page


def test_facts_are_shown_with_their_source_and_without_a_field(pages: Pages):
    page = text(pages.get("alfa", "drafter", "point", "facts"))
    assert "Taken from the specification." in page
    assert "Taken from the catalogue of analyses." in page
    form = pages.opened("alfa", "drafter", "facts")
    assert [name for name in form if not name.startswith("seen-")] == ["asked", "context"]


def test_a_locked_answer_cannot_be_smuggled_in(pages: Pages):
    form = pages.opened("alfa", "drafter", "facts")
    pages.save("alfa", "drafter", "facts", form | {"seen-specification": "x"}, specification="mine")
    assert not Answer.objects.filter(question="specification").exists()


def test_a_text_that_is_too_long_stays_in_the_form_with_a_sentence(pages: Pages):
    long = "x" * (LONGEST + 1)
    form = pages.opened("alfa", "drafter", "lawfulness")
    answer = pages.save("alfa", "drafter", "lawfulness", form, necessity=long, own_task="Kept as well")
    assert answer.status_code == 422
    assert "at most 20000 characters" in text(answer).replace(",", "")
    assert long in text(answer)
    assert "Kept as well" in text(answer)
    assert pages.value("necessity") == "Example answer to necessity"
    assert pages.value("own_task", "alfa") == "Example answer to own_task"


def test_the_longest_text_is_kept_whatever_the_line_ends(pages: Pages):
    form = pages.opened("alfa", "drafter", "lawfulness")
    pages.save("alfa", "drafter", "lawfulness", form, necessity="a\r\n" * (LONGEST // 2 - 1) + "ab")
    assert len(pages.value("necessity")) == LONGEST


# --- Two people at once ---


def test_both_texts_are_shown_and_nothing_is_lost(pages: Pages, person):
    form = pages.opened("alfa", "drafter", "lawfulness")
    actions.answer(assessment=pages.now, question="necessity", value="Theirs, earlier", by=person("beta", "drafter"))
    answer = pages.save("alfa", "drafter", "lawfulness", form, necessity="Mine, later", own_task="Also mine")
    page = text(answer)
    assert answer.status_code == 422
    for words in ("Theirs, earlier", "Mine, later", "Also mine", "Drafter Beta", "Somebody else changed this answer"):
        assert words in page
    assert pages.value("necessity") == "Theirs, earlier"
    assert pages.value("own_task", "alfa") == "Example answer to own_task"


def test_after_seeing_both_the_second_save_counts(pages: Pages, person):
    form = pages.opened("alfa", "drafter", "lawfulness")
    actions.answer(assessment=pages.now, question="necessity", value="Theirs", by=person("beta", "drafter"))
    both = inputs(text(pages.save("alfa", "drafter", "lawfulness", form, necessity="Mine")))
    assert both["necessity"] == "Mine"
    assert pages.save("alfa", "drafter", "lawfulness", both, necessity="Theirs and mine").status_code == 302
    assert pages.value("necessity") == "Theirs and mine"


def test_what_i_did_not_touch_stays_as_others_left_it(pages: Pages, person):
    form = pages.opened("alfa", "drafter", "lawfulness")
    actions.answer(assessment=pages.now, question="necessity", value="Theirs", by=person("beta", "drafter"))
    assert pages.save("alfa", "drafter", "lawfulness", form, own_task="Mine").status_code == 302
    assert pages.value("necessity") == "Theirs"
    assert pages.value("own_task", "alfa") == "Mine"


def test_a_question_that_somebody_made_come_up_meanwhile_is_not_emptied(pages: Pages, person):
    form = pages.opened("alfa", "drafter", "lawfulness")
    by = person("beta", "drafter")
    actions.answer(assessment=pages.now, question="rights", value=["exception"], by=by)
    actions.answer(assessment=pages.now, question="rights_exception", value="The law", by=by)
    assert pages.save("alfa", "drafter", "lawfulness", form, necessity="Mine").status_code == 302
    assert pages.value("rights_exception") == "The law"


def test_a_question_that_went_away_meanwhile_keeps_what_was_typed(pages: Pages, person):
    actions.answer(assessment=pages.now, question="rights", value=["exception"], by=person("beta", "drafter"))
    form = pages.opened("alfa", "drafter", "lawfulness")
    actions.answer(assessment=pages.now, question="rights", value=["contact_point"], by=person("beta", "drafter"))
    pages.save("alfa", "drafter", "lawfulness", form, rights_exception="Typed for nothing?")
    assert Answer.objects.get(question="rights_exception").value == "Typed for nothing?"


def test_handed_over_meanwhile_the_text_stays_in_the_form(pages: Pages, cast):
    form = pages.opened("beta", "drafter", "lawfulness")
    cast.submit(pages.now)
    answer = pages.save("beta", "drafter", "lawfulness", form, necessity="Too late")
    assert answer.status_code == 422
    assert "Too late" in text(answer)
    assert text(answer).count("This cannot be done now") == 1
    assert pages.value("necessity") == "Example answer to necessity"


# --- Rows ---


def test_a_row_is_added_and_nothing_is_saved_by_it(pages: Pages):
    form = pages.opened("alfa", "drafter", RISKS)
    assert form["risks-rows"] == "1"
    answer = pages.save("alfa", "drafter", RISKS, form, add_row="risks", risks__0__measure="Not saved yet")
    page = text(answer)
    assert (answer.status_code, "Row 2" in page, "Row 3" in page) == (200, True, False)
    assert "Not saved yet" in page
    assert 'name="risks-1-risk"' in page
    assert pages.value("risks")[0]["measure"] == RISK["measure"]


def test_rows_are_saved_in_order_and_empty_ones_left_out(pages: Pages):
    form = pages.opened("alfa", "drafter", RISKS)
    form |= {"risks-rows": "3", "risks-2-risk": "Second", "risks-2-likelihood": "high", "risks-2-impact": "high"}
    assert pages.save("alfa", "drafter", RISKS, form).status_code == 302
    rows = pages.value("risks")
    assert [row["risk"] for row in rows] == [RISK["risk"], "Second"]
    assert rows[1]["level_before"] == "high"
    assert "Row 2: " not in text(pages.get("alfa", "drafter", "point", RISKS))
    assert "Still open in this point: 4." not in text(pages.get("alfa", "drafter"))


def test_a_row_is_removed_and_the_rest_moves_up(pages: Pages):
    form = pages.opened("alfa", "drafter", RISKS)
    second = {f"risks-1-{key}": value for key, value in RISK.items()} | {"risks-1-risk": "Second"}
    answer = pages.save("alfa", "drafter", RISKS, form | second | {"risks-rows": "2"}, remove_row="risks:0")
    page = text(answer)
    assert (answer.status_code, "Row 1" in page, "Row 2" in page) == (200, True, False)
    assert "Second" in page
    assert RISK["risk"] not in page
    assert pages.value("risks")[0]["risk"] == RISK["risk"]


def test_removing_the_last_row_and_saving_empties_the_table(pages: Pages):
    form = pages.opened("alfa", "drafter", RISKS)
    none = inputs(text(pages.save("alfa", "drafter", RISKS, form, remove_row="risks:0")))
    assert none["risks-rows"] == "0"
    pages.save("alfa", "drafter", RISKS, none)
    assert pages.value("risks") == []
    assert "1 open" in text(pages.get("alfa", "drafter"))


@pytest.mark.parametrize("odd", [{"add_row": "weather"}, {"remove_row": "risks:9"}, {"remove_row": "risks:x"},
                                 {"risks-rows": "-1"}, {"risks-rows": "999999999"}, {"risks-rows": "ten"}])  # fmt: skip
def test_odd_requests_break_nothing(pages: Pages, odd):
    form = pages.opened("alfa", "drafter", RISKS)
    assert pages.save("alfa", "drafter", RISKS, form | odd).status_code in (200, 302, 422)


def test_the_level_follows_from_what_is_typed(pages: Pages):
    form = pages.opened("alfa", "drafter", RISKS)
    typed = {"risks-0-likelihood": "low", "risks-0-impact": "low"}
    answer = pages.save("alfa", "drafter", RISKS, form | typed, add_row="risks")
    level = text(answer).split("Risk before:")[1].split("</span>")[0]
    assert "low" in level


def test_the_same_button_works_again_after_going_back_in_the_browser(pages: Pages):
    """Only what was done counts once; a form that came back can be sent again as it was."""
    form = pages.opened("alfa", "drafter", RISKS) | {"csrfmiddlewaretoken": "x" * 64, "risks-0-risk": "Typed with care"}
    for _time in range(2):
        answer = pages.save("alfa", "drafter", RISKS, form, add_row="risks")
        assert (answer.status_code, "Typed with care" in text(answer)) == (200, True)
    assert pages.save("alfa", "drafter", RISKS, form).status_code == 302
    assert pages.value("risks")[0]["risk"] == "Typed with care"


# --- Who may ---


@pytest.mark.parametrize("role", ["privacy_officer", "dpo", "mandated_manager", "innovation_manager", "nobody"])
def test_who_does_not_draft_reads_and_saves_nothing(pages: Pages, role):
    page = text(pages.get("alfa", role, "point", "lawfulness"))
    assert "<textarea" not in page
    assert "Example answer to necessity" in page
    assert pages.post("alfa", role, "point", "lawfulness", necessity="x").status_code == 403


@pytest.mark.parametrize("state", ["privacy_review", "adopted"])
def test_what_others_read_has_no_fields(pages: Pages, state):
    assert "<textarea" not in text(pages.at(state).get("alfa", "drafter", "point", "lawfulness"))


def test_each_controller_types_its_own_answer_and_reads_the_others(pages: Pages):
    form = pages.opened("beta", "drafter", "lawfulness")
    pages.save("beta", "drafter", "lawfulness", form, own_task="Only of beta")
    assert pages.opened("gamma", "drafter", "lawfulness")["own_task"] == "Example answer to own_task"
    page = text(pages.get("gamma", "drafter", "point", "lawfulness"))
    assert "What the other controllers answered" in page
    assert "Only of beta" in page


def test_who_plays_another_part_reads_why_there_are_no_fields(pages: Pages, cast):
    cast.submit(pages.now)
    cast.review(pages.now)
    user = cast.person("alfa", "privacy_officer")
    roles.grant(user.memberships.get(), "drafter")
    actions.send_back(
        assessment=pages.now, organisation=cast.world.organisations["beta"], reason="x", by=cast.person("beta", "dpo")
    )
    page = text(pages.get("alfa", "privacy_officer", "point", "lawfulness"))
    assert "You already play another part" in page
    assert "<textarea" not in page
