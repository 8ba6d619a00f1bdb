"""Words for the columns and rows of a result that an analysis names itself."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

COLUMNS = {
    "from": gettext_lazy("From"),
    "to": gettext_lazy("Until"),
    "at_risk": gettext_lazy("At risk at the start"),
    "events": gettext_lazy("Events"),
    "survival": gettext_lazy("Survival"),
    "lower": gettext_lazy("Lower limit of the band"),
    "upper": gettext_lazy("Upper limit of the band"),
    "measure": gettext_lazy("Measure"),
    "value": gettext_lazy("Value"),
    "term": gettext_lazy("Characteristic"),
    "coefficient": gettext_lazy("Coefficient"),
}
MEASURES = {
    "chi_squared": gettext_lazy("Chi-squared"),
    "degrees_of_freedom": gettext_lazy("Degrees of freedom"),
    "p_value": gettext_lazy("p"),
    "rows": gettext_lazy("Rows that counted"),
    "r_squared": gettext_lazy("Part of the differences that is explained (R²)"),
    "(intercept)": gettext_lazy("Starting point (everything else 0)"),
}


@register.filter
def column_words(name: str) -> str:
    return str(COLUMNS.get(name, name))


@register.filter
def measure_words(name: str) -> str:
    """``observed A`` and ``expected A`` name a group behind the first word."""
    what, _space, group = name.partition(" ")
    if what == "observed":
        return _("Events in group %(group)s") % {"group": group}
    if what == "expected":
        return _("Expected events in group %(group)s, if the groups did not differ") % {"group": group}
    return str(MEASURES.get(name, name))
