"""Which reviews a version asks of each controller, and which of them are still to be given.

The template says it per kind: always, or only of a controller that has somebody in the role. It is settled when the
version is handed over and frozen with it, so that a role given later changes nothing about what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone

from accounts.deputies import holding
from accounts.models import Organisation
from dpia.models import Assessment, Version
from dpia.template import TemplateForm

REVIEWS = {
    "privacy": "review_assessment",
    "law": "review_assessment_law",
    "security": "review_assessment_security",
}
"""Kind of review -> the permission that it takes."""
ASKED = "reviews_asked"
Pair = tuple[Organisation, str]
"""A controller, and a kind of review."""


def asked_now(form: TemplateForm, controllers: Sequence[Organisation]) -> dict[str, list[str]]:
    """Controller to the kinds of review that are asked of it when the DPIA is handed over now."""
    whom = {kind: _whom(form, kind, controllers) for kind in REVIEWS}
    return {one.slug: [kind for kind in REVIEWS if one.pk in whom[kind]] for one in controllers}


def asked(version: Version, controllers: Iterable[Organisation]) -> Iterator[Pair]:
    """In the order of the controllers. A version from before this was frozen asks the privacy officers."""
    kinds: dict[str, Any] = version.data.get(ASKED, {})
    return ((one, kind) for one in controllers for kind in kinds.get(one.slug, ["privacy"]))


def open_reviews(assessment: Assessment, *, found_ready: bool = False) -> list[Pair]:
    """Asked and not given yet; ``found_ready``: also those that were given and did not find it ready."""
    version = assessment.submitted_version
    controllers = [row.organisation for row in assessment.controllers.select_related("organisation")]
    if version is None:
        return [(one, "privacy") for one in controllers]
    rows = version.reviews.filter(verdict="positive") if found_ready else version.reviews.all()
    given = set(rows.values_list("organisation", "kind"))
    return [(one, kind) for one, kind in asked(version, controllers) if (one.pk, kind) not in given]


def _whom(form: TemplateForm, kind: str, controllers: Sequence[Organisation]) -> set[int]:
    """Of which controllers a kind of review is asked."""
    when = {str(one): when for one, when in form.reviews.items()}.get(kind)
    everybody = {one.pk for one in controllers}
    if when != "if_filled":
        return everybody if when == "always" else set()
    found = holding(REVIEWS[kind], timezone.localdate()).filter(organisation__in=everybody)
    return set(found.values_list("organisation", flat=True))
