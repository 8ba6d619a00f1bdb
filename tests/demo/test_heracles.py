"""The invented patients of the heracles example: as many as stated, the same every time, and a table worth showing."""

from datetime import date
from pathlib import Path

import pytest

from demo import examples
from demo.heracles import generator
from demo.own_data import Plan
from tests.station.engine import open_survival

TODAY = date(2026, 3, 3)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return examples.get("heracles").plan(tmp_path_factory.mktemp("heracles"), TODAY)


def test_sizes_are_those_of_the_example_and_the_seed_decides(plan: Plan, tmp_path: Path) -> None:
    for name, rows in generator.ROWS.items():
        lines = plan.files[name].read_text().splitlines()
        assert len(lines) == rows + 1
        assert len({line.split(",")[0] for line in lines}) == rows + 1
    assert generator.write(tmp_path)["iknl"].read_bytes() == plan.files["iknl"].read_bytes()
    assert generator.write(tmp_path, seed=1)["iknl"].read_bytes() != plan.files["iknl"].read_bytes()


def test_the_helper_gives_nothing_and_computes(plan: Plan) -> None:
    spec = plan.specification
    assert spec.with_role("computing_party") == ["iknl", "hospital", "helper"]
    assert not spec.inputs_of("helper")


def test_treatments_differ_and_late_intervals_are_merged(plan: Plan) -> None:
    spec = plan.specification
    curves, test = (open_survival.table(spec, output, plan.files)["rows"] for output in spec.outputs)
    lengths = {row[2] - row[1] for row in curves if row[3] is not None}
    assert 3 in lengths and max(lengths) > 3
    assert 0 < float(test[-1][1]) < 0.05
