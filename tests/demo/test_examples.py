"""The worked examples at their stated sizes: three real engine processes give what plain Python gives."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bench import engines
from demo import examples, invented, plain
from station.contract.rules import specification_reasons

ROWS = {
    "aio": {"svb": 20_000, "uwv": 60_000},
    "convicted": {"cjib": 8_000, "rvig": 200_000, "politie": 30_000},
    "energy": {"rotterdam": 30_000, "netbeheerder": 30_000, "cbs": 30_000},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_what_is_computed_equals_plain_python(name: str, tmp_path: Path) -> None:
    plan = examples.get(name).plan(tmp_path, date.today())
    assert {party: len(file.read_text("utf-8").splitlines()) - 1 for party, file in plan.files.items()} == ROWS[name]
    three = asyncio.run(engines.compute(plan.specification, plan.files))
    expected = plain.table(plan.specification, plan.files)
    assert three.table() == expected
    assert expected["suppressed"] < len(expected["rows"]) * 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aio", "energy"])
def test_the_same_recipe_gives_the_same_files_and_a_sound_specification(name: str, tmp_path: Path) -> None:
    plan = examples.get(name).plan(tmp_path, date.today())
    assert specification_reasons(plan.specification) == []
    again = invented.write(name, tmp_path / "again")
    assert all(file.read_bytes() == again[party].read_bytes() for party, file in plan.files.items())


def test_the_regulation_of_aio_is_marked_as_invented() -> None:
    texts = (examples.folder_of("aio") / "dossier.yaml").read_text("utf-8")
    assert texts.count("VERZONNEN") == texts.count("provision:")
    assert "INVENTED" in texts
