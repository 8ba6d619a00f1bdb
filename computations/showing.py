"""A released table with what a page needs to show it: its output, how it is drawn, what its columns mean."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from computations.models import Result, Run
from computations.table import cross, meanings
from dpia.examples import Example, Table
from dpia.models import Assessment
from station import analyses

TEMPLATE = "computations/result_table.html"


def shown(run: Run, found: Result) -> dict[str, Any]:
    output = next(entry for entry in run.terms.specification.outputs if entry.name == found.output)
    table = found.table
    return {
        "output": output,
        "result": found,
        "table": table,
        "cross": cross(table),
        "cells": len(table["rows"]),
        "picture": analyses.get(run.terms.specification.analysis).picture(output),
        "meanings": meanings(run.terms.specification, table["columns"]),
    }


def newest_trial(assessment: Assessment) -> Run | None:
    """The last run of a trial of which a table was released to the platform."""
    runs = Run.objects.filter(contract__kind="trial_contract", contract__use_case__assessment=assessment)
    ended = runs.filter(state="released", results__isnull=False).select_related("contract__use_case")
    return ended.order_by("-changed_at").first()


def trial_example(assessment: Assessment) -> Example | None:
    """That run as the example in a DPIA. Its rows are synthetic, so whoever reads the DPIA may read it."""
    run = newest_trial(assessment)
    if run is None:
        return None
    current = run.contract.use_case.specification
    return Example(
        contract=run.contract.sha256, run=str(run.pk), slot=run.slot, at=run.ended_at,
        url=reverse("computations:run", args=[run.pk]),
        other_specification=current is None or current.sha256 != run.terms.specification_sha256,
        tables=[_table(shown(run, found)) for found in run.results.order_by("output")],
    )  # fmt: skip


def _table(entry: dict[str, Any]) -> Table:
    return Table(
        title=entry["output"].title, sha256=entry["result"].sha256, template=TEMPLATE, picture=entry["picture"],
        table=entry["table"], meanings=entry["meanings"], cross=entry["cross"],
    )  # fmt: skip
