"""A DPIA as a document: what stands in each kind, tagged, with hash and version on every page."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from pypdf import PdfReader

from dpia import actions, report
from dpia.catalogue import shipped_keys
from dpia.facts import FACTS
from dpia.matrices import matrix
from dpia.models import Report
from dpia.reading import EMPTY, WIDEST, Shown
from dpia.risk_matrix import pictures
from dpia.template import from_file
from tests.dpia.pages import Pages, text
from tests.dpia.people import RISK, refused


@pytest.fixture
def adopted(pages: Pages, settings, tmp_path) -> Pages:
    settings.MEDIA_ROOT = tmp_path
    pages.at("dpo_advice")
    pages.cast.advise(pages.now, verdict="conditional", items=("Tell people beforehand",))
    pages.cast.respond(pages.now)
    pages.cast.propose(pages.now)
    pages.cast.adopt(pages.now)
    return pages


def compact(page: Any) -> str:
    return re.sub(r"\s+", "", page.extract_text())


def figures(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for one in node for alt in figures(one)]
    if not isinstance(node, dict):
        return []
    mine = [str(node["/Alt"])] if node.get("/S") == "/Figure" else []
    return mine + figures(node.get("/K", []))


def test_the_whole_dpia_as_a_tagged_pdf_with_hash_and_version_on_every_page(adopted: Pages):
    version = adopted.now.current_version
    read = PdfReader(io.BytesIO(report.pdf(adopted.now, "full", "en", version)))
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    for number, page in enumerate(read.pages, start=1):
        found = compact(page)
        for words in (version.sha256, f"version{version.number}·nl-dpia-pet-core", f"{number}/{len(read.pages)}"):
            assert words in found, (number, words)
    assert any("Likelihood medium and impact high: risk 1" in alt for alt in figures(root["/StructTreeRoot"]))
    whole = "".join(compact(page) for page in read.pages)
    for words in ("Exampleanswertonecessity", "Tellpeoplebeforehand", "AdviceoftheDPOofAlfa"):
        assert words in whole


def test_what_stands_in_each_kind(adopted: Pages):
    version = adopted.now.current_version
    kinds = {kind: report.html(adopted.now, kind, "en", version) for kind in report.KINDS}
    assert all(version.sha256 in found and "<h1>" in found for found in kinds.values())
    has = {kind: ("Example answer to necessity" in t, RISK["risk"] in t, "Tell people beforehand" in t, "<svg" in t)
           for kind, t in kinds.items()}  # fmt: skip
    assert has == {
        "full": (True, True, True, True), "summary": (False, True, True, True),
        "public": (True, False, False, False), "advice": (False, False, True, False),
    }  # fmt: skip
    people = [adopted.cast.person(key, role).full_name for key in ("alfa", "beta") for role in ("drafter", "dpo")]
    assert not any(name in found for name in people for found in kinds.values())


def test_of_every_fact_it_is_decided_whether_everybody_may_read_it():
    asked = {q.autofill.fact for key in shipped_keys() for q in from_file(key).questions() if q.autofill}
    assert report.PUBLIC_FACTS | set(report.INSIDE_FACTS) == set(FACTS)
    assert report.PUBLIC_FACTS.isdisjoint(report.INSIDE_FACTS)
    assert asked <= set(FACTS)
    questions = {q.id: q for key in shipped_keys() for q in from_file(key).questions()}
    assert set(questions) >= report.PUBLIC_QUESTIONS
    told = [q for q in questions.values() if report.is_public(q)]
    assert not any(q.type in ("risk_table", "measure_table", "attachment") for q in told)
    shown = " ".join(f"{q.id} {q.label.en}" for q in told)
    assert not any(word in shown for word in ("risk", "measure", "station"))


def test_before_it_is_handed_over_the_document_says_so(pages: Pages):
    page = report.html(pages.at("draft").now, "full", "en")
    assert "as it is now; not handed over" in page
    assert "Example answer to necessity" in page


def test_a_worker_makes_it_and_everybody_who_reads_may_have_it(adopted: Pages):
    page = adopted.post("beta", "privacy_officer", "reports", kind="public", language="nl", version="now")
    assert page.status_code == 302
    asked = Report.objects.get()
    assert "waiting for a worker" in text(adopted.get("beta", "privacy_officer", "report", asked.pk))
    assert adopted.get("beta", "privacy_officer", "report_pdf", asked.pk).status_code == 404
    for _twice in range(2):
        actions.make_report(report_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.percent) == ("ready", 100)
    got = adopted.get("beta", "dpo", "report_pdf", asked.pk)
    assert got.content.startswith(b"%PDF-")
    row = text(adopted.get("beta", "privacy_officer", "report", asked.pk))
    assert asked.sha256 in row
    assert "hx-get" not in row


def test_one_that_fails_can_be_asked_for_again_and_printed(adopted: Pages, monkeypatch):
    by = adopted.cast.person("alfa", "drafter")
    asked = actions.ask_report(assessment=adopted.now, kind="full", language="en", by=by)
    monkeypatch.setattr("dpia.report.tagged_pdf", lambda _text: 1 / 0)
    monkeypatch.setattr("dpia.actions.reporting.document.tagged_pdf", lambda _text: 1 / 0)
    actions.make_report(report_id=asked.pk)
    page = text(adopted.get("alfa", "drafter", "reports"))
    assert "It could not be made" in page
    assert "Example answer to necessity" in text(adopted.get("alfa", "drafter", "report_print", "full"))
    assert adopted.get("alfa", "drafter", "report_print", "weather").status_code == 404


def test_what_cannot_be_made_is_refused(pages: Pages):
    mine = {"assessment": pages.at("draft").now, "by": pages.cast.person("alfa", "drafter")}
    with refused("report.kind"):
        actions.ask_report(kind="weather", language="nl", **mine)
    with refused("report.kind"):
        actions.ask_report(kind="full", language="fr", **mine)
    with refused("report.no_version"):
        actions.ask_report(kind="advice", language="nl", **mine)


def test_the_picture_says_in_words_what_it_shows():
    rows = [RISK, RISK | {"likelihood": "high"}, {"risk": "half a row"}]
    with override("en"):
        before, after = pictures(rows, matrix())
    assert "medium and impact high: risk 1 (high)" in before.said
    assert "high and impact high: risk 2 (high)" in before.said
    assert "low and impact medium: risk 1, 2 (low)" in after.said
    assert pictures([{"risk": "nothing yet"}], matrix()) == []
    many = pictures([RISK] * 200, matrix())[0]
    assert [line.text for cell in many.cells for line in cell.lines][-1] == "…"


@override("en")
def test_the_picture_says_which_matrix_it_follows_and_where_the_other_one_differs():
    rare = {"likelihood": "low", "impact": "high"}
    here, there = (pictures([rare], matrix(key))[0] for key in ("nicpet", "rijk"))
    assert "risk 1 (medium)" in here.said and "risk 1 (low)" in there.said
    assert here.used.endswith("With the matrix of the central government's form risk 1 would be low.")
    assert there.used.endswith("With the matrix of this platform risk 1 would be medium.")


def test_a_table_that_is_too_wide_for_paper_is_read_row_by_row():
    wide = Shown("table", columns=[f"c{n}" for n in range(WIDEST + 1)], rows=[[Shown("text", "x"), *[EMPTY] * WIDEST]])
    page = render_to_string("dpia/report_value.html", {"shown": wide, "label": "All"})
    assert "<dt>c0</dt><dd>x</dd></dl>" in page
    assert "<table" not in page
    narrow = Shown("table", columns=["c"], rows=[[Shown("text", "x")]])
    assert "<table" in render_to_string("dpia/report_value.html", {"shown": narrow, "label": "All"})
