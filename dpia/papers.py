"""Papers under the questions of a DPIA: what may be kept, and which of them a frozen version holds on to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dpia.models import Assessment, Paper
from dpia.questions import Question
from station.reasons import Refused
from web.contents import is_program, is_whole
from web.uploads import check_size, ending_of, kept

KINDS = ("pdf", "png", "jpg", "jpeg", "docx", "odt")
MOST = 20
"""Papers under one question."""


@dataclass(frozen=True)
class Listed:
    """A paper as a version or a sheet names it."""

    name: str
    sha256: str
    where: str


def check(document: bytes, name: str) -> None:
    """Refused, with what is wrong, when a file is not one of the kinds, or not what its name says."""
    check_size(document)
    ending = ending_of(name)
    if is_program(document):
        raise Refused("paper.program", title=name)
    if ending not in KINDS:
        raise Refused("paper.kind", title=name, kinds=", ".join(KINDS).upper())
    if not is_whole(document, ending, name):
        raise Refused("paper.other", title=name, ending=ending.upper())


def check_stored(assessment: Assessment, question: Question, value: Any) -> None:
    """An answer names only papers that are kept in this DPIA."""
    if question.type != "attachment":
        return
    asked = {one["sha256"]: one["name"] for one in value or []}
    held = set(assessment.papers.filter(sha256__in=asked).values_list("sha256", flat=True))
    for sha256, name in asked.items():
        if sha256 not in held:
            raise Refused("paper.not_here", title=name)


def frozen(paper: Paper) -> bool:
    """Whether a version of the DPIA names it."""
    named = {"answers": [{"value": [{"sha256": paper.sha256}]}]}
    return paper.assessment.versions.filter(data__contains=named).exists()


def content(paper: Paper) -> bytes:
    """As it was added; refused when what is stored is something else."""
    found = kept(paper.file, paper.sha256)
    if found is None:
        raise Refused("paper.lost", title=paper.name)
    return found


def listed(answers: Iterable[Any]) -> Iterator[Listed]:
    """The papers of answers as people read them (``dpia.frozen.Answered``)."""
    for answer in answers:
        if answer.question.type == "attachment":
            where = f"{answer.label} ({answer.whose})" if answer.whose else answer.label
            yield from (Listed(one["name"], one["sha256"], where) for one in answer.value or [])
