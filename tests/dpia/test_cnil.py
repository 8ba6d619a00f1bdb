"""A DPIA for the CNIL's PIA software: its structure, its sections, and no markup of somebody's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from dpia import cnil
from dpia.sheet import Sheet
from tests.dpia.test_full_template import FORM
from tests.dpia.test_full_template import facts as facts
from tests.dpia.test_official import Paper
from tests.dpia.test_official import answers as answers

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECTIONS = {111, 112, 113, 121, 122, 123, 211, 212, 213, 214, 215, 221, 222, 223, 224, 225, 226, 227, 311,
            *range(321, 327), *range(331, 337), *range(341, 347)}  # fmt: skip


def test_every_question_has_a_section_that_exists():
    ours, asked = cnil.mapping(), [question.id for question in FORM.questions()]
    named = [key for keys in ours.sections.values() for key in keys]
    assert set(named) <= set(asked)
    assert len(set(named)) == len(named)
    assert {*ours.sections, *ours.rest.values()} <= SECTIONS
    assert set(ours.rest) == {point.number for point in FORM.points()}


def test_what_comes_out_is_what_the_software_takes(facts, answers, monkeypatch):
    sheet = Paper(facts, answers | {"scope": "<script>alert(1)</script> **bold**"})
    sheet.assessment.title = "A joint DPIA"
    found = cnil.document(sheet, AT)
    assert set(found) == {"pia", "answers", "measures", "evaluations", "comments"}
    assert found["pia"]["status"] == 0
    by_section = {one["reference_to"]: one["data"] for one in found["answers"]}
    assert len(by_section) == len(found["answers"])
    assert set(by_section) <= SECTIONS
    for one in found["answers"]:
        assert set(one) == {"id", "pia_id", "reference_to", "data", "created_at"}
        assert set(one["data"]) == {"text", "gauge", "list"}
    assert "<script>" not in by_section[111]["text"]
    assert "<strong>bold</strong>" in by_section[111]["text"]
    assert "<table>" in by_section[121]["text"]
    assert by_section[321]["list"] == [row["risk"] for row in answers["risks"]]
    assert by_section[324]["list"] == [one["title"] for one in found["measures"]]
    assert by_section[325]["gauge"] in (2, 3, 4)
    json.dumps(found)


def test_everybody_who_reads_the_dpia_may_have_it(pages, at):
    at("draft")
    found = json.loads(pages.get("beta", "dpo", "cnil").content)
    assert found["pia"]["name"] == pages.now.title
    assert any(one["reference_to"] == 321 and one["data"]["list"] for one in found["answers"])
    people = [pages.cast.person("alfa", role).full_name for role in ("drafter", "dpo")]
    assert not any(name in json.dumps(found) for name in people)
    assert Sheet(pages.now).values()["risks"][0]["risk"] in json.dumps(found)
