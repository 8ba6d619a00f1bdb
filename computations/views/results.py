"""What came out: the table, the chart beside it, CSV, JSON and report, for members of the recipients only."""

from __future__ import annotations

import csv
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from collaborations.views.access import frame
from computations import reports
from computations.models import Result, Run
from computations.showing import shown
from computations.table import plain_cell
from computations.views.runs import recipient_or_403, seen_run_or_404
from station import analyses
from web.pdf import pdf_response


@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = seen_run_or_404(request.user, pk)
    own = recipient_or_403(request.user, run)
    entries = [shown(run, found) for found in _own(run, own)]
    context = frame(request, run.use_case, "runs", run=run, shown=entries, spec=run.terms.specification)
    return render(request, "computations/result.html", context)


@login_required
def result_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = seen_run_or_404(request.user, pk)
    found = _asked_for_or_404(request, run)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.output}-{run.slot}.csv"'
    writer = csv.writer(response)
    for row in (found.table["columns"], *found.table["rows"]):
        writer.writerow([plain_cell(value) for value in row])
    return response


@login_required
def result_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The table as the checker signed it, and what it came from; its hash is over the canonical JSON of ``table``."""
    run = seen_run_or_404(request.user, pk)
    found, spec = _asked_for_or_404(request, run), run.terms.specification
    document = {
        "run": str(run.pk), "slot": run.slot, "contract": run.contract.sha256, "output": found.output,
        "analysis": analyses.get(spec.analysis).program, "engine": spec.engine,
        "table": found.table, "table_sha256": found.sha256,
    }  # fmt: skip
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.output}-{run.slot}.json"'
    return response


@login_required
def result_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same document as the PDF, as a page that the browser can print."""
    run = seen_run_or_404(request.user, pk)
    context = reports.result_context(run, _reported_or_404(request, run))
    return render(request, "computations/result_document.html", context)


@login_required
def result_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = seen_run_or_404(request.user, pk)
    found = _reported_or_404(request, run)
    return pdf_response(
        request,
        lambda: reports.result_pdf(run, found),
        name=f"result-{run.contract.sha256[:12]}-{run.slot}",
        to_print=reverse("computations:result_print", args=[pk]),
    )


def _own(run: Run, names: list[str]) -> QuerySet[Result]:
    return run.results.filter(output__in=names).order_by("output")


def _reported_or_404(request: HttpRequest, run: Run) -> list[Result]:
    """Every table that is here and that the reader's organisation gets; without one there is no report."""
    found = list(_own(run, recipient_or_403(request.user, run)))
    if not found:
        raise Http404
    return found


def _asked_for_or_404(request: HttpRequest, run: Run) -> Result:
    """The output that the address names, or the first: one that is here and that the reader's organisation gets."""
    own = recipient_or_403(request.user, run)
    found = run.results.filter(output=request.GET.get("output", own[0]), output__in=own).first()
    if found is None:
        raise Http404
    return found
