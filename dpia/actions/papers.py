"""Adding a paper under a question of a DPIA, and taking it away again."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from accounts.models import User
from dpia.desk import Desk, at_desk
from dpia.models import Assessment, Paper
from dpia.papers import MOST, check, frozen
from dpia.steps import in_state, record
from station.reasons import Refused
from web.uploads import plain_name


@transaction.atomic
def add_paper(*, assessment: Assessment, question: str, document: bytes, document_name: str, by: User) -> Paper:
    """Keeps the file as it came, with its hash, and names it in the answer; of the controller for which ``by`` drafts
    where each answers for itself."""
    desk = at_desk(assessment.pk, by)
    in_state(desk.assessment, "draft", "response")
    asked = desk.asked(question)
    if asked.type != "attachment":
        raise Refused("answer.form")
    whose = desk.seat.drafting_for() if asked.per == "controller" else None
    name = plain_name(document_name)
    check(document, name)
    sha256 = hashlib.sha256(document).hexdigest()
    held: list[dict[str, Any]] = desk.stands(asked, whose)[1] or []
    if any(one["sha256"] == sha256 for one in held):
        raise Refused("paper.twice", title=name)
    if len(held) >= MOST:
        raise Refused("paper.many", limit=MOST)
    paper = desk.assessment.papers.filter(question=question, organisation=whose, sha256=sha256).first()
    if paper is None:  # else it was taken away after a version was frozen, and is kept
        paper = Paper(
            assessment=desk.assessment, question=question, organisation=whose, name=name, sha256=sha256,
            size=len(document), by=by,
        )  # fmt: skip
        paper.file.save(sha256, ContentFile(document), save=False)
        paper.save()
    desk.save(asked, [*held, {"name": name, "sha256": sha256}], whose)
    _record("assessment.paper_added", desk, paper)
    return paper


@transaction.atomic
def remove_paper(*, paper: Paper, by: User) -> None:
    """Out of the answer; and out of the store, unless a version that was frozen with it holds on to it."""
    desk = at_desk(paper.assessment_id, by)
    in_state(desk.assessment, "draft", "response")
    asked = desk.asked(paper.question)
    held: list[dict[str, Any]] = desk.stands(asked, paper.organisation)[1] or []
    left = [one for one in held if one["sha256"] != paper.sha256]
    desk.save(asked, left, paper.organisation)
    _record("assessment.paper_removed", desk, paper)
    if not frozen(paper):
        transaction.on_commit(partial(_erase, paper.file.storage, str(paper.file.name)))
        paper.delete()


def _erase(storage: Storage, name: str) -> None:
    storage.delete(name)


def _record(event: str, desk: Desk, paper: Paper) -> None:
    organisation = paper.organisation or desk.seat.drafting_for()
    facts = {"question": paper.question, "title": paper.name, "sha256": paper.sha256}
    record(event, desk.assessment, by=desk.by, organisation=organisation, **facts)
