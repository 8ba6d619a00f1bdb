"""The files that come along with the form of a point: kept at once, whichever button was pressed."""

from __future__ import annotations

from django.utils.datastructures import MultiValueDict

from accounts.models import User
from dpia import actions
from dpia.forms import sentences
from dpia.models import Assessment
from dpia.template import Point
from station.reasons import Refused
from web.uploads import LARGEST

BUTTON = "attach"
MOST_AT_ONCE = 10


def attached(files: MultiValueDict, assessment: Assessment, point: Point, by: User) -> dict[str, list[str]]:
    """Question to what was wrong with its files; those that were right are kept."""
    wrong: dict[str, list[str]] = {}
    for question in point.questions:
        if question.type != "attachment":
            continue
        for file in files.getlist(f"file-{question.id}")[:MOST_AT_ONCE]:
            try:
                if (file.size or 0) > LARGEST:  # not read into memory
                    raise Refused("upload.large", mebibytes=LARGEST // 1024 // 1024)
                actions.add_paper(
                    assessment=assessment, question=question.id, document=file.read(), document_name=file.name or "",
                    by=by,
                )  # fmt: skip
            except Refused as refusal:
                wrong.setdefault(question.id, []).extend(sentences(refusal))
    return wrong
