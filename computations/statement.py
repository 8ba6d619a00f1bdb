"""The paragraph of a use case for an organisation's privacy statement, in Dutch and English, from the facts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import translation

from accounts.models import Organisation
from collaborations.models import Agreement, LegalBasis, UseCase
from computations.records import data_protection_officers
from dpia.reading import words
from station.specification import Specification, Text

LANGUAGES = ("nl", "en")


@lru_cache(maxsize=1)
def sentences() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("statement.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def statement(use_case: UseCase, organisation: Organisation) -> dict[str, str]:
    """Language -> paragraph; empty before there is a specification."""
    version = use_case.specification
    if version is None:
        return {}
    spec = version.read()
    bases = list(LegalBasis.objects.filter(specification=version, partner__organisation=organisation, state="approved"))
    contact = _contact(use_case, organisation)
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = _paragraph(spec, use_case, organisation, bases, contact, language)
    return found


def _paragraph(
    spec: Specification, use_case: UseCase, organisation: Organisation, bases: list[LegalBasis], contact: str,
    language: str,
) -> str:  # fmt: skip
    facts = _facts(spec, use_case, organisation, language)
    grounds = list(dict.fromkeys(f"{row.get_ground_display()}, {row.cited}" for row in bases))
    facts |= {"grounds": "; ".join(grounds), "contact": contact}
    own = "data" if facts["data"] else "no_data"
    names = ["purpose", own, "technique", "recipients", "grounds" if grounds else "no_grounds"]
    names += ["retention"] if facts["retention"] else []
    names += ["contact"] if contact else []
    return " ".join(sentences()[name][language].format(**facts) for name in names)


def _facts(spec: Specification, use_case: UseCase, organisation: Organisation, language: str) -> dict[str, Any]:
    names = {party.organisation: party.name for party in spec.parties}
    own, key = spec.inputs_of(organisation.slug), organisation.slug
    kept = sentences()["retained"][language]
    return {
        "title": use_case.title,
        "others": ", ".join(name for who, name in names.items() if who != key),
        "purpose": _said(spec.purpose).rstrip("."),
        "subjects": ", ".join(dict.fromkeys(_said(entry.subject_category) for entry in own)),
        "data": ", ".join(dict.fromkeys(_said(column.description) for entry in own for column in entry.columns)),
        "k": spec.disclosure.k,
        "recipients": ", ".join(dict.fromkeys(names.get(who, who) for out in spec.outputs for who in out.recipients)),
        "retention": "; ".join(
            kept.format(artefact=_said(row.artefact), days=row.days) for row in spec.retention if row.holder == key
        ),
    }


def _said(text: Text) -> str:
    return words(text).strip()


def _contact(use_case: UseCase, organisation: Organisation) -> str:
    """The contact point that the parties agreed on; without one the organisation's own DPO."""
    rows = Agreement.objects.of(use_case).filter(state="in_force", parties=organisation).exclude(contact_name="")
    row = rows.order_by("-pk").first()
    if row is not None:
        return ", ".join(part for part in (row.contact_name, row.contact_email, row.contact_phone) if part)
    return "; ".join(data_protection_officers(organisation))
