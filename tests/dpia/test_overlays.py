"""Police and justice: what their acts ask on top is asked when a partner's legal basis falls under them."""

import copy

import pytest

from dpia import overlays
from dpia.models import Template
from dpia.sheet import Sheet
from dpia.template import from_file, read_template
from station.contract.canonical import digest
from station.reasons import Refused
from tests.dpia.people import again
from tests.dpia.test_full_template import FORM
from tests.dpia.test_template import YAML

OF_WPG = {"wpg_task", "wpg_duty", "wpg_rights"}
OF_WJSG = {"wjsg_kind", "wjsg_provision", "wjsg_human"}


def test_the_full_template_holds_what_the_acts_ask():
    assert sorted(FORM.laid_over) == overlays.known()
    assert {question.id for question in FORM.questions()} >= OF_WPG | OF_WJSG


@pytest.mark.parametrize("key", overlays.known())
def test_every_question_of_an_overlay_is_shown_by_its_own_law_only(key):
    laid = overlays.overlay(key)
    for question in (question for added in laid.adds for question in added.questions):
        shown = FORM.question(question.id)
        assert shown.show_if.holds({"regimes": [key]})
        assert not shown.show_if.holds({"regimes": ["gdpr"]})


def test_what_is_stored_is_whole_and_is_laid_over_no_second_time():
    document = FORM.document()
    assert "overlays" not in document
    assert overlays.laid_over(copy.deepcopy(document)) == document


def test_an_unknown_overlay_is_refused_with_its_line():
    with pytest.raises(Refused) as refused:
        read_template(YAML.replace("parts:", "overlays: [navy]\nparts:", 1))
    assert refused.value.reasons[0].text("en") == "Line 6, overlays: no overlay navy."


@pytest.mark.parametrize(("regimes", "asked"), [
    (["gdpr"], set()), (["wpg"], OF_WPG), (["gdpr", "wjsg"], OF_WJSG), (["wpg", "wjsg"], OF_WPG | OF_WJSG),
])  # fmt: skip
def test_a_dossier_asks_them_when_a_partner_recorded_such_a_basis(cast, regimes, asked):
    assessment = again(cast.assessment)
    form = from_file("nl-dpia-pet")
    data = form.document()
    assessment.template = Template(key=form.key, version=form.version, data=data, sha256=digest(data))
    row = {"organisation": "alfa", "row": 1, "purpose": "x", "data_category": "x", "operation": "contribute",
           "ground": "x", "law_id": "x", "article": "1", "valid_to": "2027-01-01"}  # fmt: skip
    assessment.facts.data = assessment.facts.data | {"bases": [{**row, "regime": regime} for regime in regimes]}
    shown = {question.id for question in Sheet(assessment).shown()}
    assert shown & (OF_WPG | OF_WJSG) == asked
