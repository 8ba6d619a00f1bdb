"""The invented requests of the access example: sizes as stated, the same every time, and something to find."""

from datetime import date
from pathlib import Path

import pytest

from demo import examples, plain
from demo.access import generator
from demo.own_data import Plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return examples.get("access").plan(tmp_path_factory.mktemp("access"), date(2026, 3, 3))


def test_sizes_are_those_of_the_example_and_the_seed_decides(plan: Plan, tmp_path: Path) -> None:
    for name, rows in generator.ROWS.items():
        lines = plan.files[name].read_text().splitlines()
        place = 1 if name == "justid" else 0
        assert len(lines) == rows + 1
        assert len({line.split(",")[place] for line in lines}) == rows + 1, "nobody stands there twice"
    assert generator.write(tmp_path)["body-b"].read_bytes() == plan.files["body-b"].read_bytes()


def test_the_asker_and_two_bodies_compute_and_the_list_has_one_recipient(plan: Plan) -> None:
    spec = plan.specification
    assert spec.with_role("computing_party") == ["justid", "body-a", "body-b"]
    assert [(o.kind, o.recipients) for o in spec.outputs][1] == ("record_list", ["justid"])


def test_some_is_found_and_some_not(plan: Plan) -> None:
    values = plain.values(plan.specification, plan.files)
    counts = values["service_statistics"]
    assert len(counts) == 4 and sum(count > 0 for count in counts) >= 3
