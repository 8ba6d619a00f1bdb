"""Your own data: the rossi data set, whose table by the specification file equals plain pandas."""

from datetime import date

from demo import own_data, plain
from tests.road import rossi


def test_the_plain_table_equals_pandas(tmp_path):
    plan = own_data.read(rossi.write(tmp_path), today=date(2026, 3, 2))
    table = plain.table(plan.specification, plan.files)
    assert table["columns"] == ["race", "wexp", "count"]
    assert table["rows"] == rossi.expected()
    assert 0 < table["suppressed"] < len(table["rows"])
