"""The report of a run: what came out and what was left out, under which hash; for recipients only; page and PDF."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from computations.models import Result
from computations.reports.result import dominance
from station import analyses
from station.contract.canonical import digest
from tests.computations.pages import text, url
from tests.computations.trial import TABLE, Stations

Browser = Callable[..., Client]
BOTH = ("result_pdf", "result_print")


@pytest.fixture
def released(preparing: Stations) -> Stations:
    preparing.to_released()
    return preparing


def plain(page: Any) -> str:
    return "".join(page.extract_text().split())


def test_the_page_tells_method_parties_and_what_was_left_out(released: Stations, browser: Browser) -> None:
    client = browser("alfa", "dpo")
    page = text(client.get(url("result_print", released.run)))
    assert "Counts, per group, how many rows" in page, "the method in plain words"
    assert "Largest part of a sum" not in re.split("What was left out, and why", page)[1], "nothing is added up here"
    for said in (released.contract.sha256, digest(TABLE), "grouped_counts/2", "mpyc", "strictest partner"):
        assert said in page
    for party in released.run.terms.specification.parties:
        assert f'<th scope="row">{party.name}</th>' in page
    assert page.count('<td class="hash">grouped_counts/2</td>') == 3, "each station signed what it would run"
    assert '<th scope="row">blue</th><td class="number">30</td>' in page
    assert '<span class="hidden-visually">not shown</span>' in page and "2, of which 1 not shown" in page
    assert "None" not in page
    assert url("result_pdf", released.run) in text(client.get(url("result", released.run)))


def test_what_dominates_a_sum_is_told_where_sums_are() -> None:
    counts = analyses.get("grouped_counts").parameters
    declared = {"base": "rows", "group_by": [{"input": "rows", "column": "colour"}], "dominance_percent": 40}
    summed = declared | {"sums": [{"input": "rows", "column": "euros", "cap": 100}]}
    assert dominance(counts.model_validate(summed)) == 40
    assert dominance(counts.model_validate(declared)) is None
    assert dominance(analyses.get("survival")) is None, "knows no sums"


def test_the_pdf_is_tagged_numbered_and_names_the_hash_on_every_page(released: Stations, browser: Browser) -> None:
    answer = browser().get(url("result_pdf", released.run))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/Lang"] == "en"
    assert reader.metadata is not None and reader.metadata.title == "Report of a result: invented"
    assert len(reader.pages) > 1
    for number, page in enumerate(reader.pages, 1):
        assert released.contract.sha256 in plain(page)
        assert f"{number}/{len(reader.pages)}" in plain(page)
    assert digest(TABLE) in "".join(plain(page) for page in reader.pages)


def test_only_recipients_get_it(released: Stations, browser: Browser) -> None:
    for name in BOTH:
        assert browser("beta", "innovation_manager").get(url(name, released.run)).status_code == 403
        assert browser("gamma", "dpo").get(url(name, released.run)).status_code == 403
        assert Client().get(url(name, released.run)).status_code == 302


def test_what_is_not_on_the_platform_has_no_report(released: Stations, browser: Browser) -> None:
    Result.objects.all().delete()
    for name in BOTH:
        assert browser().get(url(name, released.run)).status_code == 404
    assert url("result_pdf", released.run) not in text(browser().get(url("result", released.run)))


def test_without_pango_there_is_a_page_to_print(
    released: Stations, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPango:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.startswith(("weasyprint", "web.pdf.fetching"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    answer = browser().get(url("result_pdf", released.run))
    assert answer.status_code == 503
    assert "cannot make a PDF" in text(answer) and url("result_print", released.run) in text(answer)
