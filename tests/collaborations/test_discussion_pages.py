"""The pages on which partners talk: about the use case, a question of the DPIA and a legal basis."""

from html import unescape

import pytest
from django.urls import reverse

from discussion.models import Comment, Mention

EVIL = "<script>alert('x')</script> {{ 7|add:7 }}"


@pytest.fixture
def use_case(use_case_at):
    return use_case_at("based")


@pytest.fixture
def at(client, person):
    def logged_in(key="alfa", role="innovation_manager"):
        client.force_login(person(key, role))
        client.cookies["django_language"] = "en"
        return client

    return logged_in


def url(name, use_case, *more):
    return reverse(f"collaborations:{name}", args=[use_case.pk, *more])


def page(answer):
    return unescape(answer.content.decode())


def basis_of(use_case, key):
    return use_case.partners.get(organisation__slug=key).bases.first()


def test_an_at_sign_without_a_whole_name_is_told(at, use_case):
    page = reverse("collaborations:discussion", args=[use_case.pk])
    answer = at().post(page, {"text": "@Nobody look here", "readers": "all"}, follow=True)
    assert "nobody is called @Nobody here" in answer.content.decode()


def test_a_thread_from_question_to_resolved_by_two_partners(at, use_case, person):
    spot = url("discussion_place", use_case, "question", "purpose")
    name = person("beta", "dpo").full_name
    answer = at().post(spot, {"text": f"@{name} is this the purpose? {EVIL}", "readers": "all"})
    thread = Comment.objects.get()
    assert answer.url == url("thread", use_case, thread.pk)
    assert (thread.about_type, thread.spot, thread.context_id) == ("dpia.assessment", "purpose", str(use_case.pk))
    point = url("assessment_point", use_case, "lawfulness")
    assert "Discuss this question (1 open)" in page(at().get(point))
    assert Mention.objects.get(seen_at=None).user == person("beta", "dpo")
    shown = at("beta", "dpo").get(url("thread", use_case, thread.pk))
    assert "<script>alert" not in shown.content.decode() and EVIL in page(shown)
    assert not Mention.objects.filter(seen_at=None).exists()
    at("beta", "dpo").post(url("thread", use_case, thread.pk), {"text": "It is."})
    assert "2 comments" in page(at().get(url("discussion", use_case)))
    at("beta", "dpo").post(url("thread_step", use_case, thread.pk, "resolve"))
    assert "Nothing is open." in page(at().get(url("discussion", use_case)))
    assert "It is." in page(at().get(url("discussion", use_case) + "?show=all"))
    again = at("beta", "dpo").post(url("thread_step", use_case, thread.pk, "resolve"))
    assert again.status_code == 409 and "as resolved already" in page(again)


def test_what_is_mine_is_what_i_said_or_was_asked(at, use_case):
    at().post(url("discussion", use_case), {"text": "By alfa.", "readers": "all"})
    at("beta", "dpo").post(url("discussion", use_case), {"text": "By beta.", "readers": "all"})
    shown = page(at().get(url("discussion", use_case) + "?show=mine"))
    assert "By alfa." in shown and "By beta." not in shown


def test_what_is_said_about_a_basis_stays_with_its_later_versions(at, use_case):
    basis = basis_of(use_case, "alfa")
    at("beta").post(url("discussion_place", use_case, "basis", basis.pk), {"text": "Which law?", "readers": "all"})
    basis.pk, basis.version, basis.replaces_id, basis.state = None, 2, basis.pk, "draft"
    basis.save()
    assert "Discuss this legal basis (1 open)" in page(at().get(url("basis", use_case, basis.pk)))
    assert "Which law?" in page(at().get(url("discussion_place", use_case, "basis", basis.pk)))
    assert Comment.objects.get().about_id == str(basis.replaces_id)


def test_a_note_is_not_there_for_others(at, use_case):
    at().post(url("discussion", use_case), {"text": "Between us.", "readers": "own"})
    note = Comment.objects.get()
    assert "Between us." not in page(at("beta").get(url("discussion", use_case) + "?show=all"))
    assert at("beta").get(url("thread", use_case, note.pk)).status_code == 404
    assert at("beta").post(url("thread", use_case, note.pk), {"text": "Hello."}).status_code == 404
    assert at("beta").post(url("thread_step", use_case, note.pk, "resolve")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "key"), [("question", "nothing"), ("basis", "999999"), ("basis", "x"), ("use_case", "1"), ("run", "1")]
)
def test_what_is_not_there_cannot_be_discussed(at, use_case, kind, key):
    assert at().get(f"/use-cases/{use_case.pk}/discussion/{kind}/{key}/").status_code == 404


def test_nothing_is_lost_when_an_answer_is_refused(at, use_case):
    at().post(url("discussion", use_case), {"text": "Hello.", "readers": "all"})
    thread = Comment.objects.get()
    assert at().post(url("thread", use_case, thread.pk), {"text": " "}).status_code == 422
    long = at().post(url("thread", use_case, thread.pk), {"text": "x" * 10_001})
    assert long.status_code == 422 and "x" * 10_001 in page(long)
    assert Comment.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_what_is_said(at, use_case, django_assert_max_num_queries):
    for number in range(25):
        at().post(url("discussion", use_case), {"text": f"Thread {number}", "readers": "all"})
    thread = Comment.objects.first()
    for number in range(5):
        at().post(url("thread", use_case, thread.pk), {"text": f"Answer {number}"})
    client = at()
    client.get(url("discussion", use_case))
    with django_assert_max_num_queries(22):
        client.get(url("discussion", use_case))
