"""Words for what stands in a specification: its fields and its fixed values."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CAPACITIES = {
    "controller": _("controller"),
    "joint_controller": _("joint controller"),
    "processor": _("processor"),
    "provider": _("provider"),
}

PARTY_ROLES = {
    "input_party": _("gives data (input party)"),
    "computing_party": _("computes (computing party)"),
    "result_party": _("gets the result (result party)"),
}

USES = {
    "join_key": _("to align the lists (join key)"),
    "group": _("to group by"),
    "condition": _("in a condition"),
    "measure": _("as a number, on shares"),
    "record": _("to name what was found, for one recipient"),
}

DATA_CLASSES = {
    "ordinary": _("ordinary personal data"),
    "sensitive": _("sensitive personal data"),
    "special": _("special category (art. 9 GDPR)"),
    "criminal": _("criminal data (art. 10 GDPR)"),
    "national_id": _("national identification number"),
    "pseudonymous": _("pseudonymous identifier"),
    "non_personal": _("no personal data"),
}

OPERATORS = {
    "eq": _("is equal to"),
    "ne": _("is not equal to"),
    "gt": _("is more than"),
    "ge": _("is at least"),
    "lt": _("is less than"),
    "le": _("is at most"),
    "in": _("is one of"),
}

RECURRENCES = {
    "once": _("once"),
    "weekly": _("every week"),
    "monthly": _("every month"),
    "quarterly": _("every quarter"),
}

DOCUMENTS = {
    "assessment": _("DPIA"),
    "legal_basis": _("legal basis"),
    "agreement": _("agreement"),
}

OUTPUT_KINDS = {
    "aggregate_table": _("table of numbers"),
    "scalar": _("single numbers"),
    "record_list": _("list of persons or cases, for one recipient's station"),
}

DERIVED_KINDS = {
    "present": _("stands in the list"),
    "compare": _("sum of terms compared"),
    "bands": _("sum of terms in bands"),
    "all": _("all of"),
    "any": _("any of"),
    "none": _("none of"),
    "at_least": _("at least so many of"),
}

MODELS = {
    "linear": _("linear (an outcome in whole numbers)"),
    "logistic": _("logistic (an outcome of yes or no)"),
}

VALUES = {
    **OUTPUT_KINDS, **DERIVED_KINDS, **DOCUMENTS, **CAPACITIES, **PARTY_ROLES, **USES, **DATA_CLASSES, **OPERATORS,
    **RECURRENCES, **MODELS,
}  # fmt: skip
"""Words for the fixed values of a specification; they do not overlap."""

FIELDS = {
    "title": _("Title"),
    "purpose": _("Purpose"),
    "asker": _("Asker"),
    "parties": _("Parties"),
    "organisation": _("Organisation"),
    "name": _("Name"),
    "capacity": _("Capacity"),
    "party_roles": _("Roles"),
    "inputs": _("Datasets"),
    "id": _("Short name"),
    "dataset": _("Dataset"),
    "subject_category": _("Whom the data is about"),
    "padded_rows": _("Number of rows after filling up"),
    "columns": _("Columns"),
    "type": _("Form"),
    "kind": _("Kind"),
    "length": _("Length"),
    "max_length": _("Greatest length"),
    "minimum": _("Minimum"),
    "maximum": _("Maximum"),
    "values": _("Values"),
    "data_class": _("Class of the data"),
    "use": _("Use"),
    "description": _("Description"),
    "justification": _("Why it is needed"),
    "analysis": _("Analysis"),
    "engine": _("Engine"),
    "parameters": _("Parameters"),
    "base": _("List whose rows are counted"),
    "group_by": _("Groups"),
    "conditions": _("Conditions"),
    "household": _("Column that says which household"),
    "household_kind": _("Column with the kind of household"),
    "own_amount": _("Column with the amount of the base list"),
    "others": _("Columns with the other amounts"),
    "norms": _("Amount per kind of household"),
    "category": _("Kind"),
    "amount": _("Amount"),
    "persons": _("Most people in a household"),
    "households": _("Number of households after filling up"),
    "most_selected": _("Most households that may be found"),
    "optional": _("Lists in which a row need not stand"),
    "derived": _("Derived columns"),
    "bands": _("Derived bands to group by"),
    "where": _("Derived conditions that a row must meet"),
    "shares": _("Derived conditions that are counted as well"),
    "sums": _("Amounts that are added up"),
    "cap": _("Larger amounts count as"),
    "dominance_percent": _("Largest part of a sum that one can have, in percent"),
    "terms": _("Terms"),
    "factor": _("Times"),
    "bounds": _("Bounds"),
    "of": _("Of"),
    "number": _("Number"),
    "time": _("Column with the time"),
    "event": _("Column that says whether the event happened"),
    "group": _("Column that says in which group"),
    "interval": _("Length of an interval"),
    "horizon": _("Last time that is looked at"),
    "min_events": _("Fewest events in an interval that is shown"),
    "model": _("Kind of regression"),
    "outcome": _("Column with the outcome"),
    "predictors": _("Columns with the characteristics"),
    "rows_per_coefficient": _("Fewest rows for each coefficient"),
    "decimals": _("Decimals of a coefficient"),
    "record": _("Column by which the asker knows a request"),
    "requests": _("Number of requests per run"),
    "input": _("Dataset"),
    "column": _("Column"),
    "op": _("Comparison"),
    "value": _("Value"),
    "disclosure": _("What may be shown"),
    "k": _("Threshold k"),
    "two_sided": _("Threshold also for the rest of a group"),
    "rounding_base": _("Rounded to multiples of"),
    "outputs": _("Outputs"),
    "recipients": _("Recipients"),
    "checker": _("Checker"),
    "shown_on_platform": _("Shown on the platform after release"),
    "retention": _("Retention"),
    "artefact": _("What is kept"),
    "holder": _("Who keeps it"),
    "days": _("Number of days"),
    "schedule": _("Window and runs"),
    "recurrence": _("Recurrence"),
    "start": _("First day"),
    "end": _("Last day"),
    "slots": _("Number of runs"),
    "nl": _("Dutch"),
    "en": _("English"),
}
"""Words for the fields of a specification."""


def form_of(kind: dict[str, Any]) -> str:
    """The form of a column in words: ``8 digits``, ``whole number from 0``, ``one of 40 categories``."""
    match kind.get("kind"):
        case "digits":
            return gettext("%(n)s digits") % {"n": kind["length"]}
        case "hex":
            return gettext("%(n)s hexadecimal characters") % {"n": kind["length"]}
        case "uuid":
            return gettext("UUID")
        case "text":
            return gettext("text of at most %(n)s characters") % {"n": kind.get("max_length", 100)}
        case "bool":
            return gettext("yes or no")
        case "code":
            return gettext("one of %(n)s categories") % {"n": len(kind["values"])}
        case "int":
            return _number(kind.get("minimum"), kind.get("maximum"))
    return str(kind.get("kind", ""))


def _number(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return gettext("whole number from %(least)s to %(most)s") % {"least": least, "most": most}
    if least is not None:
        return gettext("whole number from %(n)s") % {"n": least}
    return gettext("whole number up to %(n)s") % {"n": most} if most is not None else gettext("whole number")
