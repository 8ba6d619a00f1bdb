"""Putting a dossier on another template: answers move along, and what has no place there stays readable."""

from __future__ import annotations

from dpia import actions
from dpia.models import Answer
from dpia.moving import new_questions, plan
from dpia.sheet import Sheet
from dpia.template import from_file
from tests.dpia.pages import text
from tests.dpia.people import again, refused

FULL = from_file("nl-dpia-pet")


def move(assessment, by, key=FULL.key, version=FULL.version):
    actions.move_template(assessment=assessment, key=key, version=version, by=by)
    return again(assessment)


def test_answers_move_along_and_the_old_ones_are_frozen(at, drafter):
    assessment = at("draft")
    before = Sheet(assessment).values()
    count = Answer.objects.filter(assessment=assessment).count()
    moved = move(assessment, drafter)
    after = Sheet(moved).values()
    assert (moved.template.key, moved.state) == (FULL.key, "draft")
    assert {key: after[key] for key in ("context", "purpose", "necessity")} == {
        key: before[key] for key in ("context", "purpose", "necessity")
    }
    assert after["risks"][0]["risk"] == before["risks"][0]["risk"]
    assert after["risks"][0]["id"]
    kept = moved.current_version
    assert (kept.reason, kept.data["template"]["key"]) == ("moved", "nl-dpia-pet-core")
    assert Answer.objects.filter(assessment=assessment).count() >= count


def test_the_plan_tells_what_is_left_and_what_is_new(at):
    sheet = Sheet(at("draft"))
    left = {one.answer.question for one in plan(sheet, FULL) if one.question is None}
    assert "rights" in left
    assert {"scope", "rights_table", "measures"} <= {question.id for question in new_questions(sheet, FULL)}


def test_back_again_the_answers_are_still_there(at, drafter):
    assessment = at("draft")
    before = Sheet(assessment).values()
    back = move(move(assessment, drafter), drafter, "nl-dpia-pet-core", "1.1.0")
    assert Sheet(back).values()["rights"] == before["rights"]


def test_only_a_draft_moves_and_only_to_another_published_template(at, drafter):
    assessment = at("draft")
    with refused("template.same"):
        move(assessment, drafter, "nl-dpia-pet-core", "1.1.0")
    with refused("template.unknown"):
        move(assessment, drafter, "nl-dpia-pet", "9.9.9")
    with refused("lifecycle.state"):
        move(at("adopted"), drafter)


def test_on_the_page_the_differences_stand_before_the_choice(pages, at):
    at("draft")
    page = text(pages.get("alfa", "drafter", "template"))
    assert "Questions that are asked there as well" in page
    answer = pages.post("alfa", "drafter", "template", template=f"{FULL.key} {FULL.version}")
    assert answer.status_code == 302
    assert pages.now.template.key == FULL.key
    assert pages.get("beta", "dpo", "version", 1).status_code == 200
    assert pages.get("alfa", "drafter", "point", "p16").status_code == 200
