"""Invented rows from a schema, for trials: seeded, so the same recipe gives the same file. No real data goes in."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidationError

from station.contract.contract import validation_reasons
from station.contract.statements import DatasetColumn
from station.datasets.schema import Schema
from station.reasons import Refused
from station.specification import ColumnName, Strict

Percent = Annotated[int, Field(ge=0, le=100)]


class Recipe(Strict):
    """``rows`` rows; ids of ``join_key`` come from the first ``population`` invented ids, so that lists overlap."""

    rows: Annotated[int, Field(ge=1, le=1_000_000)]
    seed: int = 1
    join_key: ColumnName
    population: Annotated[int, Field(ge=1, le=5_000_000)]


class Way(Strict):
    """How one column is filled. ``zero_percent``: share of zeros; ``true_percent``; ``weights``: one per value."""

    low: int = 0
    high: int = 100_000
    zero_percent: Percent = 0
    true_percent: Percent = 50
    weights: list[Annotated[int, Field(ge=0)]] | None = None


def generate(path: Path, schema: Schema, recipe: dict[str, Any], ways: dict[str, dict[str, Any]]) -> None:
    """Writes the invented rows as CSV, whole or not at all."""
    try:
        plan = Recipe.model_validate(recipe)
        fills = {name: Way.model_validate(way) for name, way in ways.items()}
    except ValidationError as error:
        raise Refused(*validation_reasons("dataset.recipe_field", error)) from error
    if schema.column(plan.join_key) is None or plan.population < plan.rows:
        raise Refused("dataset.recipe_ids", column=plan.join_key)
    draft = path.with_suffix(".new")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="", encoding="utf-8"
        ) as file:
            csv.writer(file).writerows(_rows(schema, plan, fills))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _rows(schema: Schema, plan: Recipe, fills: dict[str, Way]) -> Iterator[list[str]]:
    """The header, then one row per id."""
    random = Random(plan.seed)  # noqa: S311 (invented values; nothing secret)
    yield [column.name for column in schema.columns]
    for number in random.sample(range(1, plan.population + 1), plan.rows):
        yield [
            _id(column, number) if column.name == plan.join_key else _cell(column, fills[column.name], random)
            for column in schema.columns
        ]


def _id(column: DatasetColumn, number: int) -> str:
    """The invented id with this number: the same at every station."""
    kind = column.type
    if kind.kind == "digits":
        if number >= 10**kind.length:
            raise Refused("dataset.recipe_ids", column=column.name)
        return f"{number:0{kind.length}d}"
    if kind.kind == "hex":
        return f"{number:0{kind.length}x}"
    return str(UUID(int=number)) if kind.kind == "uuid" else str(number)


def _cell(column: DatasetColumn, way: Way, random: Random) -> str:
    kind = column.type
    if kind.kind == "code":
        weights = way.weights or [1] * len(kind.values)
        if len(weights) != len(kind.values) or not any(weights):
            raise Refused("dataset.recipe_weights", column=column.name)
        return random.choices(kind.values, weights)[0]
    if kind.kind == "bool":
        return "true" if random.randrange(100) < way.true_percent else "false"
    if kind.kind == "int":
        low = max(way.low, way.low if kind.minimum is None else kind.minimum)
        high = min(way.high, way.high if kind.maximum is None else kind.maximum)
        zero = random.randrange(100) < way.zero_percent
        return "0" if zero else str(random.randint(low, max(low, high)))
    return _id(column, random.randrange(1, 10_000))
