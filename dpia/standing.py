"""How far a DPIA is: per controller, per point, and what the last turn back was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation
from audit.models import Event
from dpia.lifecycle import ASSESSMENT
from dpia.models import Adoption, Advice, Assessment, Review, Version
from dpia.reviewers import asked, asked_now
from dpia.sheet import Open, Sheet
from dpia.template import Point
from dpia.turns import done

ROAD = ("draft", "privacy_review", "dpo_advice", "response", "adoption", "adopted")
TURNS_BACK = (
    "assessment.sent_back", "assessment.facts_changed", "assessment.facts_bound", "assessment.reopened",
    "assessment.adoption_declined", "assessment.under_review", "assessment.suspended", "assessment.withdrawn",
)  # fmt: skip
MOVES = {*(transition.event for transition in ASSESSMENT.values()), "assessment.facts_bound"}


@dataclass(frozen=True)
class ReviewStanding:
    """One review that is asked of a controller; ``waiting``: whether it has to be given now."""

    kind: str
    review: Review | None
    waiting: bool

    @property
    def label(self) -> str:
        return str(dict(Review.KINDS)[self.kind])


@dataclass(frozen=True)
class ControllerStanding:
    """What one controller did in this round; ``waiting``: the state in which it has to do something now."""

    organisation: Organisation
    open: list[Open]
    reviews: list[ReviewStanding]
    advice: Advice | None
    adoption: Adoption | None
    waiting: str

    @property
    def advises(self) -> bool:
        return self.waiting == "dpo_advice"

    @property
    def adopts(self) -> bool:
        return self.waiting == "adoption"


@dataclass(frozen=True)
class PointStanding:
    point: Point
    open: list[Open]

    @property
    def waiting_for(self) -> list[str]:
        """The controllers whose own answers are missing."""
        return sorted({one.organisation.name for one in self.open if one.organisation})


@dataclass(frozen=True)
class Progress:
    """How many of the required answers are there and complete, in one point and in the whole DPIA."""

    done: int
    total: int
    whole_done: int
    whole_total: int

    @property
    def percent(self) -> int:
        return round(100 * self.whole_done / self.whole_total) if self.whole_total else 100


def progress(sheet: Sheet, point: Point) -> Progress:
    left = {(one.question.id, one.organisation) for one in sheet.open()}
    asked = [(question, (question.id, whose) not in left) for question, whose in sheet.required()]
    here_asked = {question.id for question in point.questions}
    here = [done for question, done in asked if question.id in here_asked]
    return Progress(sum(here), len(here), sum(done for _question, done in asked), len(asked))


def controllers(assessment: Assessment, sheet: Sheet) -> list[ControllerStanding]:
    submitted, left, finished = assessment.submitted_version, list(sheet.open()), done(assessment)
    put_up = assessment.versions.filter(reason="adoption", round=assessment.round).order_by("-number").first()
    reviews = _reviews(assessment, submitted, sheet)
    advices = _by_organisation(submitted.advices.all()) if submitted else {}
    adoptions = _by_organisation(put_up.adoptions.all()) if put_up else {}
    return [
        ControllerStanding(
            one, [o for o in left if o.organisation == one], reviews[one.pk], advices.get(one.pk),
            adoptions.get(one.pk), "" if one.pk in finished else assessment.state,
        )
        for one in sheet.controllers
    ]  # fmt: skip


def _reviews(
    assessment: Assessment, submitted: Version | None, sheet: Sheet
) -> dict[int, list[ReviewStanding]]:
    """Before the hand-over: what would be asked now."""
    now = asked_now(sheet.form, sheet.controllers)
    ahead = ((one, kind) for one in sheet.controllers for kind in now[one.slug])
    pairs = asked(submitted, sheet.controllers) if submitted else ahead
    rows = submitted.reviews.select_related("by") if submitted else []
    given = {(row.organisation_id, row.kind): row for row in rows}
    busy = assessment.state == "privacy_review"
    found: dict[int, list[ReviewStanding]] = {one.pk: [] for one in sheet.controllers}
    for organisation, kind in pairs:
        row = given.get((organisation.pk, kind))
        found[organisation.pk].append(ReviewStanding(kind, row, busy and row is None))
    return found


def points(sheet: Sheet) -> list[PointStanding]:
    place = {question.id: point.id for point in sheet.form.points() for question in point.questions}
    left: dict[str, list[Open]] = {}
    for one in sheet.open():
        left.setdefault(place[one.question.id], []).append(one)
    return [PointStanding(point, left.get(point.id, [])) for point in sheet.form.points()]


def road(state: str) -> list[tuple[str, str]]:
    """The states in order with ``done``, ``current`` or nothing; a state beside the road stands at its end."""
    states = [*ROAD] if state in ROAD else [*(ROAD[:4] if state == "prior_consultation" else ROAD), state]
    at = states.index(state)
    marks = ["done" if n < at or state == "adopted" else "current" if n == at else "" for n in range(len(states))]
    return list(zip(states, marks, strict=True))


def turned_back(assessment: Assessment) -> Event | None:
    """The event that brought the DPIA to this state, when that was a step back or a stop."""
    last = Event.objects.about(assessment).filter(type__in=MOVES).first()
    return last if last is not None and last.type in TURNS_BACK else None


def _by_organisation(rows: Any) -> dict[int, Any]:
    return {row.organisation_id: row for row in rows.select_related("by", "organisation")}
