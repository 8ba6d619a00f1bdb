"""The named facts that fill answers: small typed functions over the facts document, and nothing else.

A text that exists in both languages stays in both; a key of the specification stays a key, and the template says how
it is called. Facts about the data, the method and the law stand in files of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from dpia import facts_data as data
from dpia import facts_flow as flow
from dpia import facts_law as law
from dpia import facts_method as method
from dpia.facts_data import Both, Facts, Rows, both


def specification(facts: Facts) -> Both:
    """Version and hash of the specification that the DPIA is bound to."""
    number, sha256 = facts["specification_version"], facts["specification_sha256"]
    return both(f"versie {number}, SHA-256 {sha256}", f"version {number}, SHA-256 {sha256}")


def summary(facts: Facts) -> str:
    return str(facts["use_case"]["summary"])


def purpose(facts: Facts) -> str:
    """A proposal to edit, so one text: both languages below each other unless they say the same."""
    text = facts["specification"]["purpose"]
    return str(text["nl"]) if text["nl"] == text["en"] else f"{text['nl']}\n\n{text['en']}"


Named = dict[str, Callable[[Facts], Any]]


def _named(*functions: Callable[[Facts], Any]) -> Named:
    return {function.__name__: function for function in functions}


TEXTS: dict[str, Callable[[Facts], str | Both]] = _named(
    specification, summary, purpose, method.program, method.assumptions, method.schedule
)
TABLES: dict[str, Callable[[Facts], Rows]] = _named(
    law.parties, data.personal_data, data.subjects, data.linking, data.outputs, data.uses, flow.operations,
    method.technique, method.selection, method.leakage, method.disclosure, method.release, flow.places,
    data.retention, law.legal_bases, law.secrecy, law.further_use,
)  # fmt: skip
YES_NO: dict[str, Callable[[Facts], bool]] = _named(
    data.national_numbers, data.special_data, data.special_categories, data.criminal_data, data.personal_data_used,
    data.persons_in_outcome, data.several_sources, data.confidential_data, data.shared_confidential_data,
    data.large_scale, data.pet_used,
    law.joint_controllers, law.processors, method.repeated_runs,
)  # fmt: skip
SEVERAL: dict[str, Callable[[Facts], list[str]]] = _named(law.regimes)
NUMBERS: dict[str, Callable[[Facts], int]] = _named(data.rows_at_most)
DIAGRAMS: dict[str, Callable[[Facts], dict[str, Any]]] = _named(flow.flow_diagram)
FACTS: Named = {**TEXTS, **TABLES, **YES_NO, **SEVERAL, **NUMBERS, **DIAGRAMS}
FILLS: dict[str, Mapping[str, Callable[[Facts], Any]]] = {
    "text": TEXTS,
    "longtext": TEXTS,
    "table": TABLES,
    "bool": YES_NO,
    "multichoice": SEVERAL,
    "number": NUMBERS,
    "diagram": DIAGRAMS,
}
"""Type of question -> the facts that can fill it."""

FROM_SPECIFICATION = _("the specification")
REGISTER = _("the legal bases that the partners recorded")
CATALOGUE = _("the catalogue of analyses")
SOURCES = {
    "summary": _("the text of the use case"),
    "legal_bases": REGISTER,
    "regimes": REGISTER,
    "secrecy": REGISTER,
    "further_use": REGISTER,
    "leakage": CATALOGUE,
    "program": CATALOGUE,
    "technique": CATALOGUE,
    "assumptions": CATALOGUE,
}
"""Where a fact comes from, for the reader; all others come from the specification."""
