"""What was learned: closed use cases with their outcome, for who took part."""

import pytest

from collaborations import actions


@pytest.fixture
def lessons(client, person):
    def opened(key, role="dpo"):
        client.force_login(person(key, role))
        client.cookies["django_language"] = "en"
        return client.get("/lessons/").content.decode()

    return opened


@pytest.fixture
def closed(use_case_at, person):
    return actions.close(
        use_case=use_case_at("authorised"), outcome="A <b>report</b>.", lessons="Talk to the DPO sooner.",
        reached="partly", figure="22 of 40", explanation="Two <i>regions</i> were empty.",
        by=person("alfa", "innovation_manager"),
    )  # fmt: skip


def test_an_empty_page_says_what_will_stand_here(lessons):
    assert "When a use case is closed" in lessons("alfa")


def test_everybody_who_took_part_reads_outcome_and_lessons(closed, lessons):
    for key in ("alfa", "beta", "gamma"):
        text = lessons(key)
        assert "Talk to the DPO sooner." in text
        assert "A &lt;b&gt;report&lt;/b&gt;." in text
        assert f"/use-cases/{closed.pk}/" in text
        assert closed.target in text and "partly reached: 22 of 40" in text
        assert "Two &lt;i&gt;regions&lt;/i&gt; were empty." in text


def test_others_do_not(closed, lessons, organisations, person):
    other = person("gamma", "dpo")
    other.memberships.update(active=False)
    assert "Talk to the DPO sooner." not in lessons("gamma")


def test_what_is_not_closed_is_not_here(use_case_at, lessons):
    use_case = use_case_at("proposed")
    assert use_case.title not in lessons("alfa")


def test_visitors_log_in_first(client, db):
    assert client.get("/lessons/").url.startswith("/log-in/")
