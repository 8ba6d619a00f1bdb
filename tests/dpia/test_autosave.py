"""Saving while somebody types: no state changes, no text is lost, and it costs little."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from dpia import actions
from dpia.autosave import _ids
from dpia.checking import LONGEST, checked
from dpia.models import Answer, EarlierAnswer
from dpia.template import Question
from tests.dpia.pages import Pages, text
from tests.dpia.people import RISK, refused

LAW = "lawfulness"


@pytest.fixture
def pages(pages: Pages) -> Pages:
    return pages.at("draft")


class Typist:
    """A page of a point in a browser: it knows what stood there, and posts what changes."""

    def __init__(self, pages: Pages, key: str, point: str = LAW) -> None:
        self.pages, self.key, self.point = pages, key, point
        self.form = pages.opened(key, "drafter", point)
        self.url = pages.url("autosave", point)

    def types(self, **changes: Any) -> dict[str, Any]:
        self.pages.login(self.key, "drafter")
        return self.goes_on(**changes)

    def goes_on(self, **changes: Any) -> dict[str, Any]:
        names = {name.replace("__", "-"): value for name, value in changes.items()}
        for question in {name.split("-")[0] for name in names} - {"seen", "asked", "here"}:
            names.setdefault(f"seen-{question}", self.form[f"seen-{question}"])
        response = self.pages.client.post(self.url, names)
        assert response.status_code == 200, response.content
        for question, one in response.json().get("questions", {}).items():
            if one["state"] == "saved":
                self.form[f"seen-{question}"] = one["seen"]
        return dict(response.json())


@pytest.fixture
def alfa(pages: Pages) -> Typist:
    return Typist(pages, "alfa")


def answered() -> int:
    return Event.objects.filter(type="assessment.answered").count()


def test_every_pause_saves_and_the_state_stays(alfa: Typist, pages: Pages):
    for words in ("F", "Fe", "Few", "Fewer", "Few"):
        told = alfa.types(necessity=words)["questions"]["necessity"]
        assert told["state"] == "saved"
        assert "Saved at" in told["said"]
        assert pages.value("necessity") == words
    assert pages.now.state == "draft"


def test_one_sitting_is_one_event_and_one_earlier_answer(alfa: Typist):
    before = answered()
    Answer.objects.filter(question="necessity").update(at=timezone.now() - timedelta(hours=1))
    for words in ("One", "One two", "One two three"):
        alfa.types(necessity=words)
    assert answered() == before + 1
    assert [one.value for one in EarlierAnswer.objects.all()] == ["Example answer to necessity"]


def test_the_next_sitting_keeps_what_the_first_left(alfa: Typist):
    alfa.types(necessity="Morning")
    Answer.objects.filter(question="necessity").update(at=timezone.now() - timedelta(hours=1))
    alfa.types(necessity="Afternoon")
    assert EarlierAnswer.objects.filter(value="Morning", why="replaced").count() == 1


def test_somebody_elses_words_are_kept_when_they_are_replaced(alfa: Typist, pages: Pages):
    Typist(pages, "beta").types(necessity="Of beta")
    Typist(pages, "alfa").types(necessity="Of alfa")
    page = text(pages.get("gamma", "drafter", "earlier", LAW))
    for words in ("Of beta", "Drafter Beta", "Replaced on"):
        assert words in page


def test_a_conflict_shows_theirs_and_keeps_both(alfa: Typist, pages: Pages):
    Typist(pages, "beta").types(necessity="Of beta")
    told = alfa.types(necessity="Of alfa")["questions"]["necessity"]
    assert told["state"] == "changed"
    for words in ("Of beta", "Drafter Beta", 'data-choose="mine"'):
        assert words in told["theirs"]
    assert pages.value("necessity") == "Of beta"
    assert EarlierAnswer.objects.get(why="aside").value == "Of alfa"
    chosen = alfa.types(**{"necessity": "Of alfa", "seen-necessity": told["seen"]})["questions"]["necessity"]
    assert (chosen["state"], pages.value("necessity")) == ("saved", "Of alfa")
    assert EarlierAnswer.objects.filter(value="Of beta", why="replaced").exists()


def test_the_same_text_is_set_aside_once(alfa: Typist, pages: Pages):
    Typist(pages, "beta").types(necessity="Of beta")
    for _time in range(3):
        alfa.types(necessity="Of alfa")
    assert EarlierAnswer.objects.filter(why="aside").count() == 1


def test_what_was_handed_over_meanwhile_stays_and_the_words_are_kept(alfa: Typist, pages: Pages, cast):
    cast.submit(pages.now)
    told = alfa.types(necessity="Too late")["questions"]["necessity"]
    assert told["state"] == "refused"
    assert "This cannot be done now" in told["said"]
    assert pages.value("necessity") == "Example answer to necessity"
    assert EarlierAnswer.objects.get(why="aside").value == "Too late"


def test_one_refused_answer_does_not_hold_back_another(alfa: Typist, pages: Pages):
    told = alfa.types(necessity="x" * (LONGEST + 1), own_task="Short")["questions"]
    assert (told["necessity"]["state"], told["own_task"]["state"]) == ("refused", "saved")
    assert "at most 20000 characters" in told["necessity"]["said"].replace(",", "")
    assert pages.value("own_task", "alfa") == "Short"


def test_an_earlier_answer_never_changes(alfa: Typist, pages: Pages):
    Typist(pages, "beta").types(necessity="Of beta")
    alfa.types(necessity="Of alfa")
    kept = EarlierAnswer.objects.get(why="aside")
    for act in (kept.delete, lambda: EarlierAnswer.objects.update(value="x")):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            act()


def test_a_row_tells_its_level_at_once_and_the_highest_risk_follows(pages: Pages):
    page = Typist(pages, "alfa", "risks_measures")
    cells = {f"risks-0-{name}": value for name, value in RISK.items()}
    after = {"risks-0-likelihood_after": "high", "risks-0-impact_after": "high"}
    told = page.types(**{"risks-rows": "1"}, **cells | after)
    assert "high" in told["questions"]["risks"]["levels"][0]
    assert "high" in told["computed"]["risk_after"]
    assert told["other_questions"] is False


def test_a_new_row_keeps_its_id_while_it_is_typed():
    label = {"nl": "x", "en": "x"}
    columns = [{"id": name, "label": label} for name in ("risk", "likelihood", "impact")]
    question = Question.model_validate({"id": "risks", "type": "risk_table", "label": label, "columns": columns})
    typed = [{"risk": "A"}, {"risk": " "}, {"risk": "B", "id": "r1"}]
    first, none, second = _ids(question, typed, checked(question, typed))
    assert (len(first), none, second) == (9, "", "r1")
    assert checked(question, [{"risk": "A longer", "id": first}])[0]["id"] == first


def test_an_answer_that_brings_up_a_question_says_so_and_counts_it(pages: Pages, alfa: Typist):
    told = alfa.types(rights=["exception"], asked=alfa.form["asked"])
    assert told["other_questions"] is True
    assert "6 of 7" in told["progress"]


def test_who_else_is_here(pages: Pages, alfa: Typist):
    Typist(pages, "beta").types(here="necessity")
    told = alfa.types(here="")
    assert "Drafter Beta is here as well, at: Why can the purpose" in told["others"]
    pages.now.presences.update(at=timezone.now() - timedelta(minutes=2))
    assert "Beta" not in alfa.types(here="")["others"]


def test_a_locked_answer_or_another_point_is_left_alone(pages: Pages):
    page = Typist(pages, "alfa", "facts")
    page.form |= {"seen-specification": "x", "seen-necessity": "x"}
    assert page.types(specification="mine", necessity="elsewhere")["questions"] == {}


def test_setting_aside_asks_the_same_rights(pages: Pages, person):
    mine = {"assessment": pages.now, "by": person("alfa", "drafter")}
    with refused("answer.whose"):
        actions.keep_aside(question="own_task", value="x", **mine)
    with pytest.raises(PermissionDenied):
        actions.keep_aside(question="necessity", value="x", **mine | {"by": person("alfa", "dpo")})
    assert actions.keep_aside(question="necessity", value="", **mine) is None


def test_a_save_with_the_button_keeps_both_texts_as_well(pages: Pages):
    form = pages.opened("alfa", "drafter", LAW)
    Typist(pages, "beta").types(necessity="Of beta")
    assert pages.save("alfa", "drafter", LAW, form, necessity="Of alfa").status_code == 422
    assert EarlierAnswer.objects.get(why="aside").value == "Of alfa"


def test_opening_a_point_and_saving_a_word_ask_the_database_little(pages: Pages, alfa: Typist):
    alfa.types(necessity="A")
    alfa.url, page = pages.url("autosave", LAW), pages.url("point", LAW)
    for ask, most in ((lambda: pages.client.get(page), 10), (lambda: alfa.goes_on(necessity="AB"), 9)):
        with CaptureQueriesContext(connection) as asked:
            ask()
        found = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
        assert len(found) <= most, "\n".join(found)
