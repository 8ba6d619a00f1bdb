"""The people of three invented organisations, doing what a DPIA asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from dpia import actions
from dpia.models import Assessment
from dpia.sheet import Sheet
from dpia.template import Question
from tests.collaborations.world import World

ROAD = ("draft", "filled", "privacy_review", "dpo_advice", "response", "adoption", "adopted")
RISK = {
    "risk": "Something follows from a small group", "likelihood": "medium", "impact": "high",
    "measure": "A threshold", "owner": "Alfa", "likelihood_after": "low", "impact_after": "medium",
}  # fmt: skip
ANSWERS: dict[str, Any] = {"risks": [RISK], "rights": ["privacy_statement"]}


@dataclass
class Cast:
    """``at`` makes a DPIA and walks it to a state; the other methods are one part each, played by all controllers."""

    world: World

    def person(self, key: str, role: str) -> User:
        return self.world.person(key, role)

    def at(self, state: str, **spec: Any) -> Assessment:
        assessment = self.world.use_case_at("assessing", **spec).assessment
        assert assessment is not None
        return self.to(state, assessment)

    def to(self, state: str, assessment: Assessment) -> Assessment:
        """From a draft on: ``filled`` is a draft that can be submitted; then the states of the lifecycle."""
        steps = {
            "draft": lambda: None, "filled": lambda: self.fill(assessment), "privacy_review": lambda: self.submit(assessment),
            "dpo_advice": lambda: self.review(assessment), "response": lambda: self.advise(assessment),
            "adoption": lambda: self.propose(assessment), "adopted": lambda: self.adopt(assessment),
        }  # fmt: skip
        for name in ROAD[: ROAD.index(state) + 1]:
            steps[name]()
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
        for organisation in controllers(assessment):
            by = self.person(organisation.slug, "privacy_officer")
            actions.review(assessment=assessment, organisation=organisation, verdict=verdict, by=by, **fields)

    def advise(self, assessment: Assessment, verdict: str = "positive", items: tuple[str, ...] = ()) -> None:
        for organisation in controllers(assessment):
            by = self.person(organisation.slug, "dpo")
            actions.advise(assessment=assessment, organisation=organisation, verdict=verdict, items=items, by=by)

    def respond(self, assessment: Assessment) -> None:
        version = again(assessment).submitted_version
        assert version is not None
        for item in version.items().filter(response=None):
            actions.respond(item=item, decision="follow", by=self.person("alfa", "drafter"))

    def propose(self, assessment: Assessment) -> None:
        actions.propose_adoption(assessment=assessment, by=self.person("alfa", "drafter"))

    def adopt(self, assessment: Assessment) -> None:
        for organisation in controllers(assessment):
            by = self.person(organisation.slug, "mandated_manager")
            actions.adopt(assessment=assessment, organisation=organisation, by=by)

    def consult(self, assessment: Assessment) -> None:
        by = self.person("alfa", "drafter")
        actions.consult_authority(assessment=assessment, reference="z2026-1", asked_on=timezone.localdate(), by=by)


def again(assessment: Assessment) -> Assessment:
    """As it stands in the database now."""
    return Assessment.objects.get(pk=assessment.pk)


def controllers(assessment: Assessment) -> list[Organisation]:
    return [row.organisation for row in assessment.controllers.select_related("organisation")]


def example(question: Question) -> Any:
    """An answer that fits any required question of the first template."""
    by_type = {"bool": True, "choice": question.options[0].key if question.options else ""}
    return ANSWERS.get(question.id, by_type.get(question.type, f"Example answer to {question.id}"))
