"""The pages of the network: what others see of a use case, and how it works in one, from call to invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from collaborations.actions import network, outsiders, summaries
from collaborations.models import Call, Interest, Outsider, Summary
from tests.collaborations.world import KEYS, new_person

STOP = "exploring"
WORDS = {
    "title_nl": "Eerder helpen", "title_en": "Helping sooner", "text_nl": "Wij zoeken uit hoe.",
    "text_en": "We find out <b>how</b>.",
}  # fmt: skip


def browser(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def asker(shared):
    return browser(shared.person("alfa", "innovation_manager"))


@pytest.fixture
def delta(db):
    organisation = Organisation.objects.create(slug="delta", name="Delta")
    return browser(new_person("ines@delta.example", organisation, "innovation_manager"))


@pytest.fixture
def admin(db):
    platform = Organisation.objects.create(slug="platform", name="Platform")
    return browser(new_person("admin@platform.example", platform, "platform_admin"))


def publish(world, **changes):
    words = {"wanted": "Who holds energy contracts", "why": "To help sooner.", "until": in_days(30)}
    by = world.person("alfa", "innovation_manager")
    return network.publish_call(use_case=world.use_case, **words | changes, by=by)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def text(response):
    return response.content.decode()


def test_from_call_to_invitation(shared, asker, delta):
    page = f"/use-cases/{shared.use_case.pk}/network/"
    words = {"wanted": "Who holds energy contracts", "why": "<script>alert(1)</script>", "until": str(in_days(9))}
    assert asker.post(f"{page}calls/new/", words).status_code == 302
    call = Call.objects.get()
    assert "Who holds energy contracts" in text(delta.get("/calls/"))
    shown = text(delta.get(f"/calls/{call.pk}/"))
    assert "<script>alert(1)" not in shown and "Answer this call" in shown
    given = delta.post(f"/calls/{call.pk}/answer/", {"text": "We do.", "contact": "Ines, 070 000 00 00"})
    assert given.status_code == 302
    assert "070 000 00 00" in text(asker.get(page))
    answer = call.answers.get()
    accepted = asker.post(f"{page}answers/{answer.pk}/accept/", {"capacity": "provider"})
    assert accepted.status_code == 302
    assert "070 000 00 00" not in text(asker.get(page))
    assert "is invited" in text(delta.get(f"/calls/{call.pk}/"))
    assert shared.use_case.title in text(delta.get(f"/use-cases/{shared.use_case.pk}/partners/"))


def test_nothing_of_the_use_case_shows_through_a_call(shared, delta):
    call = publish(shared)
    for page in ("/calls/", f"/calls/{call.pk}/"):
        shown = text(delta.get(page))
        assert shared.use_case.title not in shown and shared.use_case.summary not in shown, page
        assert str(shared.use_case.pk) not in shown, page
    assert delta.get(f"/use-cases/{shared.use_case.pk}/network/").status_code == 404


def test_a_declined_answer_is_read_by_who_gave_it_alone(shared, asker, delta):
    call = publish(shared)
    delta.post(f"/calls/{call.pk}/answer/", {"text": "We do.", "contact": "Desk"})
    other = Organisation.objects.create(slug="epsilon", name="Epsilon")
    stranger = browser(new_person("x@epsilon.example", other, "innovation_manager"))
    assert "We do." not in text(stranger.get(f"/calls/{call.pk}/"))
    answer = call.answers.get()
    decline = f"/use-cases/{shared.use_case.pk}/network/answers/{answer.pk}/decline/"
    assert asker.post(decline, {"reason": ""}).status_code == 422
    assert asker.post(decline, {"reason": "Other data."}).status_code == 302
    assert "Other data." in text(delta.get(f"/calls/{call.pk}/"))


def test_a_refusal_stands_above_the_form(shared, delta):
    call = publish(shared)
    words = {"text": "We do.", "contact": "Desk"}
    delta.post(f"/calls/{call.pk}/answer/", words)
    again = delta.post(f"/calls/{call.pk}/answer/", words)
    assert again.status_code == 422 and "has answered this call already" in text(again)


def test_who_is_only_invited_reads_no_answers(shared, delta):
    call = publish(shared)
    delta.post(f"/calls/{call.pk}/answer/", {"text": "We do.", "contact": "Desk"})
    shared.use_case.partners.filter(organisation__slug="gamma").update(state="invited")
    gamma = browser(shared.person("gamma", "innovation_manager"))
    assert "We do." not in text(gamma.get(f"/use-cases/{shared.use_case.pk}/network/"))


def test_search_finds_dutch_words_and_themes(shared, delta):
    publish(shared, wanted="Organisatie met energiecontracten", why="Armoede")
    Call.objects.create(
        use_case=shared.use_case, organisation=shared.organisations["alfa"], wanted="Zorgdossiers", why="x",
        theme="health", until=in_days(3), by=shared.person("alfa", "innovation_manager"),
    )  # fmt: skip
    assert "energiecontracten" in text(delta.get("/calls/?q=energiecontract"))
    found = text(delta.get("/calls/?theme=health"))
    assert "Zorgdossiers" in found and "energiecontracten" not in found
    assert "No call fits" in text(delta.get("/calls/?q=zonnepanelen"))
    assert delta.get("/calls/?theme=nonsense&page=x").status_code == 200


def test_many_calls_cost_no_more_queries(shared, delta, django_assert_max_num_queries):
    by = shared.person("alfa", "innovation_manager")
    Call.objects.bulk_create(
        Call(use_case=shared.use_case, organisation=shared.organisations["alfa"], wanted=f"Call {n}", why="x",
             until=in_days(3), by=by) for n in range(60)
    )  # fmt: skip
    with django_assert_max_num_queries(12):
        assert "60 open calls" in text(delta.get("/calls/"))


def test_closing_asks_first(shared, asker, delta):
    call = publish(shared)
    page = f"/use-cases/{shared.use_case.pk}/network/calls/{call.pk}/close/"
    assert "not opened again" in text(asker.get(page))
    assert Call.objects.get().state == "open"
    assert asker.post(page).status_code == 302
    assert "No open calls now" in text(delta.get("/calls/"))
    assert delta.get(f"/calls/{call.pk}/").status_code == 404


def test_interest_is_marked_and_taken_back(shared, asker, delta):
    call = publish(shared)
    assert delta.post(f"/calls/{call.pk}/interest/").status_code == 302
    assert "Delta: Who holds energy contracts" in text(asker.get(f"/use-cases/{shared.use_case.pk}/network/"))
    assert delta.post(f"/calls/{call.pk}/no-interest/").status_code == 302
    assert not Interest.objects.exists()


def test_the_public_page_from_text_to_withdrawal(shared, asker):
    page, outside = f"/use-cases/{shared.use_case.pk}/network/", Client(headers={"accept-language": "en"})
    public = f"/public/use-cases/{shared.use_case.pk}/"
    assert asker.post(f"{page}summary/", WORDS | {"seen": 0}).status_code == 302
    summary = Summary.objects.get()
    for key in KEYS:
        assert outside.get(public).status_code == 404
        member = browser(shared.person(key, "innovation_manager"))
        read = text(member.get(f"{page}summary/{summary.pk}/agree/"))
        assert summary.sha256 in read and "Wij zoeken uit hoe." in read
        assert member.post(f"{page}summary/{summary.pk}/agree/", {"sha256": summary.sha256}).status_code == 302
    shown = text(outside.get(public))
    assert "Helping sooner" in shown and "&lt;b&gt;how&lt;/b&gt;" in shown and "<b>how" not in shown
    assert shared.use_case.title not in shown and "Alfa" not in shown and "Mark interest" not in shown
    assert "Helping sooner" in text(outside.get("/public/"))
    outside.cookies["django_language"] = "nl"
    assert "Eerder helpen" in text(outside.get(public))
    beta = browser(shared.person("beta", "innovation_manager"))
    assert beta.post(f"{page}summary/{summary.pk}/withdraw/", {"reason": "New policy."}).status_code == 302
    assert outside.get(public).status_code == 404
    assert "Helping sooner" not in text(outside.get("/public/"))


def test_a_form_that_was_overtaken_loses_nothing(shared, asker):
    page = f"/use-cases/{shared.use_case.pk}/network/summary/"
    asker.post(page, WORDS | {"seen": 0})
    again = asker.post(page, WORDS | {"text_en": "My own words.", "seen": 0})
    assert again.status_code == 422 and "proposed text 1 meanwhile" in text(again) and "My own words." in text(again)
    assert Summary.objects.count() == 1


def test_the_public_list_costs_no_more_queries(shared, django_assert_max_num_queries):
    by = shared.person("alfa", "innovation_manager")
    summary = summaries.propose_summary(use_case=shared.use_case, **WORDS, by=by)
    for key in KEYS:
        summaries.agree_summary(
            summary=summary, organisation=shared.organisations[key], sha256=summary.sha256,
            by=shared.person(key, "innovation_manager"),
        )  # fmt: skip
    with django_assert_max_num_queries(4):
        assert Client().get("/public/").status_code == 200


def test_from_a_request_to_a_partner(shared, asker, admin, django_capture_on_commit_callbacks):
    partners = f"/use-cases/{shared.use_case.pk}/partners/"
    words = {"name": "Zeta Institute", "email": "desk@zeta.example", "message": "You know.", "capacity": "adviser"}
    with django_capture_on_commit_callbacks(execute=True):
        assert asker.post(f"{partners}ask/", words).status_code == 302
    assert [letter.to for letter in mail.outbox] == [["desk@zeta.example"]]
    assert "Zeta Institute" in text(asker.get(partners))
    home = text(admin.get("/"))
    assert "Zeta Institute" in home and "desk@zeta.example" in home and shared.use_case.title not in home
    outsider = Outsider.objects.get()
    form = text(admin.get(f"/requests/{outsider.pk}/add/"))
    assert 'value="Zeta Institute"' in form and 'value="zeta-institute"' in form
    made = admin.post(
        f"/requests/{outsider.pk}/add/",
        {"slug": "zeta-institute", "name": "Zeta Institute", "oin": "", "kind": "public", "type": "other"},
    )
    assert made.headers["Location"] == "/organisations/zeta-institute/"
    assert "Add its first member" in text(admin.get("/"))
    shown = text(asker.get(partners))
    assert shown.count("Zeta Institute") == 1 and "knowledge partner" in shown


def test_taking_a_request_back(shared, asker):
    by = shared.person("alfa", "innovation_manager")
    outsider = outsiders.ask_outsider(
        use_case=shared.use_case, name="Zeta", email="desk@zeta.example", message="You know.", by=by
    )
    page = f"/use-cases/{shared.use_case.pk}/partners/asked/{outsider.pk}/withdraw/"
    assert asker.post(page).status_code == 302
    assert Outsider.objects.get().state == "withdrawn"
    assert asker.post(page).status_code == 422


def test_pages_before_anything_is_there(asker, shared):
    page = text(asker.get(f"/use-cases/{shared.use_case.pk}/network/"))
    assert "No call was published" in page and "Nobody marked interest yet" in page and "no public summary" in page
    assert "No open calls now" in text(asker.get("/calls/"))
    assert "No public use cases now" in text(Client(headers={"accept-language": "en"}).get("/public/"))
