"""The risk level follows from likelihood and impact, and never is less strict than either of two lower neighbours."""

import itertools

import pytest

from dpia.computed import Ground, level_after, level_before, risk_after, risk_before
from dpia.matrices import ORDER, matrices, matrix

RARE_AND_SERIOUS = {"likelihood": "low", "impact": "high"}


def test_here_a_high_impact_is_never_low_and_in_the_form_of_the_government_it_can_be():
    assert {level_before(RARE_AND_SERIOUS | {"likelihood": one}) for one in ORDER} == {"medium", "high"}
    government = Ground(matrix("rijk"))
    assert level_before(RARE_AND_SERIOUS, government) == "low"
    assert risk_before({"risks": [RARE_AND_SERIOUS]}, government) == "low"


@pytest.mark.parametrize("used", matrices().values(), ids=list(matrices()))
@pytest.mark.parametrize(("likelihood", "impact"), list(itertools.product(ORDER, ORDER)))
def test_more_likely_or_worse_is_never_less(used, likelihood, impact):
    here = ORDER.index(used.level(likelihood, impact))
    for other in ORDER[ORDER.index(likelihood) :]:
        assert ORDER.index(used.level(other, impact)) >= here
    for other in ORDER[ORDER.index(impact) :]:
        assert ORDER.index(used.level(likelihood, other)) >= here


@pytest.mark.parametrize("row", [{}, {"likelihood": "low"}, {"impact": "high"}, {"likelihood": "", "impact": "low"}])
def test_half_a_risk_has_no_level(row):
    assert level_before(row) is None


def test_the_highest_risk_counts():
    rows = [{"likelihood": "low", "impact": "low"}, {"likelihood": "high", "impact": "medium"}, {"likelihood": "high"}]
    assert risk_before({"risks": rows}) == "high"


def test_before_and_after_are_apart():
    row = {"likelihood": "high", "impact": "high", "likelihood_after": "low", "impact_after": "low"}
    assert (level_before(row), level_after(row)) == ("high", "low")
    assert (risk_before({"risks": [row]}), risk_after({"risks": [row]})) == ("high", "low")


@pytest.mark.parametrize("answers", [{}, {"risks": None}, {"risks": []}, {"risks": [{}]}])
def test_no_risks_no_level(answers):
    assert risk_before(answers) is None
