"""Your own data: the rossi data set, whose table by the specification file equals plain pandas."""

import shutil
from datetime import date

import pytest
import yaml

from bin.machine.paths import ROOT
from demo import own_data, plain
from tests.road import rossi
from tests.road.walked import ROAD, walk


def test_the_plain_table_equals_pandas(tmp_path):
    plan = own_data.read(rossi.write(tmp_path), today=date(2026, 3, 2))
    table = plain.table(plan.specification, plan.files)
    assert table["columns"] == ["race", "wexp", "count"]
    assert table["rows"] == rossi.expected()
    assert 0 < table["suppressed"] < len(table["rows"])


def test_the_documentation_asks_the_same_question():
    text = (ROOT / "docs" / "own-data.md").read_text("utf-8").rpartition("```yaml")[2].partition("```")[0]
    assert yaml.safe_load(text) == rossi.QUESTION


@pytest.mark.slow
def test_three_stations_compute_what_pandas_counts(tmp_path):
    walked = walk("--spec", rossi.write(tmp_path))
    assert walked.code == 0
    assert walked.report["states"] == ROAD
    assert walked.report["result"]["columns"] == ["race", "wexp", "count"]
    assert walked.report["result"]["rows"] == rossi.expected()
    assert set(walked.report["inputs"]) == set(rossi.COLUMNS)
    assert walked.processes() == []
    shutil.rmtree(walked.instance)
