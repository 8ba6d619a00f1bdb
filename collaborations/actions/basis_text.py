"""What a legal basis says, checked before it is kept. The citation is the partner's own; nobody checks the law."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from collaborations.access import short, written
from collaborations.models import LegalBasis
from station.reasons import Refused

CHOICES = {"operation": LegalBasis.OPERATIONS, "regime": LegalBasis.REGIMES, "ground": LegalBasis.GROUNDS}


@dataclass(frozen=True)
class BasisText:
    """The fields that a person fills in."""

    purpose: str
    data_category: str
    operation: str
    regime: str
    ground: str
    provision: str
    law_id: str
    article: str
    valid_from: date
    valid_to: date


def checked(text: BasisText) -> dict[str, Any]:
    """The fields of a row, or a refusal that names what is missing or wrong."""
    values = {field.name: _checked(field.name, getattr(text, field.name)) for field in fields(BasisText)}
    if text.valid_to < text.valid_from:
        raise Refused("dates.end_before_begin", begin=text.valid_from.isoformat(), end=text.valid_to.isoformat())
    return values


def text_of(basis: LegalBasis) -> BasisText:
    return BasisText(**{field.name: getattr(basis, field.name) for field in fields(BasisText)})


def _checked(name: str, value: str | date) -> str | date:
    if isinstance(value, date):
        return value
    column = LegalBasis._meta.get_field(name)
    label = str(column.verbose_name)
    if name in CHOICES:
        if value not in dict(CHOICES[name]):
            raise Refused("basis.choice", field=label)
        return value
    return short(written(value, "basis.incomplete", field=label), label, column.max_length)
