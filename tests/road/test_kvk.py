"""The worked example, from idea to released table: what three stations computed equals plain Python."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from demo import examples, plain
from demo.kvk import generator
from tests.road.walked import FIELDS, ROAD, Walk, walk


@pytest.fixture(scope="module")
def walked() -> Iterator[Walk]:
    done = walk("--run", "kvk")
    yield done
    shutil.rmtree(done.instance)


def test_it_is_released_and_told_in_full(walked):
    assert walked.code == 0
    assert set(walked.report) == FIELDS
    assert walked.report["states"] == ROAD
    assert walked.report["state"] == ROAD[-1]
    assert walked.report["engine"] == "mpyc"
    assert all(seconds >= 0 for seconds in walked.report["phases"].values())
    assert {"sign", "compute", "release"} <= set(walked.report["phases"])


def test_the_table_equals_plain_python(walked, tmp_path):
    plan = examples.get("kvk").plan(tmp_path, date.today())
    assert {p: len(f.read_text("utf-8").splitlines()) - 1 for p, f in plan.files.items()} == generator.ROWS
    expected = plain.table(plan.specification, plan.files)
    assert walked.report["result"] == expected
    assert 0 < expected["suppressed"] < len(expected["rows"])


def test_the_inputs_are_kept_and_are_what_the_generator_makes(walked, tmp_path):
    made = generator.write(tmp_path)
    for party, file in walked.report["inputs"].items():
        assert Path(file).read_bytes() == made[party].read_bytes()


def test_nothing_else_is_left(walked):
    assert [path.name for path in walked.instance.iterdir()] == ["inputs"]
    assert walked.processes() == []
