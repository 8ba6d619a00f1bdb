"""What was said and frozen stays, whoever reaches the database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.dpia.people import again

ROWS = ["version", "factsdocument", "review", "advice", "adviceitem", "adoption", "template"]
CHANGES = {
    "version": "sha256 = 'x'", "factsdocument": "data = '{}'", "review": "verdict = 'negative'",
    "advice": "text = 'x'", "adviceitem": "text = 'x'", "adoption": "at = now()", "template": "data = '{}'",
}  # fmt: skip


@pytest.fixture
def adopted(cast, at):
    assessment = at("dpo_advice")
    cast.advise(assessment, "conditional", ("Tell people",))
    for step in (cast.respond, cast.propose, cast.adopt):
        step(assessment)
    return again(assessment)


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("table", ROWS)
def test_it_is_not_changed(adopted, table):
    with pytest.raises(IntegrityError, match="never changed"):
        run(f"update dpia_{table} set {CHANGES[table]}")


@pytest.mark.parametrize("table", [*ROWS, "itemresponse", "answer"])
def test_it_is_not_removed(adopted, table):
    with pytest.raises(IntegrityError, match="never changed"):
        run(f"delete from dpia_{table}")


def test_a_published_template_can_be_retired(adopted):
    assert run("update dpia_template set state = 'retired'") == 1


@pytest.mark.parametrize(
    "change",
    [
        "state = 'suspended'",
        "state = 'under_review'",
        "suspended_by_id = coordinator_id",
    ],
)
def test_the_database_knows_who_suspended_or_doubted(adopted, change):
    with pytest.raises(IntegrityError, match="_by_somebody"):
        run(f"update dpia_assessment set {change}")
