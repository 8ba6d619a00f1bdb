"""Two versions, or two dossiers, question by question."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from dpia import actions
from dpia.compare import differences, words
from dpia.frozen import Answered, AnsweredPoint
from dpia.reading import shown
from dpia.template import from_file
from tests.dpia.pages import Pages, text


def test_what_changed_is_readable_word_by_word(pages: Pages):
    pages.cast.submit(pages.at("draft").now)
    actions.send_back(
        assessment=pages.now, organisation=pages.cast.world.organisations["beta"], reason="x",
        by=pages.cast.person("beta", "privacy_officer"),
    )  # fmt: skip
    by = pages.cast.person("alfa", "drafter")
    actions.answer(assessment=pages.now, question="necessity", value="Example reply to necessity", by=by)
    page = text(pages.get("gamma", "privacy_officer", "compare"))
    assert "Example <del>answer</del><ins>reply</ins> to necessity" in page
    assert "advice starts again" in page
    assert "Example answer to context" not in page
    whole = text(pages.client.get(pages.url("compare") + "?old=1&new=now&all=yes"))
    assert "the same" in whole


def test_only_versions_and_dossiers_that_one_may_read(pages: Pages):
    pages.cast.submit(pages.at("draft").now)
    pages.login("alfa", "drafter")
    for odd in ("9", "x", "-1", str(uuid.uuid4()), "99999999999"):
        assert pages.client.get(pages.url("compare"), {"old": odd}).status_code == 404
    own = pages.now.context_id
    assert "Nothing differs" in text(pages.client.get(pages.url("compare"), {"old": own, "new": "1"}))


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_are_both_texts(before: str, after: str):
    pieces = list(words(before, after))
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after


def test_a_whole_dpia_is_compared():
    form = from_file("nl-dpia-pet")
    sides = [
        [
            AnsweredPoint(point, [
                Answered(q, "Label", "", f"{side} {q.id} words " * 40, shown(q, f"{side} {q.id} words " * 40), "")
                for q in point.questions if q.type in ("text", "longtext")
            ])
            for point in form.points()
        ]
        for side in ("one", "two")
    ]  # fmt: skip
    found = differences(*sides)
    assert len(found) > 20
    assert all(one.kind == "changed" and one.pieces for one in found)
