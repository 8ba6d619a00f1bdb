"""The steps of a DPIA on their pages, by whoever may take them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dpia import actions
from dpia.models import Advice, ItemResponse
from tests.dpia.pages import Pages, inputs, text

WHO = {
    "submit": ("draft", "drafter", {}),
    "review": ("privacy_review", "privacy_officer", {"version": "1", "verdict": "positive", "text": "Fine"}),
    "advise": ("dpo_advice", "dpo", {"version": "1", "verdict": "positive", "items-rows": "0"}),
    "propose-adoption": ("response", "drafter", {}),
    "adopt": ("adoption", "mandated_manager", {"version": "2"}),
    "decline-adoption": ("adoption", "mandated_manager", {"reason": "No"}),
    "send-back": ("dpo_advice", "dpo", {"reason": "No"}),
    "consult-authority": ("response", "drafter", {"reference": "z1", "asked_on": str(timezone.localdate())}),
    "authority-answered": ("prior_consultation", "drafter",
                           {"answer": "Yes", "answered_on": str(timezone.localdate())}),
    "reconsider": ("adopted", "drafter", {"reason": "Doubt"}),
    "confirm": ("under_review", "mandated_manager", {"reason": "It holds"}),
    "suspend": ("adopted", "dpo", {"reason": "Stop"}),
    "resume": ("suspended", "dpo", {"reason": "Go"}),
    "reopen": ("adopted", "drafter", {"reason": "Again"}),
    "withdraw": ("draft", "drafter", {"reason": "Off"}),
}  # fmt: skip
LEADS_TO = {
    "submit": "privacy_review", "review": "privacy_review", "advise": "dpo_advice", "propose-adoption": "adoption",
    "adopt": "adoption", "decline-adoption": "response", "send-back": "draft",
    "consult-authority": "prior_consultation", "authority-answered": "response", "reconsider": "under_review",
    "confirm": "adopted", "suspend": "suspended", "resume": "adopted", "reopen": "draft", "withdraw": "withdrawn",
}  # fmt: skip
ROLES = {"drafter", "privacy_officer", "dpo", "mandated_manager", "nobody"}
ALSO = {"send-back": ROLES - {"nobody"}, "reconsider": {"drafter", "privacy_officer", "dpo"}}


def who(name: str) -> str:
    return "alfa" if name == "withdraw" else "beta"


@pytest.mark.parametrize("name", WHO)
def test_a_step_is_taken_on_its_page(pages: Pages, name):
    state, role, fields = WHO[name]
    pages.at(state)
    assert pages.get(who(name), role, "step", name).status_code == 200
    answer = pages.post(who(name), role, "step", name, **fields)
    assert (answer.status_code, answer.headers.get("Location")) == (302, pages.url())
    assert pages.now.state == LEADS_TO[name]


@pytest.mark.parametrize("name", WHO)
def test_members_without_the_right_are_told(pages: Pages, name):
    state, role, fields = WHO[name]
    pages.at(state)
    for other in sorted(ROLES - ALSO.get(name, {role})):
        assert pages.get(who(name), other, "step", name).status_code == 403, other
        assert pages.post(who(name), other, "step", name, **fields).status_code == 403, other
    assert pages.now.state == state


@pytest.mark.parametrize("name", WHO)
def test_at_another_moment_the_page_says_so(pages: Pages, name):
    _state, role, fields = WHO[name]
    pages.at("withdrawn" if name != "reopen" else "draft")
    answer = pages.get(who(name), role, "step", name)
    assert (answer.status_code, "This cannot be done now" in text(answer)) == (409, True)
    before = pages.now.state
    assert pages.post(who(name), role, "step", name, **fields).status_code == 422
    assert pages.now.state == before


@pytest.mark.parametrize("name", ["send-back", "decline-adoption", "reconsider", "suspend", "reopen", "withdraw"])
def test_a_step_that_needs_a_reason_asks_for_it(pages: Pages, name):
    state, role, _fields = WHO[name]
    pages.at(state)
    answer = pages.post(who(name), role, "step", name, reason=" ")
    assert answer.status_code == 422
    assert pages.now.state == state


def test_suspending_is_one_page_with_its_warning(pages: Pages):
    page = text(pages.at("adopted").get("beta", "dpo", "step", "suspend"))
    assert "From this moment nothing new runs" in page
    assert page.count('type="submit">Suspend the DPIA</button>') == 1


def test_the_dpo_advises_in_items_without_javascript(pages: Pages):
    pages.at("dpo_advice")
    form = inputs(text(pages.get("beta", "dpo", "step", "advise")))
    assert (form["version"], form["items-rows"]) == ("1", "1")
    form |= {"items-0-item": "Tell people", "text": "See below"}
    answer = pages.post("beta", "dpo", "step", "advise", **form, add_row="items")
    page = text(answer)
    assert (answer.status_code, "Item 2" in page, "required" in page) == (200, True, False)
    form = inputs(page) | {"items-1-item": "Shorten the retention", "verdict": "conditional"}
    assert pages.post("beta", "dpo", "step", "advise", **form).status_code == 302
    advice = Advice.objects.get(version__assessment=pages.now)
    assert (advice.verdict, advice.text) == ("conditional", "See below")
    items = [(item.number, item.text) for item in advice.items.all()]
    assert items == [(1, "Tell people"), (2, "Shorten the retention")]


def test_an_item_is_removed_without_javascript(pages: Pages):
    pages.at("dpo_advice")
    form = {"version": "1", "items-rows": "2", "items-0-item": "First", "items-1-item": "Second"}
    found = inputs(text(pages.post("beta", "dpo", "step", "advise", **form, remove_row="items:0")))
    assert (found["items-rows"], found["items-0-item"]) == ("1", "Second")


def test_conditions_without_items_stay_in_the_form(pages: Pages):
    pages.at("dpo_advice")
    answer = pages.post("beta", "dpo", "step", "advise", version="1", verdict="conditional", text="Long and dear text")
    assert answer.status_code == 422
    assert "has at least one item" in text(answer)
    assert "Long and dear text" in text(answer)


def test_a_review_of_a_version_that_is_no_more_stays_in_the_form(pages: Pages, cast):
    pages.at("privacy_review")
    form = inputs(text(pages.get("beta", "privacy_officer", "step", "review")))
    by, alfa = cast.person("alfa", "drafter"), cast.world.organisations["alfa"]
    actions.send_back(assessment=pages.now, organisation=alfa, reason="x", by=by)
    cast.submit(pages.now)
    form |= {"verdict": "positive", "text": "Dear text"}
    answer = pages.post("beta", "privacy_officer", "step", "review", **form)
    assert answer.status_code == 422
    assert "version 2 is now at hand" in text(answer)
    assert "Dear text" in text(answer)


def test_a_text_that_is_too_long_stays_in_the_form(pages: Pages):
    pages.at("privacy_review")
    long = "y" * 20_001
    answer = pages.post("beta", "privacy_officer", "step", "review", version="1", verdict="positive", text=long)
    assert answer.status_code == 422
    assert "characters" in text(answer)
    assert long in text(answer)


def test_without_a_mandate_the_page_says_who_mends_it(pages: Pages, person):
    pages.at("adoption")
    person("beta", "mandated_manager").mandates.update(withdrawn_on=timezone.localdate())
    assert "You have no mandate" in text(pages.get("beta", "mandated_manager"))
    answer = pages.get("beta", "mandated_manager", "step", "adopt")
    assert (answer.status_code, "You have no mandate" in text(answer)) == (409, True)
    assert pages.post("beta", "mandated_manager", "step", "adopt", version="2").status_code == 422


def test_who_decides_can_read_what_about(pages: Pages):
    page = text(pages.at("adoption").get("beta", "mandated_manager", "step", "adopt"))
    assert pages.url("version", 2) in page
    assert pages.now.current_version.sha256 in page


# --- Responding to items ---


@pytest.fixture
def item(pages: Pages, cast):
    cast.advise(pages.at("dpo_advice").now, "conditional", ("Tell people",))
    return pages.now.submitted_version.items().first()


def test_an_item_gets_a_response(pages: Pages, item):
    assert pages.url("item", item.pk) in text(pages.get("alfa", "drafter"))
    assert "Tell people" in text(pages.get("alfa", "drafter", "item", item.pk))
    answer = pages.post("alfa", "drafter", "item", item.pk, decision="partly", reasons="As far as we can")
    assert answer.url == f"{pages.url()}#advice"
    page = text(pages.get("gamma", "nobody"))
    assert "Partly followed" in page
    assert "As far as we can" in page
    assert pages.url("item", item.pk) not in page
    assert inputs(text(pages.get("alfa", "drafter", "item", item.pk)))["reasons"] == "As far as we can"


def test_who_was_overtaken_reads_the_other_response_and_loses_nothing(pages: Pages, item):
    seen = inputs(text(pages.get("alfa", "drafter", "item", item.pk)))["seen"]
    pages.post("alfa", "drafter", "item", item.pk, decision="partly", reasons="As far as we can", seen=seen)
    answer = pages.post("alfa", "drafter", "item", item.pk, decision="deviate", reasons="Not at all", seen=seen)
    page = text(answer)
    assert answer.status_code == 422 and "As far as we can" in page and "Not at all" in page
    assert ItemResponse.objects.get().reasons == "As far as we can"
    again = {"decision": "deviate", "reasons": "Not at all", "seen": inputs(page)["seen"]}
    assert pages.post("alfa", "drafter", "item", item.pk, **again).status_code == 302
    assert ItemResponse.objects.get().reasons == "Not at all"


def test_deviating_without_reasons_comes_back(pages: Pages, item):
    answer = pages.post("alfa", "drafter", "item", item.pk, decision="deviate", reasons=" ")
    assert (answer.status_code, "Write down why" in text(answer)) == (422, True)
    assert not ItemResponse.objects.exists()


@pytest.mark.parametrize(
    ("key", "role"),
    [("alfa", "privacy_officer"), ("alfa", "dpo"), ("beta", "mandated_manager"), ("alfa", "nobody")],
)  # fmt: skip
def test_only_drafters_and_the_own_manager_respond(pages: Pages, item, key, role):
    assert pages.get(key, role, "item", item.pk).status_code == 403
    assert pages.post(key, role, "item", item.pk, decision="follow").status_code == 403


def test_the_manager_decides_what_the_drafter_prepared(pages: Pages, item):
    pages.post("alfa", "drafter", "item", item.pk, decision="follow", reasons="Will be done")
    page = text(pages.get("alfa", "mandated_manager", "item", item.pk))
    assert "under your mandate" in page
    assert "Will be done" in page
    assert pages.post("alfa", "mandated_manager", "item", item.pk, **inputs(page)).status_code == 302
    item.refresh_from_db()
    assert item.response.decided
    assert "Director" in text(pages.get("beta", "nobody"))


def test_an_item_of_another_dpia_is_not_there(pages: Pages, item, cast):
    other = cast.world.use_case_at("assessing")
    url = pages.url("item", item.pk).replace(str(pages.now.context_id), str(other.pk))
    pages.client.force_login(cast.person("alfa", "drafter"))
    assert pages.client.get(url).status_code == 404
