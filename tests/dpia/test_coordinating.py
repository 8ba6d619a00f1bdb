"""One DPO coordinates: chosen by the DPOs, sees all advice together, writes the joint summary. And what changed since
somebody last gave their view."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Organisation
from dpia import actions
from dpia.actions.advising import Item
from dpia.models import AdviceSummary
from dpia.turns import turns
from tests.dpia.pages import text
from tests.dpia.people import again, refused


def choose(cast, key="beta", by="alfa", role="dpo"):
    organisations = cast.world.organisations
    return actions.choose_coordinating_dpo(
        assessment=cast.assessment, organisation=organisations[by], coordinator=organisations[key],
        by=cast.person(by, role),
    )  # fmt: skip


def summarise(cast, key="beta", role="dpo", words="Together we say: shorten it."):
    return actions.summarise_advice(assessment=cast.assessment, text=words, by=cast.person(key, role))


@pytest.fixture
def advised(cast, at):
    """Alfa and beta's DPOs both have something to say about the same question."""
    assessment = at("dpo_advice")
    for key in ("alfa", "beta", "gamma"):
        actions.advise(
            assessment=assessment, organisation=cast.world.organisations[key], by=cast.person(key, "dpo"),
            verdict="positive", items=[] if key == "gamma" else [Item(f"{key} asks less", "remark", "necessity")],
        )  # fmt: skip
    cast.respond(assessment)
    return again(assessment)


def test_any_dpo_names_the_coordinating_one_until_it_is_adopted(cast, at):
    at("privacy_review")
    choose(cast, "beta", by="gamma")
    assert again(cast.assessment).coordinating_dpo.slug == "beta"
    with refused("coordination.same"):
        choose(cast, "beta")
    choose(cast, "alfa")
    with pytest.raises(PermissionDenied):
        choose(cast, "beta", role="drafter")
    stranger = Organisation.objects.create(slug="delta", name="Delta")
    with refused("coordination.not_controller"):
        actions.choose_coordinating_dpo(
            assessment=cast.assessment, organisation=cast.world.organisations["alfa"], coordinator=stranger,
            by=cast.person("alfa", "dpo"),
        )  # fmt: skip


def test_what_is_adopted_has_no_coordinating_dpo_chosen_any_more(cast, at):
    at("adopted")
    with refused("lifecycle.state"):
        choose(cast)


def test_once_chosen_the_summary_comes_before_adoption(cast, advised):
    assert [turn.code for turn in turns(advised)] == ["turn.propose_adoption"]
    with refused("coordination.nobody"):
        summarise(cast)
    choose(cast, "beta")
    (turn,) = turns(again(advised))
    assert (turn.code, turn.who, turn.permission) == ("turn.summarise_advice", "beta", "advise_assessment")
    with refused("assessment.summary_missing"):
        cast.propose(advised)
    with pytest.raises(PermissionDenied):
        summarise(cast, "alfa")
    with refused("coordination.text"):
        summarise(cast, words=" ")
    summarise(cast, words="First")
    summarise(cast)
    assert AdviceSummary.objects.count() == 2  # the one before stays
    with transaction.atomic(), pytest.raises(IntegrityError):
        AdviceSummary.objects.all().delete()
    cast.propose(advised)
    put_up = again(advised).current_version
    assert put_up.data["summary"] == {"organisation": "beta", "text": "Together we say: shorten it."}


def test_all_advice_stands_together_and_the_coordinating_dpo_writes_there(pages, cast, advised):
    beta = cast.world.organisations["beta"]
    assert pages.post("gamma", "dpo", "coordinating", coordinator=beta.pk).status_code == 302
    page = text(pages.get("alfa", "nobody", "advice"))
    assert page.index("alfa asks less") < page.index("beta asks less")
    assert "The DPO of Beta coordinates" in page
    assert pages.url("summary") not in page
    assert pages.url("summary") in text(pages.get("beta", "dpo", "advice"))
    answer = pages.post("beta", "dpo", "summary", text="All <i>together</i>", version=advised.submitted_version.number)
    assert answer.status_code == 302
    for shown in (pages.get("gamma", "drafter", "advice"), pages.get("gamma", "drafter")):
        assert "All &lt;i&gt;together&lt;/i&gt;" in text(shown)
    assert pages.get("alfa", "drafter", "coordinating").status_code == 403
    assert pages.get("alfa", "dpo", "summary").status_code == 409  # another DPO coordinates


# --- Since ---


def test_a_dpo_who_advised_before_reads_what_changed_with_one_click(pages, cast, advised, drafter):
    alfa = cast.world.organisations["alfa"]
    actions.send_back(assessment=advised, organisation=alfa, reason="The advice is right", by=drafter)
    for question, value in (("context", "Other words here"), ("necessity", "Example answer to fewer columns")):
        actions.answer(assessment=advised, question=question, value=value, by=drafter)
    cast.submit(advised)
    cast.review(advised)
    (turn, *others) = turns(again(advised))
    assert (turn.code, turn.facts) == ("turn.advise_changed", {"version": 1})
    assert len(others) == 2
    page = text(pages.get("alfa", "dpo", "since"))
    assert "Advice of the DPO of Alfa on version 1" in page
    assert "2 answers are different now." in page
    assert "For 1 of them advice starts again" in page
    assert "<ins>fewer columns</ins>" in page
    assert page.index("fewer columns") < page.index("Other words here")  # what matters most stands first
    assert "alfa asks less" in page
    assert pages.url("step", "advise") in page
    assert pages.url("since") in text(pages.get("alfa", "dpo"))


def test_it_is_as_well_there_for_reviewers_and_managers(pages, cast, at):
    at("adopted")
    for role, words in (("privacy_officer", "Review by Beta of"), ("mandated_manager", "Adoption by Beta of")):
        page = text(pages.get("beta", role, "since"))
        assert words in page
        assert "No answer is different now." in page


def test_who_said_nothing_yet_is_told_so_and_others_have_no_such_page(pages, at):
    at("draft")
    assert "You gave no view yet" in text(pages.get("beta", "dpo", "since"))
    assert pages.get("beta", "drafter", "since").status_code == 403
