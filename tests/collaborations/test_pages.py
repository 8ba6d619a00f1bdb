"""The pages of a use case, as people of its partners and as strangers see them."""

from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from audit.sentences import told
from collaborations import actions, kept
from collaborations.models import Collaboration, Partner, UseCase
from collaborations.views.access import TABS
from discussion.models import Comment

EVIL = "<script>alert('x')</script> {{ 7|add:7 }} ' OR 1=1 --"


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing is remembered from another test's database."""
    cache.clear()


@pytest.fixture
def at(client, person):
    """A client of whoever plays a role at an organisation, English speaking."""

    def logged_in(key="alfa", role="innovation_manager"):
        client.force_login(person(key, role))
        client.cookies["django_language"] = "en"
        return client

    return logged_in


def page(answer):
    return unescape(answer.content.decode())


def url(name, use_case, *more):
    return reverse(f"collaborations:{name}", args=[use_case.pk, *more])


def partner(use_case, key):
    return use_case.partners.get(organisation__slug=key)


# The list


def test_the_list_shows_own_use_cases_and_can_be_filtered(use_case_at, at):
    use_case_at("proposed")
    text = page(at().get("/use-cases/"))
    assert "1 use case" in text
    assert "verzonnen" in text
    assert "verzonnen" in page(at("beta").get("/use-cases/?state=proposed"))
    assert "No use case found" in page(at("beta").get("/use-cases/?state=closed"))


def test_an_unknown_state_or_page_is_no_error(use_case_at, at):
    use_case_at("proposed")
    assert "verzonnen" in page(at().get("/use-cases/?state=nonsense&page=nonsense"))


@pytest.mark.parametrize(
    ("role", "words"), [("innovation_manager", "Write down the question"), ("dpo", "An innovation manager of your")]
)
def test_an_empty_list_says_what_to_do(at, role, words):
    assert words in page(at(role=role).get("/use-cases/"))


def test_sixty_use_cases_take_as_many_queries_as_three(at, person, organisations, django_assert_max_num_queries):
    counts = []
    client, by = at(), person("alfa", "innovation_manager")
    client.get("/use-cases/")  # what can be chosen is remembered for a minute
    for number in (3, 57):
        _many(number, organisations, by)
        kept.keep_all()
        with django_assert_max_num_queries(12) as captured:
            assert client.get("/use-cases/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert UseCase.objects.count() == 60


def test_a_long_list_is_paged_and_the_filter_stays(at, person, organisations):
    _many(120, organisations, person("alfa", "innovation_manager"))
    first = page(at().get("/use-cases/?state=exploring"))
    assert "Page 1 of 5" in first
    assert "?state=exploring&page=2" in first
    assert "Page 5 of 5" in page(at().get("/use-cases/?state=exploring&page=99"))


def _many(number, organisations, by):
    for _each in range(number):
        use_case = UseCase.objects.create(
            collaboration=Collaboration.objects.create(name="Invented"), proposer=organisations["alfa"],
            title="Invented", summary="Invented", state="exploring", proposed_by=by,
        )  # fmt: skip
        Partner.objects.create(
            use_case=use_case, organisation=organisations["alfa"], capacity="controller", state="joined"
        )


# A new use case


def test_proposing_by_forms_from_draft_to_exploring(at, organisations):
    client = at()
    plan = dict.fromkeys(("title", "summary", "helped", "value", "indicator", "baseline", "target"), "Invented")
    answer = client.post("/use-cases/new/", plan | {"theme": "poverty", "measure_on": "2030-01-01"})
    use_case = UseCase.objects.get()
    assert answer.url == url("partners", use_case)
    assert "No other organisation yet" in page(client.get(answer.url))
    invitation = {"organisation": "beta", "capacity": "processor"}
    assert client.post(url("partner_invite", use_case), invitation).status_code == 302
    assert client.post(url("use_case_step", use_case, "submit")).status_code == 302
    assert client.get(url("use_case", use_case)).status_code == 200
    beta = at("beta")
    assert "accepts or declines" in page(beta.get(url("use_case", use_case)))
    accept = url("partner_step", use_case, partner(use_case, "beta").pk, "accept")
    assert beta.post(accept).status_code == 302
    use_case.refresh_from_db()
    assert (use_case.state, partner(use_case, "beta").capacity) == ("exploring", "processor")


def test_a_long_summary_gets_a_sentence_and_keeps_what_was_written(at):
    answer = at().post("/use-cases/new/", {"title": "Kept title", "summary": "x" * 11_000})
    assert answer.status_code == 422
    assert "10000" in page(answer)
    assert 'value="Kept title"' in page(answer)
    assert not UseCase.objects.exists()


def test_white_space_is_nothing(at):
    answer = at().post("/use-cases/new/", {"title": "   ", "summary": " \n"})
    assert answer.status_code == 422
    assert not UseCase.objects.exists()


def test_nobody_proposes_for_an_organisation_of_others(at, organisations):
    answer = at().post("/use-cases/new/", {"title": "T", "summary": "S", "organisation": "beta"})
    assert answer.status_code == 302
    assert UseCase.objects.get().proposer == organisations["alfa"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_propose_gets_403(at, method):
    assert getattr(at(role="dpo"), method)("/use-cases/new/").status_code == 403


def test_what_people_write_is_shown_as_text(use_case_at, at, person):
    use_case = use_case_at("proposed")
    by = person("alfa", "innovation_manager")
    actions.edit_use_case(use_case=use_case, title=EVIL, summary=EVIL, theme=EVIL, by=by)
    for name in ("use_case", "partners", "timeline", "discussion"):
        raw = at().get(url(name, use_case)).content.decode()
        assert "<script>alert" not in raw, name
        assert "&lt;script&gt;" in raw
    assert "<script>alert" not in at().get("/use-cases/").content.decode()


# Who sees what


@pytest.mark.parametrize("name", ["use_case", "use_case_edit", "partners", "partner_invite", "timeline", "discussion"])
def test_strangers_get_404_and_visitors_the_log_in_page(use_case_at, at, client, name):
    use_case = use_case_at("exploring")
    address = url(name, use_case)
    assert client.get(address).url.startswith("/log-in/")
    Organisation.objects.filter(slug="gamma").update(state="suspended")
    assert at("gamma").get(address).status_code == 404


@pytest.mark.parametrize("name", ["use_case_edit", "partner_invite"])
def test_members_without_the_right_get_403(use_case_at, at, name):
    use_case = use_case_at("exploring")
    for key, role in (("alfa", "dpo"), ("beta", "innovation_manager")):
        assert at(key, role).get(url(name, use_case)).status_code == 403
        assert at(key, role).post(url(name, use_case), {"title": "X", "summary": "Y"}).status_code == 403


def test_steps_of_others_and_steps_that_do_not_exist(use_case_at, at):
    use_case = use_case_at("proposed")
    assert at("beta").post(url("use_case_step", use_case, "withdraw"), {"reason": "X"}).status_code == 403
    assert at().get(url("use_case_step", use_case, "explore")).status_code == 404
    own = partner(use_case, "beta").pk
    assert at().post(url("partner_step", use_case, own, "accept")).status_code == 403
    assert at("beta").get(url("partner_step", use_case, own, "invite_again")).status_code == 404
    assert at("beta").get(url("partner_step", use_case, own + 999, "accept")).status_code == 404


def test_the_partner_of_another_use_case_is_not_found_here(use_case_at, at, organisations, person):
    use_case = use_case_at("proposed")
    by = person("alfa", "innovation_manager")
    other = actions.propose(organisation=organisations["alfa"], title="Other", summary="Other", by=by)
    elsewhere = actions.invite_partner(use_case=other, organisation=organisations["beta"], by=by)
    assert at("beta").post(url("partner_step", use_case, elsewhere.pk, "accept")).status_code == 404


@pytest.mark.parametrize("state", ["draft", "exploring", "assessing", "closed"])
def test_each_page_of_the_frame_opens_in_each_state(use_case_at, at, state):
    use_case = use_case_at(state)
    client = at()
    assert f'aria-current="page">{TABS[0][2]}' in page(client.get(url("use_case", use_case)))
    for name in ("use_case", "partners", "timeline", "discussion"):
        assert client.get(url(name, use_case)).status_code == 200


# Whose turn, and what can be done


def test_the_page_says_whose_turn_it_is_since_when_and_where(use_case_at, at):
    use_case = use_case_at("proposed")
    text = page(at("gamma", "dpo").get(url("use_case", use_case)))
    assert text.count("accepts or declines the invitation") == 2
    assert url("partners", use_case) in text
    assert "since" in text


def test_what_stands_in_the_way_is_said_before_the_button(use_case_at, at):
    text = page(at().get(url("use_case", use_case_at("joined"))))
    assert "Start the assessment: not possible yet" in text
    assert "There is no specification yet." in text


def test_forcing_a_step_that_is_not_possible_says_why(use_case_at, at):
    use_case = use_case_at("joined")
    answer = at().post(url("use_case_step", use_case, "start-assessing"), {"template": "nl-dpia-pet"})
    assert answer.status_code == 422
    assert "There is no specification yet." in page(answer)


@pytest.mark.parametrize("name", ["reject", "withdraw", "hold"])
def test_what_cannot_be_undone_is_asked_first(use_case_at, at, name):
    use_case = use_case_at("exploring")
    client = at()
    asked = page(client.get(url("use_case_step", use_case, name)))
    assert ("cannot be reopened" in asked) == (name != "hold")
    assert UseCase.objects.get(pk=use_case.pk).state == "exploring"
    without = client.post(url("use_case_step", use_case, name), {"reason": " "})
    assert (without.status_code, UseCase.objects.get(pk=use_case.pk).state) == (422, "exploring")
    client.post(url("use_case_step", use_case, name), {"reason": "No money left."})
    assert UseCase.objects.get(pk=use_case.pk).state != "exploring"
    assert "No money left." in page(client.get(url("use_case", use_case)))


def test_closing_by_the_form(use_case_at, at):
    use_case = use_case_at("authorised")
    client = at()
    assert "Close the use case" in page(client.get(url("use_case", use_case)))
    outcome = {"outcome": "A report.", "lessons": "Talk sooner.", "evaluate_on": "2099-01-01"}
    refused = client.post(url("use_case_step", use_case, "close"), outcome)
    assert refused.status_code == 422 and "whether the aim of the plan was reached" in page(refused)
    assert use_case.target in page(refused)
    outcome |= {"reached": "not", "figure": "3", "explanation": "Nobody used it."}
    assert client.post(url("use_case_step", use_case, "close"), outcome).status_code == 302
    assert "Talk sooner." in page(client.get(url("use_case", use_case)))


def test_declining_needs_a_reason_and_then_the_use_case_is_gone(use_case_at, at):
    use_case = use_case_at("proposed")
    client, address = at("beta"), url("partner_step", use_case, partner(use_case, "beta").pk, "decline")
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "No time."}).url == "/use-cases/"
    assert client.get(url("use_case", use_case)).status_code == 404
    assert "No time." in page(at().get(url("partners", use_case)))


def test_an_invitation_is_not_offered_nor_taken_twice(use_case_at, at):
    use_case = use_case_at("proposed")
    client = at()
    Organisation.objects.create(slug="delta", name="Delta")
    form = page(client.get(url("partner_invite", use_case)))
    assert "Delta" in form
    assert "Beta" not in form
    answer = client.post(url("partner_invite", use_case), {"organisation": "beta", "capacity": "processor"})
    assert answer.status_code == 422
    assert use_case.partners.filter(organisation__slug="beta").count() == 1


# Timeline


def test_the_timeline_tells_everything_newest_first(use_case_at, at):
    use_case = use_case_at("authorised")
    client = at("gamma", "dpo")
    text = page(client.get(url("timeline", use_case))) + page(client.get(url("timeline", use_case) + "?page=2"))
    assert "The use case is authorised: it may be computed." in text
    assert "Alfa wrote down the use case as a draft." in text
    assert text.index("The use case is authorised") < text.index("Alfa invited Beta.")
    assert "Innovation Manager Alfa, Alfa" in text
    entries = told(Event.objects.timeline(use_case), language="en", names={})
    assert len(entries) > 40
    assert [entry.sentence for entry in entries if "?" in entry.sentence] == []


def test_the_timeline_in_dutch(use_case_at, at):
    client = at("beta")
    client.cookies["django_language"] = "nl"
    assert "Alfa nodigde Beta uit." in page(client.get(url("timeline", use_case_at("proposed"))))


def test_the_timeline_takes_as_many_queries_for_many_events(use_case_at, at, django_assert_max_num_queries):
    client = at()
    few = url("timeline", use_case_at("draft"))
    with django_assert_max_num_queries(20) as captured:
        client.get(few)
    many = url("timeline", use_case_at("assessing"))
    with django_assert_max_num_queries(len(captured) + 1):  # the template of its DPIA
        client.get(many)
    assert Event.objects.count() > 10


# Discussion


def test_partners_talk_and_notes_stay_at_home(use_case_at, at):
    use_case = use_case_at("exploring")
    address = url("discussion", use_case)
    assert "Nothing is open." in page(at("beta", "dpo").get(address))
    at("beta", "dpo").post(address, {"text": "A question for all.", "readers": "all"})
    at("beta", "dpo").post(address, {"text": "Between us.", "readers": "own"})
    colleague, other = page(at("beta", "drafter").get(address)), page(at("gamma", "drafter").get(address))
    assert "A question for all." in colleague
    assert "A question for all." in other
    assert "Between us." in colleague
    assert "only within Beta" in colleague
    assert "Between us." not in other
    timeline = page(at("gamma", "drafter").get(url("timeline", use_case)))
    assert timeline.count("Beta placed a comment.") == 1


def test_who_changed_jobs_reads_no_notes_of_the_old_organisation(use_case_at, at, person, organisations):
    use_case = use_case_at("exploring")
    at("beta").post(url("discussion", use_case), {"text": "Between us.", "readers": "own"})
    mover = person("beta", "innovation_manager")
    mover.memberships.update(active=False)
    mover.memberships.create(organisation=organisations["gamma"])
    assert "Between us." not in page(at("beta").get(url("discussion", use_case)))


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_comment_gets_a_sentence(use_case_at, at, text):
    use_case = use_case_at("proposed")
    answer = at().post(url("discussion", use_case), {"text": text, "readers": "all"})
    assert answer.status_code == 422
    assert 'role="alert"' in page(answer)
    assert not Comment.objects.exists()


def test_nobody_speaks_for_another_organisation(use_case_at, at):
    use_case = use_case_at("proposed")
    at("beta").post(url("discussion", use_case), {"text": "Hello", "readers": "all", "organisation": "alfa"})
    assert Comment.objects.get().organisation.slug == "beta"


# The same form twice


def test_a_double_click_proposes_once_and_leads_back_to_the_form(at):
    client, form = at(), {"title": "Once", "summary": "Why", "csrfmiddlewaretoken": "same"}
    assert client.post("/use-cases/new/", form).status_code == 302
    again = client.post("/use-cases/new/", form, headers={"referer": "http://testserver/use-cases/new/"})
    assert again.url == "http://testserver/use-cases/new/"
    assert UseCase.objects.count() == 1
    assert "It was handled once." in page(client.get(again.url))


def test_the_way_back_never_leaves_the_site(at):
    client, form = at(), {"title": "Once", "summary": "Why", "csrfmiddlewaretoken": "same"}
    client.post("/use-cases/new/", form)
    assert client.post("/use-cases/new/", form, headers={"referer": "https://elsewhere.example/"}).url == "/"


def test_what_was_not_accepted_may_be_sent_again(at):
    client, form = at(), {"title": "x" * 201, "summary": "Why", "csrfmiddlewaretoken": "same"}
    assert [client.post("/use-cases/new/", form).status_code for _each in range(2)] == [422, 422]


@pytest.mark.parametrize(
    ("given", "status", "key"),
    [
        ({"template": "nl-dpia-pet"}, 302, "nl-dpia-pet"),
        ({}, 422, None),
        ({"template": "nl-dpia-pet-core"}, 302, "nl-dpia-pet-core"),
        ({"template": "nl-dpia-light"}, 422, None),  # for trials on synthetic data
        ({"template": "x"}, 422, None),
    ],
)
def test_the_dpia_is_made_on_the_template_that_was_chosen(use_case_at, at, given, status, key):
    use_case = use_case_at("exploring")
    assert at().post(url("use_case_step", use_case, "start-assessing"), given).status_code == status
    use_case.refresh_from_db()
    assert (use_case.assessment and use_case.assessment.template.key) == key
