"""What each role sees of a DPIA, and what strangers get."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import uuid

import pytest
from django.urls import reverse

import audit
from collaborations.models import Partner
from dpia import actions
from station.contract.canonical import digest
from tests.collaborations.world import new_person
from tests.dpia.pages import Pages, escaped, text

READ = [("",), ("whole",), ("version", 1), ("version_text", 1), ("point", "facts"), ("point", "lawfulness"),
        ("point", "risks_measures")]  # fmt: skip
STATES = ("draft", "privacy_review", "dpo_advice", "response", "prior_consultation", "adoption", "adopted",
          "under_review", "suspended", "withdrawn")  # fmt: skip
NASTY = "<script>alert('x')</script> & <b>bold</b>"


def test_every_member_of_a_partner_reads_everything(pages: Pages):
    pages.at("adopted")
    for key, role in (("alfa", "drafter"), ("beta", "privacy_officer"), ("gamma", "nobody")):
        for page in [*READ, ("document",)]:
            assert pages.get(key, role, *page).status_code == 200, page


@pytest.fixture
def stranger(cast):
    organisation = type(cast.world.organisations["alfa"]).objects.create(slug="delta", name="Delta")
    return new_person("drafter@delta.example", organisation, "drafter")


def test_strangers_find_nothing(pages: Pages, stranger, client):
    pages.at("adopted")
    client.force_login(stranger)
    steps = [("step", "submit"), ("step", "suspend")]
    for page in [*READ, ("document",), *steps]:
        assert client.get(pages.url(*page)).status_code == 404, page
        assert client.post(pages.url(*page)).status_code == 404, page


def test_who_is_not_logged_in_is_asked_to(pages: Pages, client):
    pages.at("adopted")
    for page in [*READ, ("document",), ("step", "submit"), ("item", 1)]:
        assert client.get(pages.url(*page)).url.startswith("/log-in/"), page


def test_a_partner_that_left_finds_nothing(pages: Pages):
    pages.at("adopted")
    Partner.objects.filter(organisation__slug="gamma").update(state="withdrawn")
    assert pages.get("gamma", "dpo").status_code == 404


def test_what_is_not_there_is_not_there(pages: Pages):
    pages.at("dpo_advice")
    nowhere = [("point", "weather"), ("version", 9), ("version_text", 9), ("step", "fly"), ("item", 1), ("document",)]
    for page in nowhere:
        assert pages.get("alfa", "drafter", *page).status_code == 404, page
    assert pages.client.get(reverse("collaborations:assessment", args=[uuid.uuid4()])).status_code == 404


def test_before_the_assessment_starts_there_is_none(pages: Pages, cast):
    use_case = cast.world.use_case_at("exploring")
    pages.login("alfa", "drafter")
    page = pages.client.get(reverse("collaborations:assessment", args=[use_case.pk]))
    assert (page.status_code, "There is no DPIA yet" in text(page)) == (200, True)
    for name, *rest in (("assessment_whole",), ("assessment_point", "facts"), ("assessment_step", "submit")):
        assert pages.client.get(reverse(f"collaborations:{name}", args=[use_case.pk, *rest])).status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_page_that_says_which_it_is(pages: Pages, state):
    page = text(pages.at(state).get("beta", "drafter"))
    assert str(pages.now.get_state_display()) in page
    assert page.count("<h1>") == 1


LABELS = {
    "draft": {"drafter": "Hand over for review"},
    "privacy_review": {"privacy_officer": "Review the DPIA"},
    "dpo_advice": {"dpo": "Advise on the DPIA"},
    "response": {"drafter": "Put up for adoption"},
    "prior_consultation": {"drafter": "Record the authority&#x27;s answer"},
    "adoption": {"mandated_manager": "Adopt the DPIA"},
    "adopted": {"dpo": "Suspend the DPIA"},
    "under_review": {"mandated_manager": "Confirm that it still holds"},
    "suspended": {"dpo": "Lift the suspension"},
    "withdrawn": {"drafter": "Reopen for a new round"},
}


@pytest.mark.parametrize("state", STATES)
def test_each_role_sees_its_step_and_nobody_elses(pages: Pages, state):
    pages.at(state)
    for role in ("drafter", "privacy_officer", "dpo", "mandated_manager", "nobody"):
        page = text(pages.get("beta", role))
        for holder, label in LABELS[state].items():
            assert (f">{label}</a>" in page) == (role == holder), (role, label)


def test_the_page_says_what_stands_in_the_way(pages: Pages, drafter):
    pages.at("draft")
    actions.answer(assessment=pages.now, question="necessity", value="", by=drafter)
    page = text(pages.get("alfa", "drafter"))
    assert "not possible yet" in page
    assert "Why can the purpose not be reached with fewer data" in page
    assert ">Hand over for review</a>" not in page


def test_the_list_says_which_point_is_open_and_for_whom(pages: Pages, cast):
    pages.at("draft")
    actions.answer(
        assessment=pages.now, question="own_task", value="", organisation=cast.world.organisations["gamma"],
        by=cast.person("gamma", "drafter"),
    )  # fmt: skip
    page = text(pages.get("alfa", "drafter"))
    assert "Own answers still to come from Gamma" in page
    assert "1 open" in page


def test_whose_turn_it_is_per_controller(pages: Pages, cast):
    pages.at("privacy_review")
    actions.review(
        assessment=pages.now, organisation=cast.world.organisations["alfa"], verdict="positive",
        by=cast.person("alfa", "privacy_officer"),
    )  # fmt: skip
    rows = re.findall(r'<th scope="row">(Alfa|Beta|Gamma)</th>(.*?)</tr>', text(pages.get("beta", "nobody")), re.DOTALL)
    found = {name: ("ready for the DPO" in cells, "to do" in cells) for name, cells in rows}
    assert found == {"Alfa": (True, False), "Beta": (False, True), "Gamma": (False, True)}


def test_why_it_came_back_stands_on_top(pages: Pages, cast):
    pages.at("dpo_advice")
    actions.send_back(
        assessment=pages.now, organisation=cast.world.organisations["beta"], reason="Point 2 is thin",
        by=cast.person("beta", "dpo"),
    )  # fmt: skip
    page = text(pages.get("alfa", "drafter"))
    assert "Beta sent the DPIA back to the drafter." in page
    assert "Point 2 is thin" in page


def test_after_another_specification_the_page_says_which_and_what_changed(pages: Pages):
    pages.at("adopted")
    facts = copy.deepcopy(pages.now.facts.data)
    facts["specification"]["disclosure"]["k"] = 12
    facts |= {"specification_sha256": digest(facts["specification"]), "specification_version": 2}
    actions.bind_facts(assessment=pages.now, facts=facts, by=audit.SYSTEM)
    page = text(pages.get("beta", "dpo"))
    assert "version 2 of the specification" in page
    assert facts["specification_sha256"] in page
    assert "What comes out, for whom, and who checks it first? (3, 5)" in page


def test_a_version_can_be_read_whole_with_what_was_said(pages: Pages, cast):
    pages.at("dpo_advice")
    cast.advise(pages.now, "conditional", ("Tell people",))
    cast.respond(pages.now)
    for step in (cast.propose, cast.adopt):
        step(pages.now)
    first, second = (text(pages.get("gamma", "nobody", "version", number)) for number in (1, 2))
    for page in (first, second):
        assert "Tell people" in page
        assert "Example answer to necessity" in page
        assert "Something follows from a small group" in page
        assert "Taken from the specification." in page
    assert "Decision 1 (invented)" in second
    assert "Decision 1 (invented)" not in first


def test_the_hash_is_of_the_text_that_can_be_downloaded(pages: Pages):
    pages.at("adopted")
    for version in pages.now.versions.all():
        answer = pages.get("beta", "nobody", "version_text", version.number)
        assert hashlib.sha256(answer.content).hexdigest() == version.sha256
        assert version.sha256 in text(pages.get("beta", "nobody"))
    document = pages.get("beta", "nobody", "document")
    assert json.loads(document.content)["schema"] == "nicpet.assessment/1"
    assert hashlib.sha256(document.content).hexdigest() in text(pages.get("beta", "nobody"))


def test_what_people_write_is_shown_and_never_run(pages: Pages, cast, drafter):
    pages.at("draft")
    for question in ("necessity", "context"):
        actions.answer(assessment=pages.now, question=question, value=NASTY, by=drafter)
    row = {"risk": NASTY, "likelihood": "high", "impact": "high", "measure": NASTY, "owner": NASTY,
           "likelihood_after": "low", "impact_after": "low"}  # fmt: skip
    actions.answer(assessment=pages.now, question="risks", value=[row], by=drafter)
    cast.submit(pages.now)
    for organisation in cast.world.organisations.values():
        actions.review(
            assessment=pages.now, organisation=organisation, verdict="positive", text=NASTY,
            by=cast.person(organisation.slug, "privacy_officer"),
        )  # fmt: skip
    cast.advise(pages.now, "conditional", (NASTY,))
    item = pages.now.submitted_version.items().first()
    actions.respond(item=item, decision="partly", reasons=NASTY, by=drafter)
    actions.send_back(assessment=pages.now, organisation=cast.world.organisations["alfa"], reason=NASTY, by=drafter)
    for page in [*READ, ("point", "lawfulness"), ("point", "risks_measures")]:
        for role in ("drafter", "nobody"):
            answer = pages.get("alfa", role, *page)
            if answer.headers["Content-Type"] == "application/json":
                assert answer.headers["Content-Disposition"].startswith("attachment")
                continue
            found = text(answer)
            assert "<script>alert" not in found, page
            assert "<b>bold" not in found, page
    assert escaped(NASTY) in text(pages.get("alfa", "drafter"))


def test_the_page_does_not_slow_down_with_its_history(pages: Pages, django_assert_max_num_queries):
    for _round in range(3):
        pages.at("adopted")
        actions.reopen(assessment=pages.now, reason="Again", by=pages.cast.person("alfa", "drafter"))
    pages.at("adopted")
    pages.get("alfa", "dpo")
    with django_assert_max_num_queries(50):
        pages.client.get(pages.url())


def test_it_is_there_in_dutch(pages: Pages):
    pages.at("adopted")
    pages.get("alfa", "dpo")
    pages.client.cookies["django_language"] = "nl"
    page = text(pages.client.get(pages.url("version", 2)))
    assert "Waarom kan het doel niet met minder gegevens" in page
