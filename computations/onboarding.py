"""What the checklist of an organisation says about its station and its first contract; ``accounts`` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.onboarding import Line
from computations.models import DataStation


def lines(organisation: Organisation) -> Iterator[Line]:
    yield _station(organisation)
    yield _code(organisation)


def _station(organisation: Organisation) -> Line:
    station = DataStation.objects.filter(organisation=organisation).first()
    page = reverse("computations:station", args=[organisation.slug])
    detail = _("No station is enrolled yet. Make an enrolment token and type it at the station.")
    if station is not None:
        detail = _("Enrolled on %(day)s.") % {"day": format_date(station.enrolled_at, "j F Y")}
    return Line(_("The data station is enrolled"), station is not None, "data_steward", detail, page, "")


def _code(organisation: Organisation) -> Line:
    """Earlier contracts count: what matters is that somebody there did it once."""
    first = organisation.codes_compared.select_related("contract__use_case", "by").first()
    page = reverse("computations:code_compared", args=[organisation.slug])
    detail = _("Nobody compared the code at the station with the one on the platform yet.")
    if first is not None:
        facts = {"name": first.by.full_name, "day": format_date(first.at, "j F Y")}
        detail = _("%(title)s (%(code)s): by %(name)s on %(day)s.") % {
            "title": first.contract.use_case.title,
            "code": first.contract.code,
            **facts,
        }
    label = _("The code of the first contract is compared on paper")
    return Line(label, first is not None, "data_steward", detail, page, "manage_station")
