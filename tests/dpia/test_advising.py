"""The DPOs advise in numbered items; the controllers comply or explain."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Mandate
from dpia import actions
from dpia.actions.advising import Item
from dpia.models import Advice, AdviceItem, ItemResponse
from dpia.turns import turns
from tests.dpia.people import again, refused


def advise(cast, assessment, key="alfa", role="dpo", **fields):
    fields = {"verdict": "positive", **fields}
    organisation = cast.world.organisations[key]
    return actions.advise(assessment=assessment, organisation=organisation, by=cast.person(key, role), **fields)


def test_the_last_dpo_moves_it_on_whatever_the_verdicts(cast, at):
    assessment = at("dpo_advice")
    advise(cast, assessment, "alfa", verdict="negative", items=["Stop"])
    advise(cast, assessment, "beta", verdict="refrained")
    assert again(assessment).state == "dpo_advice"
    advise(cast, assessment, "gamma")
    assert again(assessment).state == "response"


def test_items_are_numbered_and_empty_ones_left_out(cast, at):
    advice = advise(cast, at("dpo_advice"), verdict="conditional", items=[" First ", " ", "Second"], text="See below")
    assert [(item.number, item.text) for item in advice.items.all()] == [(1, "First"), (2, "Second")]
    assert advice.text == "See below"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"verdict": "conditional"}, "advice.items"),
        ({"verdict": "negative", "items": [" "]}, "advice.items"),
        ({"verdict": "approved"}, "advice.verdict"),
        ({"text": "x" * 20_001}, "answer.too_long"),
        ({"version": 7}, "version.other"),
    ],
)
def test_advice_that_is_none_is_refused(cast, at, fields, code):
    with refused(code):
        advise(cast, at("dpo_advice"), **fields)
    assert not Advice.objects.filter(version__assessment=cast.assessment).exists()


def test_a_dpo_advises_once_per_version(cast, at):
    assessment = at("dpo_advice")
    advise(cast, assessment)
    with refused("advice.done"):
        advise(cast, assessment)


@pytest.mark.parametrize("role", ["drafter", "privacy_officer", "mandated_manager", "nobody"])
def test_only_dpos_advise(cast, at, role):
    with pytest.raises(PermissionDenied):
        advise(cast, at("dpo_advice"), role=role)


def test_a_dpo_never_adopts(cast, at):
    assessment = at("adoption")
    with pytest.raises(PermissionDenied):
        actions.adopt(
            assessment=assessment, organisation=cast.world.organisations["alfa"], by=cast.person("alfa", "dpo")
        )


# --- Items ---


def test_an_item_says_how_heavy_it_weighs_and_which_question_it_is_about(cast, at):
    given = (Item("Shorten it", "condition", "necessity"), Item("Nice", "remark"), "As a whole", Item(" "))
    made = advise(cast, at("dpo_advice"), items=given)
    assert list(made.items.values_list("number", "weight", "question")) == [
        (1, "condition", "necessity"), (2, "remark", ""), (3, "recommendation", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "code"),
    [(Item("x", "heavy"), "advice.weight"), (Item("x", "", "no_such_question"), "advice.question"),
     (Item("", "", "necessity"), "advice.item_empty")],
)  # fmt: skip
def test_an_item_that_is_not_one_is_refused(cast, at, item, code):
    assessment = at("dpo_advice")
    with refused(code):
        advise(cast, assessment, items=[item])
    assert not AdviceItem.objects.exists()


# --- The response ---


@pytest.fixture
def advised(cast, at):
    assessment = at("dpo_advice")
    cast.advise(assessment, verdict="conditional", items=("Shorten the retention", "Tell people"))
    return again(assessment)


def items(assessment):
    return list(assessment.submitted_version.items())


def manager_of(cast, item):
    return cast.person(item.advice.organisation.slug, "mandated_manager")


def test_every_item_has_a_decided_response_before_anybody_adopts(cast, advised, drafter):
    first, *others = items(advised)
    actions.respond(item=first, decision="follow", by=drafter)
    with refused(*["assessment.items_open"] * 3, "assessment.items_undecided"):
        cast.propose(advised)
    for item in others:
        actions.respond(item=item, decision="partly", reasons="As far as the law allows", by=drafter)
    assert [turn.code for turn in turns(again(advised))] == ["turn.decide_items"] * 3
    for item in [first, *others]:
        actions.respond(item=item, decision="follow", by=manager_of(cast, item))
    cast.propose(advised)
    assert again(advised).state == "adoption"


def test_the_manager_whose_dpo_advised_decides_under_a_mandate(cast, advised, drafter, person):
    item = items(advised)[0]  # of alfa's DPO
    actions.respond(item=item, decision="follow", by=drafter)
    with pytest.raises(PermissionDenied):
        actions.respond(item=item, decision="follow", by=person("beta", "mandated_manager"))
    manager = person("alfa", "mandated_manager")
    made = actions.respond(item=item, decision="deviate", reasons="The law asks it", by=manager)
    assert (made.decided, made.mandate.holder, made.by) == (True, manager, manager)
    with refused("advice.decided"):
        actions.respond(item=item, decision="follow", by=drafter)
    Mandate.objects.filter(holder=manager).update(withdrawn_on=timezone.localdate())
    with refused("mandate.none"):
        actions.respond(item=item, decision="follow", by=manager)
    assert ItemResponse.objects.get(item=item).decision == "deviate"


@pytest.mark.parametrize("decision", ["partly", "deviate"])
def test_who_does_not_wholly_follow_says_why(advised, drafter, decision):
    with refused("advice.explain"):
        actions.respond(item=items(advised)[0], decision=decision, by=drafter)
    actions.respond(item=items(advised)[0], decision=decision, reasons="Because", by=drafter)


def test_a_decision_is_one_of_three(advised, drafter):
    with refused("advice.decision"):
        actions.respond(item=items(advised)[0], decision="ignore", by=drafter)


def test_a_response_can_be_changed_until_it_is_put_up(cast, advised, drafter):
    for item in items(advised):
        actions.respond(item=item, decision="follow", by=drafter)
    actions.respond(item=items(advised)[0], decision="deviate", reasons="On second thoughts", by=drafter)
    assert ItemResponse.objects.get(item=items(advised)[0]).decision == "deviate"
    cast.respond(advised)
    cast.propose(advised)
    with refused("lifecycle.state"):
        actions.respond(item=items(advised)[0], decision="follow", by=drafter)


def test_what_was_responded_is_frozen_with_the_version_that_was_put_up(cast, advised, drafter):
    cast.respond(advised)
    cast.propose(advised)
    put_up = again(advised).current_version
    actions.decline_adoption(
        assessment=advised, organisation=cast.world.organisations["beta"], reason="Not like this",
        by=cast.person("beta", "mandated_manager"),
    )  # fmt: skip
    by = cast.person("alfa", "mandated_manager")
    actions.respond(item=items(advised)[0], decision="deviate", reasons="On second thoughts", by=by)
    put_up.refresh_from_db()
    kept = put_up.data["advices"][0]["items"][0]
    assert (kept["decision"], kept["function"], kept["weight"]) == ("follow", "Director", "condition")


def test_advice_of_an_earlier_round_is_answered_no_more(cast, advised, drafter):
    old = items(advised)[0]
    actions.send_back(assessment=advised, organisation=cast.world.organisations["alfa"], reason="Again", by=drafter)
    for step in (cast.submit, cast.review, cast.advise):
        step(advised)
    with refused("advice.old"):
        actions.respond(item=old, decision="follow", by=drafter)
    assert AdviceItem.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("role", ["privacy_officer", "lawyer", "dpo", "nobody"])
def test_only_drafters_and_managers_respond(advised, person, role):
    with pytest.raises(PermissionDenied):
        actions.respond(item=items(advised)[0], decision="follow", by=person("alfa", role))


def test_what_the_advice_rests_on_changes_only_with_new_advice(cast, advised, drafter):
    cast.respond(advised)
    actions.answer(assessment=advised, question="necessity", value="Quite another story", by=drafter)
    with refused("assessment.material_changed"):
        cast.propose(advised)
    before = advised.submitted_version.data["answers"]
    old = next(a["value"] for a in before if a["question"] == "necessity")
    actions.answer(assessment=advised, question="necessity", value=old, by=drafter)
    cast.propose(advised)


def test_other_answers_may_still_change(cast, advised, drafter):
    cast.respond(advised)
    actions.answer(assessment=advised, question="context", value="Better words", by=drafter)
    cast.propose(advised)
    put_up = again(advised).current_version
    assert {"question": "context", "value": "Better words"}.items() <= next(
        a for a in put_up.data["answers"] if a["question"] == "context"
    ).items()
