"""The invented data: the same every time, as large as declared, and with enough small and large cells to matter."""

import csv
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest
import yaml

from demo import own_data, plain
from demo.kvk import generator

SPECIFICATION = files("demo.kvk").joinpath("specification.yaml")
TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return generator.write(tmp_path_factory.mktemp("kvk"))


@pytest.fixture(scope="module")
def plan(made):
    return own_data.read(SPECIFICATION, today=TODAY, folder=made["kvk"].parent)


def test_the_same_seed_gives_the_same_bytes(made, tmp_path):
    again = generator.write(tmp_path)
    assert {party: file.read_bytes() for party, file in again.items()} == {p: f.read_bytes() for p, f in made.items()}
    other = generator.write(tmp_path, seed=1)
    assert other["kvk"].read_bytes() != made["kvk"].read_bytes()


def test_sizes_and_unique_invented_numbers(made):
    for party, file in made.items():
        with file.open(encoding="utf-8") as opened:
            numbers = [row["kvk_number"] for row in csv.DictReader(opened)]
        assert len(numbers) == len(set(numbers)) == generator.ROWS[party]
        assert all(len(number) == 8 and number.startswith("99") for number in numbers)


def test_many_cells_are_open_and_many_are_not(plan):
    table = plain.table(plan.specification, plan.files)
    assert len(table["rows"]) == 40 * 21
    shown = [row for row in table["rows"] if row[-1] is not None]
    assert len(shown) >= 30
    assert min(row[-1] for row in shown) >= 25
    without_rule = plan.specification.model_copy(
        update={"disclosure": plan.specification.disclosure.model_copy(update={"k": 1})}
    )
    everything = plain.table(without_rule, plan.files)["rows"]
    small = [row for row in everything if row[-1] is not None and row[-1] < 25]
    assert len(small) >= 30


def test_the_debts_go_together(made):
    """Somebody with arrears is likelier to have a claim as well."""

    def numbers(party):
        with made[party].open(encoding="utf-8") as opened:
            return {row["kvk_number"] for row in csv.DictReader(opened)}

    everyone, arrears, claims = numbers("kvk"), numbers("belastingdienst"), numbers("gemeenten")
    among_debtors = len(arrears & claims) / len(arrears & everyone)
    among_others = len((claims & everyone) - arrears) / len(everyone - arrears)
    assert among_debtors > 3 * among_others


def test_weights_know_every_category_of_the_specification(plan):
    weights = yaml.safe_load(files("demo.kvk").joinpath("weights.yaml").read_text("utf-8"))
    types = {column.name: column.type for column in plan.specification.inputs[0].columns}
    assert Counter(weights["regions"].keys()) == Counter(types["region"].values)
    assert Counter(weights["sections"].keys()) == Counter(types["sbi_section"].values)
