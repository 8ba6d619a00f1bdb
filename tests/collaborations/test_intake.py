"""Writing down a use case: a draft keeps anything, a proposal is whole, no text is lost; examples are reused."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import Event
from collaborations import actions, turns
from collaborations.models import Partner, UseCase
from computations.models import SpecificationDraft
from station.reasons import Refused

EVIL = "<script>alert('x')</script> {{ 7|add:7 }} ' OR 1=1 --"
WHOLE = {
    "title": "Debts seen early", "theme": "poverty", "summary": "Who builds up debts?", "helped": "Families.",
    "value": "Help comes sooner.", "indicator": "Families that accept help", "baseline": "10", "target": "40",
    "measure_on": "2030-01-01",
}  # fmt: skip


@pytest.fixture
def asker(person):
    return person("alfa", "innovation_manager")


@pytest.fixture
def page(at):
    return at("alfa", "innovation_manager")


def edit(use_case: UseCase) -> str:
    return reverse("collaborations:use_case_edit", args=[use_case.pk])


def codes(caught: Any) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


@pytest.mark.parametrize("given", [{"title": "Only a title"}, {"value": "Only what it brings"}, {"baseline": "7"}])
def test_a_draft_is_kept_however_little_stands_in_it(page, given):
    answer = page.post("/use-cases/new/", {**given, "stay": "1"}, follow=True)
    assert answer.status_code == 200
    use_case = UseCase.objects.get()
    assert {name: getattr(use_case, name) for name in given} == given
    assert "1 of 9 questions" in unescape(answer.content.decode())
    assert answer.redirect_chain[-1][0] == edit(use_case)


def test_nothing_at_all_is_no_draft(page):
    answer = page.post("/use-cases/new/", {"stay": "1"})
    assert answer.status_code == 422
    assert "Fill in at least one field" in answer.content.decode()
    assert not UseCase.objects.exists()


def test_a_form_sent_twice_is_one_draft_with_the_last_text(page):
    key = str(uuid4())
    for title in ("First", "First", "Second"):
        page.post("/use-cases/new/", {"title": title, "key": key, "seen": "0", "stay": "1"})
    assert list(UseCase.objects.values_list("title", "revision")) == [("Second", 1)]
    assert Event.objects.filter(type="use_case.drafted").count() == 1


def test_the_draft_of_somebody_else_is_not_overwritten_by_its_key(page, organisations, person):
    by = person("beta", "innovation_manager")
    theirs = actions.start_draft(key=uuid4(), organisation=organisations["beta"], title="Theirs", by=by)
    assert page.post("/use-cases/new/", {"title": "Mine", "key": str(theirs.pk)}).status_code == 403
    theirs.refresh_from_db()
    assert theirs.title == "Theirs"


def test_a_draft_without_a_title_has_a_name_on_every_page(page, asker, organisations):
    use_case = actions.start_draft(key=uuid4(), organisation=organisations["alfa"], value="Much.", by=asker)
    for address in ("/use-cases/", "/use-cases/?view=board", f"/use-cases/{use_case.pk}/"):
        assert "(no title yet)" in page.get(address).content.decode(), address


def test_what_is_open_is_listed_and_stands_in_the_way_of_proposing(page, asker, organisations):
    use_case = actions.start_draft(key=uuid4(), organisation=organisations["alfa"], title="Debts", by=asker)
    assert [turn.code for turn in turns.waiting(use_case)] == ["turn.complete_intake"]
    text = unescape(page.get(f"/use-cases/{use_case.pk}/").content.decode())
    assert "Before you propose it" in text and "expected value for society" in text
    actions.invite_partner(use_case=use_case, organisation=organisations["beta"], by=asker)
    with pytest.raises(Refused) as caught:
        actions.submit(use_case=use_case, by=asker)
    assert codes(caught) == ["use_case.not_described", "use_case.open_questions"]
    assert "who is helped" in str(caught.value) and "title" not in caught.value.reasons[1].facts["what"]
    page.post(edit(use_case), WHOLE | {"seen": "0"})
    use_case.refresh_from_db()
    assert use_case.measure_on == date(2030, 1, 1)
    assert actions.submit(use_case=use_case, by=asker).state == "proposed"


def test_a_proposal_stays_complete(use_case_at, asker):
    use_case = use_case_at("proposed")
    with pytest.raises(Refused) as caught:
        actions.edit_use_case(use_case=use_case, value="  ", by=asker)
    assert codes(caught) == ["use_case.open_questions"]
    assert UseCase.objects.get(pk=use_case.pk).value == use_case.value


def test_the_plan_does_not_change_once_it_is_assessed(use_case_at, asker):
    with pytest.raises(Refused) as caught:
        actions.edit_use_case(use_case=use_case_at("assessing"), target="Less", by=asker)
    assert codes(caught) == ["lifecycle.state"]


def test_who_was_overtaken_sees_the_difference_and_loses_nothing(page, asker, organisations):
    use_case = actions.start_draft(key=uuid4(), organisation=organisations["alfa"], **_texts(), by=asker)
    actions.edit_use_case(use_case=use_case, value="Of a colleague.", seen=0, by=asker)
    mine = {"value": "Of mine.", "theme": "energy", "measure_on": "2028-03-01", "seen": "0"}
    answer = page.post(edit(use_case), WHOLE | mine)
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "<ins>energy and housing</ins>" in text and "<ins>1 March 2028</ins>" in text
    assert f"{asker.full_name} changed this text" in text
    assert "<del>Of a colleague.</del>" in text and "<ins>Of mine.</ins>" in text
    assert "Families that accept help</ins>" not in text
    again = page.post(edit(use_case), WHOLE | {"value": "Of both.", "seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302
    use_case.refresh_from_db()
    assert (use_case.value, use_case.revision) == ("Of both.", 2)


def test_saving_what_stands_there_already_is_no_change(page, asker, organisations):
    use_case = actions.start_draft(key=uuid4(), organisation=organisations["alfa"], **_texts(), by=asker)
    assert page.post(edit(use_case), WHOLE | {"seen": "0"}).status_code == 302
    assert page.post(edit(use_case), WHOLE | {"seen": ""}).status_code == 302
    use_case.refresh_from_db()
    assert use_case.revision == 0
    assert not Event.objects.filter(type="use_case.edited").exists()


def test_a_theme_in_own_words_is_kept_and_shown_again(page):
    page.post("/use-cases/new/", {"title": "T", "theme": "other", "own_theme": "music", "stay": "1"})
    use_case = UseCase.objects.get()
    assert (use_case.theme, use_case.theme_label) == ("music", "music")
    form = page.get(edit(use_case)).context["form"]
    assert (form["theme"].value(), form["own_theme"].value()) == ("other", "music")


@pytest.mark.parametrize("name", ["summary", "value", "helped"])
def test_five_megabytes_get_a_sentence_and_stay_in_the_form(page, name):
    text = "lange tekst " * (5 * 1024 * 1024 // 12)
    answer = page.post("/use-cases/new/", {"title": "Kept title", name: text, "stay": "1"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "10000" in body and 'value="Kept title"' in body and text.strip() in body
    assert not UseCase.objects.exists()


def test_too_long_is_refused_by_the_action_too(organisations, asker):
    for name, code in (("title", "use_case.too_long"), ("value", "text.too_long"), ("target", "text.too_long")):
        with pytest.raises(Refused) as caught:
            actions.start_draft(key=uuid4(), organisation=organisations["alfa"], **{name: "x" * 10_001}, by=asker)
        assert codes(caught) == [code]


def test_scripts_in_every_field_are_shown_as_text(page, use_case_at, asker):
    use_case = use_case_at("exploring")
    texts = dict.fromkeys(("title", "summary", "helped", "value", "indicator", "baseline", "target"), EVIL)
    actions.edit_use_case(use_case=use_case, **texts, theme=EVIL, by=asker)
    here = f"/use-cases/{use_case.pk}/"
    for address in (here, f"{here}edit/", f"{here}start-from/", "/use-cases/", "/use-cases/?view=board"):
        raw = page.get(address).content.decode()
        assert "<script>alert" not in raw, address
    assert page.get(here).content.decode().count("&lt;script&gt;") >= len(texts)


def test_a_null_byte_is_refused_with_a_sentence(page):
    assert page.post("/use-cases/new/", {"title": "A\x00B"}).status_code == 422


# Starting from an example


def test_an_example_gives_a_draft_of_the_own_organisation_with_its_specification(use_case_at, organisations, person):
    example, by = use_case_at("exploring"), person("beta", "innovation_manager")
    made = actions.start_from(example=example, organisation=organisations["beta"], by=by)
    for name in ("title", "summary", "theme", "value", "helped", "indicator", "baseline", "target"):
        assert getattr(made, name) == getattr(example, name), name
    assert (made.origin, made.proposer, made.state, made.measure_on) == (example, organisations["beta"], "draft", None)
    assert list(made.partners.values_list("organisation__slug", "state")) == [("beta", "joined")]
    copied, newest = SpecificationDraft.objects.get(use_case=made).data, example.specification.data
    assert copied["asker"] == "beta" and copied["analysis"] == newest["analysis"]
    assert copied["inputs"] == newest["inputs"]
    assert made.specification is None
    told = Event.objects.timeline(made).values_list("type", flat=True)
    assert set(told) == {"use_case.drafted", "use_case.reused"}


def test_where_it_came_from_is_shown_by_name_only_to_who_may_see_that(use_case_at, at, organisations, person):
    example, by = use_case_at("exploring"), person("beta", "innovation_manager")
    made = actions.start_from(example=example, organisation=organisations["beta"], by=by)
    address = f"/use-cases/{made.pk}/"
    seen = at("beta", "innovation_manager").get(address).content.decode()
    assert f'href="/use-cases/{example.pk}/"' in seen and "Started from the example" in seen
    Partner.objects.filter(use_case=example, organisation=organisations["beta"]).update(state="withdrawn")
    hidden = at("beta", "innovation_manager").get(address).content.decode()
    assert str(example.pk) not in hidden and "Started from an example" in hidden


def test_nobody_starts_from_what_they_may_not_see_or_for_another_organisation(use_case_at, organisations, person, at):
    example = use_case_at("draft")
    for organisation, by in (("beta", person("beta", "innovation_manager")), ("beta", example.proposed_by)):
        with pytest.raises(PermissionDenied):
            actions.start_from(example=example, organisation=organisations[organisation], by=by)
    address = reverse("collaborations:use_case_start_from", args=[example.pk])
    assert at("beta", "innovation_manager").post(address).status_code == 404
    assert at("alfa", "dpo").post(address).status_code == 403
    assert UseCase.objects.count() == 1


def test_the_button_of_the_page_leads_to_the_new_draft(use_case_at, at):
    example = use_case_at("exploring")
    client = at("beta", "innovation_manager")
    address = reverse("collaborations:use_case_start_from", args=[example.pk])
    assert address in client.get(f"/use-cases/{example.pk}/").content.decode()
    answer = client.post(address)
    assert answer.url == edit(UseCase.objects.get(origin=example))
    assert client.get(f"/use-cases/{UseCase.objects.get(origin=example).pk}/specification/draft/").status_code == 200


def _texts() -> dict[str, Any]:
    return WHOLE | {"measure_on": date(2030, 1, 1)}


def typed(page, address, **texts):
    answer = page.post(address, texts | {"typing": "1"})
    return answer.status_code, answer.json()


def test_what_is_typed_is_kept_and_says_when(page):
    key = str(uuid4())
    status, told = typed(page, "/use-cases/new/", title="De", key=key, seen="0")
    use_case = UseCase.objects.get()
    assert (status, told["url"], told["seen"]) == (200, edit(use_case), 0)
    assert told["said"].startswith("Saved at ") and told["progress"] == "1 of 9 questions"
    assert typed(page, told["url"], title="Debts seen", seen="0")[1]["seen"] == 1
    assert typed(page, told["url"], title="Debts seen early", seen="1", value="Much")[1]["percent"] == 22
    use_case.refresh_from_db()
    assert (use_case.title, use_case.value, use_case.revision) == ("Debts seen early", "Much", 2)
    told = [event.type for event in Event.objects.timeline(use_case)]
    assert told == ["use_case.edited", "use_case.drafted"], "a sitting is told once, and each answer to a question"


def test_what_a_page_kept_unheard_is_gone_on_with(page):
    key = str(uuid4())
    for title in ("First", "Second"):
        typed(page, "/use-cases/new/", title=title, key=key, seen="0")
    answer = page.post("/use-cases/new/", {"title": "Third", "key": key, "seen": "0"})
    assert answer.status_code == 422
    assert "Second" in answer.content.decode() and 'value="Third"' in answer.content.decode()
    assert page.post(edit(UseCase.objects.get()), {"title": "Third", "seen": "1"}).status_code == 302
    assert UseCase.objects.get().title == "Third"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"seen": "0"}, "Fill in at least one field"),
        ({"title": "x" * 201}, "Title: "),
        ({"value": "x" * 5_000_000}, "Expected value"),
    ],
)
def test_what_cannot_be_kept_while_typing_says_why(page, texts, said):
    status, told = typed(page, "/use-cases/new/", **texts)
    assert status == 422 and told["said"].startswith("Not saved yet. ") and said in told["said"]
    assert not UseCase.objects.exists()


def test_typing_does_not_overwrite_a_colleague(page, asker, organisations):
    use_case = actions.start_draft(key=uuid4(), organisation=organisations["alfa"], title="Debts", by=asker)
    actions.edit_use_case(use_case=use_case, value="Of a colleague.", seen=0, by=asker)
    status, told = typed(page, edit(use_case), title="Debts", value="Of mine.", seen="0")
    assert status == 422 and "Innovation Manager Alfa changed this text meanwhile" in told["said"]
    assert UseCase.objects.get().value == "Of a colleague."
