"""How far measures are, told beside the DPIA, and whose turn it is when a date has passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborations.turns import waiting
from dpia import actions
from dpia.measures import followed, measure_turns
from dpia.models import Answer, Assessment
from station.contract.canonical import digest
from tests.dpia.full import THRESHOLD, TRAINING
from tests.dpia.pages import Pages, text
from tests.dpia.people import Cast, again, refused

DUE = timezone.localdate() + timedelta(days=5)
LATER = DUE + timedelta(days=40)


@pytest.fixture
def cast(full_once: Cast, db: None) -> Cast:
    return full_once


@pytest.fixture
def adopted(cast: Cast) -> Assessment:
    """With a training that beta sees to by ``DUE``."""
    rows = [THRESHOLD, TRAINING | {"due": DUE.isoformat()}]
    drafter = cast.person("alfa", "drafter")
    actions.answer(assessment=again(cast.assessment), question="measures", value=rows, by=drafter)
    return cast.at("adopted")


def tell(assessment: Assessment, cast: Cast, state: str = "implemented", **more):
    told = {"measure": "training", "text": "Held", "by": cast.person("beta", "privacy_officer")} | more
    return actions.report_measure(assessment=again(assessment), state=state, **told)


def of(assessment: Assessment, number: int = 2):
    return followed(again(assessment))[number - 1]


def test_what_is_told_stands_beside_an_adopted_dpia_and_changes_nothing_in_it(adopted, cast):
    before = digest(adopted.document())
    assert (of(adopted).state, of(adopted).organisation) == ("planned", "beta")
    tell(adopted, cast)
    assert (of(adopted).state, [note.text for note in of(adopted).notes]) == ("implemented", ["Held"])
    assert digest(again(adopted).document()) == before
    note = of(adopted).notes[0]
    note.text = "Something else"
    with pytest.raises(IntegrityError), transaction.atomic():
        note.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        note.delete()


def test_only_the_organisation_that_sees_to_it_tells_it(adopted, cast):
    for key, role in (("alfa", "drafter"), ("beta", "dpo")):
        with pytest.raises(PermissionDenied):
            tell(adopted, cast, by=cast.person(key, role))
    tell(adopted, cast, by=cast.person("beta", "drafter"))


def test_what_makes_no_sense_is_refused(adopted, cast):
    with refused("measure.gone"):
        tell(adopted, cast, measure="nothing")
    with refused("measure.state"):
        tell(adopted, cast, state="wonderful")
    with refused("measure.text"):
        tell(adopted, cast, text=" ")
    with refused("measure.date_past"):
        tell(adopted, cast, state="planned", due=timezone.localdate() - timedelta(days=1))


def test_a_measure_that_the_specification_contradicts_is_not_in_place(cast):
    drafter = cast.person("alfa", "drafter")
    rows = [THRESHOLD | {"bound": "500", "state": "planned"}]
    actions.answer(assessment=again(cast.assessment), question="measures", value=rows, by=drafter)
    with refused("assessment.measure_fails"):
        tell(cast.assessment, cast, measure="k", by=drafter)


def test_a_passed_date_is_the_turn_of_who_sees_to_it_until_something_is_told(adopted, cast):
    assert list(measure_turns(again(adopted), DUE)) == []
    late = DUE + timedelta(days=1)
    turn = next(measure_turns(again(adopted), late))
    assert (turn.code, turn.who, turn.permission, turn.deadline) == (
        "turn.measures_overdue", "beta", "draft_assessment", DUE,
    )  # fmt: skip
    shown = [one for one in waiting(again(adopted).use_case, late) if one.code == "turn.measures_overdue"]
    assert shown[0].url.endswith("/assessment/measures/") and "1 measures" in shown[0].text("en")
    tell(adopted, cast, state="planned", due=LATER)
    assert list(measure_turns(again(adopted), late)) == []
    assert list(measure_turns(again(adopted), LATER + timedelta(days=1)))
    tell(adopted, cast)
    assert list(measure_turns(again(adopted), LATER + timedelta(days=1))) == []


def test_a_newer_answer_counts_again(adopted, cast):
    tell(adopted, cast, state="rejected")
    Answer.objects.filter(assessment=adopted, question="measures").update(at=timezone.now() + timedelta(seconds=1))
    assert of(adopted).state == "planned"


def test_the_pages_show_all_of_it(adopted, cast, client):
    pages = Pages(client, cast)
    listed = text(pages.get("gamma", "dpo", "measures"))
    for words in ("2. A training", "Beta, Functional administrator", "The smallest group is 10 people"):
        assert words in listed
    assert "Tell how far it is" not in listed
    mine = text(pages.get("beta", "drafter", "measures"))
    assert mine.count("Tell how far it is") == 1
    assert pages.get("alfa", "drafter", "measure", "training").status_code == 403
    assert pages.get("beta", "drafter", "measure", "nothing").status_code == 404
    wrong = pages.post("beta", "drafter", "measure", "training", state="planned", text="Later", due="2020-01-01")
    assert wrong.status_code in (409, 422) and "has passed" in text(wrong)
    done = pages.post("beta", "drafter", "measure", "training", state="implemented", text="Held in November")
    assert done.status_code == 302
    assert "Held in November" in text(pages.get("gamma", "dpo", "measures"))
