"""What one specification lets out more than another."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collaborations.output_rules import looser
from station.specification import Specification
from tests.computations.trial import specification


def with_rules(**disclosure: Any) -> Specification:
    document = copy.deepcopy(specification())
    document["disclosure"] |= disclosure
    return Specification.model_validate(document)


def test_the_same_rules_are_not_looser() -> None:
    assert list(looser(with_rules(), with_rules())) == []


@given(was=st.integers(2, 10_000), now=st.integers(2, 10_000))
def test_a_lower_k_is_looser_and_a_higher_one_is_not(was: int, now: int) -> None:
    assert bool(list(looser(with_rules(k=was), with_rules(k=now)))) == (now < was)


@pytest.mark.parametrize(("was", "now", "finer"), [(0, 5, False), (5, 10, False), (5, 5, False), (5, 3, True),
                                                   (5, 7, True), (5, 0, True)])  # fmt: skip
def test_rounding_may_not_become_finer(was: int, now: int, finer: bool) -> None:
    """Multiples of another base can tell more than those of the adopted one."""
    assert bool(list(looser(with_rules(rounding_base=was), with_rules(rounding_base=now)))) == finer


def test_an_output_that_is_left_out_shows_less() -> None:
    more, fewer = (Specification.model_validate(specification(outputs=number)) for number in (2, 1))
    assert list(looser(more, fewer)) == []
    assert [what["en"] for what in looser(fewer, more)] == ["output table1 is new"]


def test_the_platform_may_not_start_to_show_an_output() -> None:
    hidden, shown = (Specification.model_validate(specification(shown=shown)) for shown in (False, True))
    assert [what["en"] for what in looser(hidden, shown)] == ["output table is shown on the platform"]
    assert list(looser(shown, hidden)) == []
