"""What in a use case people talk about: the use case itself, a question of its DPIA, or a legal basis."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborations.models import LegalBasis, UseCase
from discussion.models import Comment
from dpia.models import Assessment
from dpia.reading import words
from dpia.template import stored_form


@dataclass(frozen=True)
class Place:
    """One thing to talk about: what it is, its name for readers, and where it stands."""

    kind: str
    key: str
    about: Any = field(compare=False)
    label: str
    url: str
    spot: str = ""


class Places:
    """The places of one use case, read when they are needed and once."""

    def __init__(self, use_case: UseCase) -> None:
        self.use_case = use_case

    def one(self, kind: str, key: str) -> Place:
        """The place behind an address; 404 when there is no such thing in this use case."""
        found = {"question": self._question, "basis": self._basis}.get(kind, lambda _key: None)(key)
        if found is None:
            raise Http404
        return found

    def of(self, comment: Comment) -> Place:
        """Where something was said. What has gone from the page meanwhile counts as said about the use case."""
        if comment.about_type == LegalBasis._meta.label_lower:
            return self._basis(comment.about_id) or self.whole
        if comment.about_type == Assessment._meta.label_lower:
            return self._question(comment.spot) or self.whole
        return self.whole

    @cached_property
    def whole(self) -> Place:
        url = reverse("collaborations:use_case", args=[self.use_case.pk])
        return Place("use_case", "", self.use_case, _("the use case"), url)

    def _first_version(self, basis: LegalBasis) -> LegalBasis:
        """What is said about a row of the register is kept with its first version, so that it stays in sight."""
        while basis.replaces_id:
            basis = self._bases[basis.replaces_id]
        return basis

    @cached_property
    def _bases(self) -> dict[int, LegalBasis]:
        rows = LegalBasis.objects.filter(partner__use_case=self.use_case).select_related("partner__organisation")
        return {row.pk: row for row in rows.order_by("pk")}

    @cached_property
    def _questions(self) -> dict[str, tuple[str, str]]:
        """Question to its point and its words."""
        assessment = self.use_case.assessment
        if assessment is None:
            return {}
        points = [point for part in stored_form(assessment.template).parts for point in part.points]
        return {
            question.id: (point.id, f"{point.number} {words(question.label)}")
            for point in points
            for question in point.questions
        }

    def _basis(self, key: str) -> Place | None:
        row = self._bases.get(int(key)) if key.isdecimal() else None
        if row is None:
            return None
        first, newest = self._first_version(row), row
        for later in self._bases.values():
            if later.replaces_id == newest.pk and later.state != "withdrawn":
                newest = later
        name = _("legal basis %(law)s %(article)s of %(partner)s") % {
            "law": newest.law_id, "article": newest.article, "partner": newest.partner.organisation.name,
        }  # fmt: skip
        url = reverse("collaborations:basis", args=[self.use_case.pk, newest.pk])
        return Place("basis", str(first.pk), first, name, url)

    def _question(self, key: str) -> Place | None:
        if key not in self._questions:
            return None
        point, label = self._questions[key]
        url = reverse("collaborations:assessment_point", args=[self.use_case.pk, point]) + f"#question-{key}"
        return Place("question", key, self.use_case.assessment, _("DPIA: %(question)s") % {"question": label}, url, key)
