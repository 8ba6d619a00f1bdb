"""The report of a run: what was computed by whom under which contract, what came out, and what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from collaborations.models import SpecificationVersion
from computations.marks import marks
from computations.models import Result, Run
from computations.showing import shown
from computations.specifying import reading
from station import analyses
from web.pdf import tagged_pdf


def result_context(run: Run, results: Sequence[Result]) -> dict[str, Any]:
    spec = run.terms.specification
    return {
        "run": run,
        "contract": run.contract,
        "terms": run.terms,
        "marks": marks(run.contract),
        "version": _version(run),
        "readys": run.statements_of("ready"),
        "decisions": {entry.output: entry for entry in run.statements_of("release")},
        "dominance": dominance(analyses.get(spec.analysis).read(spec)),
        "shown": [shown(run, found) for found in results],
        "made_at": timezone.now(),
        "language": get_language() or "nl",
        **reading.context(spec),
    }


def result_pdf(run: Run, results: Sequence[Result]) -> bytes:
    """A tagged PDF in the reader's language; NoPdf when Pango is missing."""
    return tagged_pdf(render_to_string("computations/result_document.html", result_context(run, results)))


def dominance(parameters: Any) -> int | None:
    """The declared limit on what one may have of a sum; None where nothing is added up."""
    return getattr(parameters, "dominance_percent", None) if getattr(parameters, "sums", True) else None


def _version(run: Run) -> int | None:
    """The number of the specification that this contract holds, as the use case counts them."""
    same = SpecificationVersion.objects.filter(use_case=run.contract.use_case_id, sha256=run.terms.specification_sha256)
    return same.order_by("-number").values_list("number", flat=True).first()
