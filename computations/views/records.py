"""The record of processing of an organisation, as a page and as a table file; the paragraph for a privacy statement."""

from __future__ import annotations

import csv
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from accounts.views.organisations import read_or_403
from collaborations.views.access import frame, read_for, seen_or_404
from computations.records import COLUMNS, record_of
from computations.statement import statement
from computations.table import plain_cell
from web.pages import crumbs

HEADS = {
    "use_case": gettext_lazy("Use case"),
    "state": gettext_lazy("State"),
    "purpose": gettext_lazy("Purpose"),
    "subjects": gettext_lazy("Data subjects"),
    "data": gettext_lazy("Personal data of this organisation"),
    "recipients": gettext_lazy("Recipients"),
    "retention": gettext_lazy("Retention in days"),
    "measures": gettext_lazy("Security measures and technique"),
    "joint": gettext_lazy("Other controllers"),
    "dpo": gettext_lazy("Data protection officer"),
    "grounds": gettext_lazy("Approved legal bases"),
    "assessment": gettext_lazy("DPIA"),
    "agreements": gettext_lazy("Agreements in force"),
}


@login_required
@require_safe
def record(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _own(request.user, slug)
    entries = [
        {"entry": entry, "rows": [(HEADS[name], getattr(entry, name)) for name in COLUMNS[1:]]}
        for entry in record_of(organisation)
    ]
    page = reverse("accounts:organisation", args=[slug])
    trail = crumbs((_("Organisations"), reverse("accounts:organisations")), (organisation.name, page),
                   (_("Record of processing"), ""))  # fmt: skip
    context = {"organisation": organisation, "entries": entries, "trail": trail}
    return render(request, "computations/record.html", context)


@login_required
@require_safe
def record_csv(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _own(request.user, slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-of-processing-{organisation.slug}.csv"'
    response.write("\ufeff")  # Excel reads UTF-8 only when told
    writer = csv.writer(response)
    writer.writerow([str(HEADS[name]) for name in COLUMNS])
    for entry in record_of(organisation):
        writer.writerow([plain_cell(value) for value in entry.cells()])
    return response


@login_required
@require_safe
def privacy_statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For each own organisation that takes part: the paragraph in both languages."""
    use_case = seen_or_404(request.user, pk)
    own = read_for(request.user, use_case).filter(pk__in=use_case.parties().values("organisation"))
    if not own:
        raise PermissionDenied
    shown = [(organisation, statement(use_case, organisation)) for organisation in own]
    context = frame(request, use_case, "overview", shown=shown, specified=use_case.specification is not None)
    return render(request, "computations/privacy_statement.html", context)


def _own(user: User, slug: str) -> Organisation:
    """For who works there: what partners do together is not for the platform's administrators, unless in support."""
    found = read_or_403(user, slug)
    if found.state != "active":
        raise PermissionDenied
    return found
