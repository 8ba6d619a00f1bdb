"""The people of three invented organisations, doing what a DPIA asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from dpia import actions
from dpia.models import Assessment, Template
from dpia.reviewers import open_reviews
from dpia.sheet import Sheet
from dpia.template import Question, stored_form
from station.contract.canonical import digest
from station.reasons import Refused
from tests.collaborations.world import KEYS, World

ROAD = ("draft", "privacy_review", "dpo_advice", "response", "adoption", "adopted")
REVIEWERS = {"privacy": "privacy_officer", "law": "lawyer", "security": "security_officer"}
ROLES = ("drafter", "privacy_officer", "dpo", "mandated_manager")
RISK = {
    "risk": "Something follows from a small group", "likelihood": "medium", "impact": "high",
    "measure": "A threshold", "owner": "Alfa", "likelihood_after": "low", "impact_after": "medium",
}  # fmt: skip
ANSWERS: dict[str, Any] = {"risks": [RISK], "rights": ["privacy_statement"]}


@dataclass
class Cast:
    """``at`` makes a DPIA and walks it to a state; the other methods are one part each, played by all controllers."""

    world: World
    assessment: Any = None

    def person(self, key: str, role: str) -> User:
        return self.world.person(key, role)

    def start(self) -> Cast:
        """A DPIA that is filled in, and everybody who will play a part."""
        self.assessment = self.world.use_case_at("assessing").assessment
        for key, role in product(KEYS, ROLES):
            self.person(key, role)
        self.fill(self.assessment)
        return self

    def at(self, state: str) -> Assessment:
        """From the complete draft to a state on the road, or beside it."""
        assessment = again(self.assessment)
        steps = (self.submit, self.review, self.advise, self.propose, self.adopt)
        beside = {"prior_consultation": "response", "under_review": "adopted", "suspended": "adopted",
                  "withdrawn": "draft"}  # fmt: skip
        for step in steps[: ROAD.index(beside.get(state, state))]:
            step(assessment)
        if state in beside:
            {"prior_consultation": self.consult, "under_review": self.doubt, "suspended": self.suspend,
             "withdrawn": self.withdraw}[state](assessment)  # fmt: skip
        return again(assessment)

    def fill(self, assessment: Assessment) -> None:
        """Every question that is open, until none is."""
        while left := list(Sheet(assessment).open()):
            question, organisation = left[0].question, left[0].organisation
            by = self.person(organisation.slug if organisation else "alfa", "drafter")
            actions.answer(
                assessment=assessment, question=question.id, value=example(question), organisation=organisation, by=by
            )

    def submit(self, assessment: Assessment) -> None:
        actions.submit(assessment=assessment, by=self.person("alfa", "drafter"))

    def review(self, assessment: Assessment, verdict: str = "positive", **fields: Any) -> None:
        for organisation, kind in open_reviews(again(assessment)):
            by = self.person(organisation.slug, REVIEWERS[kind])
            actions.review(
                assessment=assessment, organisation=organisation, kind=kind, verdict=verdict, by=by, **fields
            )

    def advise(self, assessment: Assessment, verdict: str = "positive", items: tuple[str, ...] = ()) -> None:
        for organisation in controllers(assessment):
            by = self.person(organisation.slug, "dpo")
            actions.advise(assessment=assessment, organisation=organisation, verdict=verdict, items=items, by=by)

    def respond(self, assessment: Assessment) -> None:
        version = again(assessment).submitted_version
        assert version is not None
        for item in version.items().filter(response__mandate=None):
            by = self.person(item.advice.organisation.slug, "mandated_manager")
            actions.respond(item=item, decision="follow", by=by)

    def propose(self, assessment: Assessment) -> None:
        actions.propose_adoption(assessment=assessment, by=self.person("alfa", "drafter"))

    def adopt(self, assessment: Assessment) -> None:
        for organisation in controllers(assessment):
            by = self.person(organisation.slug, "mandated_manager")
            actions.adopt(assessment=assessment, organisation=organisation, by=by)

    def consult(self, assessment: Assessment) -> None:
        by = self.person("alfa", "drafter")
        actions.consult_authority(assessment=assessment, reference="z2026-1", asked_on=timezone.localdate(), by=by)

    def doubt(self, assessment: Assessment, key: str = "beta") -> None:
        organisation, by = self.world.organisations[key], self.person(key, "dpo")
        actions.reconsider(assessment=assessment, organisation=organisation, reason="Something changed", by=by)

    def suspend(self, assessment: Assessment, key: str = "beta") -> None:
        organisation, by = self.world.organisations[key], self.person(key, "dpo")
        actions.suspend(assessment=assessment, organisation=organisation, reason="It must stop", by=by)

    def withdraw(self, assessment: Assessment) -> None:
        actions.withdraw(assessment=assessment, reason="Not needed now", by=self.person("alfa", "drafter"))


def put_on(assessment: Assessment, **reviews: str) -> Assessment:
    """The same DPIA on a template that asks these reviews."""
    asking = {"key": "nl-dpia-reviews", "reviews": {"privacy": "always", **reviews}}
    data = stored_form(assessment.template).model_copy(update=asking).document()
    number = int(digest(data)[:8], 16)
    fields = {"key": asking["key"], "version": f"1.0.{number}", "data": data, "state": "published"}
    row = Template.objects.get_or_create(sha256=digest(data), defaults=fields)[0]
    Assessment.objects.filter(pk=assessment.pk).update(template=row)
    return again(assessment)


def refused(*codes: str) -> pytest.RaisesExc[Refused]:
    """An action refuses for exactly these reasons."""
    return pytest.RaisesExc(Refused, check=lambda error: sorted(r.code for r in error.reasons) == sorted(codes))


def again(assessment: Assessment) -> Assessment:
    """As it stands in the database now."""
    return Assessment.objects.get(pk=assessment.pk)


def controllers(assessment: Assessment) -> list[Organisation]:
    return [row.organisation for row in assessment.controllers.select_related("organisation")]


def example(question: Question) -> Any:
    """An answer that fits any required question of the first template."""
    by_type = {"bool": True, "choice": question.options[0].key if question.options else ""}
    return ANSWERS.get(question.id, by_type.get(question.type, f"Example answer to {question.id}"))
