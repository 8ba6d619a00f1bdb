"""Somebody who answers questions of a DPIA that is held for them meanwhile: rights and rows are read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Organisation, User
from dpia.checking import checked, empty, fingerprint, named
from dpia.measures import MEASURES, keep_due
from dpia.models import Answer, Assessment, EarlierAnswer
from dpia.papers import check_stored
from dpia.parts import Seat, seat
from dpia.sheet import Sheet, stands
from dpia.steps import in_state, lock, record
from dpia.template import Question, stored_form
from station.contract.canonical import digest
from station.reasons import Refused

SITTING = timedelta(minutes=10)
"""Who types on after a shorter pause is still at the same answer."""


@dataclass(frozen=True)
class Desk:
    assessment: Assessment
    seat: Seat

    @property
    def by(self) -> User:
        return self.seat.user

    def asked(self, key: str) -> Question:
        question = stored_form(self.assessment.template).question(key)
        if question is None:
            raise Refused("answer.unknown_question")
        return self.pointing(question)

    def pointing(self, question: Question) -> Question:
        """With what its references can be chosen from, and what it is verified against; only then all is read."""
        if not question.refers_to() and not question.of_facts:
            return question
        return Sheet(self.assessment).form.question(question.id) or question

    def stands(self, question: Question, whose: Organisation | None) -> tuple[Answer | None, Any]:
        return stands(self.assessment, question, whose)

    def save(
        self, question: Question, value: Any, whose: Organisation | None, *, seen: str | None = None,
        typing: bool = False, keep: bool = False,
    ) -> tuple[Answer | None, Any]:  # fmt: skip
        """The answer (None when there was nothing to save) and what stood there before.

        ``typing``: saved while somebody types; one sitting is one event, and keeps one earlier answer. ``keep``: not
        typed here, so what stood there is kept whoever wrote it, and the same is not saved again."""
        in_state(self.assessment, "draft", "response")
        acting = self._act(question, whose)
        value = checked(question, value)
        check_stored(self.assessment, question, value)
        given, stood = self.stands(question, whose)
        if seen is not None and _settled(digest(value), fingerprint(question, stood), seen, question):
            return None, stood
        sitting = given is not None and given.by_id == self.by.pk and timezone.now() - given.at < SITTING
        if keep and given is not None and given.value == value:
            return None, stood
        if given is not None and (keep or not sitting):
            self._keep(question, given.value, whose, given.by, given.at, "replaced")
        made = self._write(given or Answer(question=question.id, organisation=whose), value)
        if question.id == MEASURES:
            keep_due(self.assessment)
        if not (typing and sitting):
            record("assessment.answered", self.assessment, by=self.by, organisation=acting, question=question.id)
        return made, stood

    def set_aside(self, question: Question, value: Any, whose: Organisation | None) -> EarlierAnswer | None:
        """Keeps a text beside the answer, which stays as it is; None when exactly this was kept already."""
        acting = self._act(question, whose)
        value = checked(question, value)
        kept = self.assessment.earlier_answers.filter(question=question.id, organisation=whose, by=self.by, why="aside")
        if empty(value) or kept.filter(value=value).exists():
            return None
        record("assessment.text_kept", self.assessment, by=self.by, organisation=acting, question=question.id)
        return self._keep(question, value, whose, self.by, timezone.now(), "aside")

    def _act(self, question: Question, whose: Organisation | None) -> Organisation:
        """The controller for which this person answers it."""
        if (question.per == "controller") != (whose is not None):
            raise Refused("answer.whose", **named(question))
        acting = whose or self.seat.drafting_for()
        self.seat.act_as("draft_assessment", acting)
        return acting

    def _keep(
        self, question: Question, value: Any, whose: Organisation | None, by: User, at: datetime, why: str
    ) -> EarlierAnswer:
        fields = {"value": value, "by": by, "at": at, "why": why}
        return self.assessment.earlier_answers.create(question=question.id, organisation=whose, **fields)

    def _write(self, given: Answer, value: Any) -> Answer:
        given.assessment, given.value, given.by, given.at = self.assessment, value, self.by, timezone.now()
        given.save()
        return given


def at_desk(key: UUID, by: User) -> Desk:
    """Inside a transaction: nobody else answers this DPIA until it ends."""
    assessment = lock(key)
    return Desk(assessment, seat(assessment, by))


def _settled(mine: str, theirs: str, seen: str, asked: Question) -> bool:
    """Whether there is nothing to save; refused when both changed, and not into the same."""
    if mine in (seen, theirs):
        return True
    if theirs != seen:
        raise Refused("answer.changed", **named(asked))
    return False
