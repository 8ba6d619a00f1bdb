"""The number of common dummies: truncated discrete Laplace, exactly as private as is said."""

from fractions import Fraction

from station.alignment.keystream import Keystream
from station.alignment.noise import DUMMIES, EPSILON, common_dummies, weights
from station.analyses import get
from tests.station.engine.questions import Question, debts, register

FACTOR = Fraction(str(EPSILON.exp()))


def chances():
    total = sum(weights())
    return [Fraction(weight, total) for weight in weights()]


def test_one_person_more_or_less_is_hidden():
    """(epsilon, delta) by the definition: over all sets of outcomes, for a count one higher and one lower."""
    here = chances()
    for there in ([Fraction(0), *here], [*here[1:], Fraction(0)]):
        padded = [*here, Fraction(0)] if len(there) > len(here) else here
        assert sum(max(Fraction(0), p - FACTOR * q) for p, q in zip(padded, there, strict=True)) < Fraction(1, 2**40)
        assert sum(max(Fraction(0), q - FACTOR * p) for p, q in zip(padded, there, strict=True)) < Fraction(1, 2**40)


def test_it_is_the_epsilon_that_the_contract_names():
    two = {"alpha": register({"Ede": 1}), "beta": debts([1])}
    leaks = get("grouped_counts").leakage(Question("alpha", two, ["place"]).specification)
    assert f"epsilon {EPSILON};" in leaks[-1].bound.en
    assert f"epsilon {str(EPSILON).replace('.', ',')};" in leaks[-1].bound.nl


def test_the_middle_is_likeliest_and_both_sides_alike():
    assert len(weights()) == DUMMIES + 1
    assert max(weights()) == weights()[DUMMIES // 2]
    assert weights() == weights()[::-1]


def test_drawn_as_often_as_the_weights_say():
    stream, times = Keystream.labelled(b"k" * 32, "dummies"), 3_000
    drawn = [common_dummies(stream) for _ in range(times)]
    assert min(drawn) >= 0
    assert max(drawn) <= DUMMIES
    chance = sum(chances()[DUMMIES // 2 - 10 : DUMMIES // 2 + 11])
    near = sum(abs(n - DUMMIES // 2) <= 10 for n in drawn)
    assert abs(near / times - chance) < 0.05
