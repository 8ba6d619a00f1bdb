"""What a proposal tells before it goes to others: which questions there are, and which are still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collaborations.models import UseCase

ASKED = ("title", "theme", "summary", "helped", "value", "indicator", "baseline", "target", "measure_on")
"""In the order of the form. All are needed to propose; a draft can be kept without any of them."""


@dataclass(frozen=True)
class Question:
    name: str
    label: Any
    answered: bool


def questions(use_case: UseCase) -> list[Question]:
    return [Question(name, label(name), bool(str(getattr(use_case, name) or "").strip())) for name in ASKED]


def label(name: str) -> Any:
    return UseCase._meta.get_field(name).verbose_name
