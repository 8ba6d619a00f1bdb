"""The engine spu: a station without it says so; with it (``--slow``), regression comes near what it should be."""

from __future__ import annotations

import math
import random

import pytest

from station import analyses
from station.engine import available
from station.engine.spu import installed
from station.reasons import Refused
from station.specification import Specification
from tests.station.engine.cases import Case, List, number
from tests.station.engine.questions import number as key

YES_NO = {"kind": "bool"}, "measure"


def study(model: str = "logistic", size: int = 300) -> Case:
    """beta knows age and whether somebody works, gamma what became of them."""
    draw = random.Random(7)
    people, ends = [], []
    for n in range(size):
        age, works = draw.randint(18, 80), draw.random() < 0.5
        height = 0.05 * (age - 45) - 0.9 * works
        happened = draw.random() < 1 / (1 + math.exp(-height))
        people.append([key(n), age, works])
        ends.append([key(n), happened if model == "logistic" else round(50 + 9 * height + draw.gauss(0, 4))])
    return Case("regression", {
        "base": "beta", "model": model, "decimals": 2, "outcome": {"input": "gamma", "column": "end"},
        "predictors": [{"input": "beta", "column": name} for name in ("age", "works")],
    }, {
        "beta": List({"age": number(18, 80), "works": YES_NO}, people, padding=5),
        "gamma": List({"end": YES_NO if model == "logistic" else number(0, 100)}, ends[20:], padding=3),
    }, engine="spu")  # fmt: skip


def lacking(spec: Specification, organisation: str) -> list[str]:
    return [reason.code for reason in available.lacking(spec, organisation)]


def test_a_station_says_that_it_lacks_an_engine(monkeypatch, tmp_path):
    spec = study().specification
    monkeypatch.setenv("NICPET_SPU", str(tmp_path))
    assert available.engines() == ["mpyc"]
    assert lacking(spec, "beta") == ["engine.not_installed"]
    assert lacking(spec.model_copy(update={"engine": "mpyc"}), "beta") == []
    assert lacking(spec, "delta") == []  # who only gives needs none
    with pytest.raises(Refused, match="is not installed"):
        installed.python_or_refused()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    assert available.engines() == ["mpyc", "spu"]


def test_the_reference_of_a_logistic_regression_finds_what_was_put_in():
    case, known, lists = study(size=5_000), analyses.get("regression"), {}
    for name, entry in case.lists.items():
        lists[name] = {str(row[0]): dict(zip(entry.columns, row[1:], strict=True)) for row in entry.rows}
    spec = case.specification
    rows = known.table(spec, spec.outputs[0], known.plain(spec, lists)["table"])["rows"]
    found = {row[0]: float(row[1]) for row in rows}
    assert found["age"] == pytest.approx(0.05, abs=0.011)
    assert found["works"] == pytest.approx(-0.9, abs=0.2)


@pytest.mark.slow
@pytest.mark.skipif(installed.python() is None, reason="bin/setup --engine spu")
@pytest.mark.parametrize("model", ["linear", "logistic"])
def test_regression_on_spu_comes_near(model):
    assert all(study(model).check()["table"])
