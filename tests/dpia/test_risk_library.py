"""Risks from the library: picked into the table beside one's own, and a table of hundreds of them."""

from __future__ import annotations

import pytest

from dpia.checks import CHECKS
from dpia.facts import YES_NO
from dpia.risk_library import library, shelves
from tests.dpia.pages import Pages, inputs, text
from tests.dpia.people import Cast


@pytest.fixture
def cast(full_once: Cast, db: None) -> Cast:
    return full_once


def test_every_entry_names_what_exists():
    themes = {theme.key for theme in library().themes}
    keys = [one.key for one in library().risks]
    assert len(keys) == len(set(keys)) >= 20
    for one in library().risks:
        assert one.theme in themes and set(one.when) <= set(YES_NO) and set(one.checks) <= set(CHECKS)


def test_what_does_not_fit_the_computation_is_not_suggested(pages: Pages):
    facts = pages.now.facts.data
    once = facts | {"specification": facts["specification"] | {"schedule": {"slots": 1}}}
    offered = {one.known.key for shelf in shelves(facts, []) for one in shelf.risks}
    offered_once = {one.known.key for shelf in shelves(once, []) for one in shelf.risks}
    assert offered - offered_once == {"linkage_across_runs"}
    assert "persons_named" not in offered and "small_cells" in offered


def test_a_picked_risk_becomes_a_row_beside_ones_own_and_is_saved_with_the_point(pages: Pages):
    opened = pages.opened("alfa", "drafter", "p16")
    chosen = {"risks-library": ["small_cells", "collusion", "nothing"], "pick": "risks"}
    page = pages.save("alfa", "drafter", "p16", opened | {"risks-0-risk": "Typed meanwhile"} | chosen)
    assert page.status_code == 200 and len(pages.value("risks")) == 2  # nothing is saved by it
    form = inputs(text(page))
    assert (form["risks-rows"], form["risks-0-risk"]) == ("4", "Typed meanwhile")
    assert form["risks-2-risk"].startswith("A small number") and form["risks-2-library"] == "small_cells"
    assert pages.save("alfa", "drafter", "p16", form).status_code == 302
    rows = pages.value("risks")
    assert [row.get("library") for row in rows] == [None, None, "small_cells", "collusion"]
    assert rows[0]["risk"] == "Typed meanwhile" and rows[2]["id"]
    assert text(pages.get("alfa", "drafter", "point", "p16")).count("stands in your table") == 2


def test_two_hundred_risks_are_kept_and_the_page_opens(pages: Pages):
    opened = pages.opened("alfa", "drafter", "p16")
    many = {
        f"risks-{n}-{key}": value
        for n in range(200)
        for key, value in {"id": f"many{n}", "risk": f"Risk {n}", "origin": "x", "likelihood": "low", "impact": "high",
                           "likelihood_after": "low", "impact_after": "low"}.items()
    }  # fmt: skip
    assert pages.save("alfa", "drafter", "p16", opened | many, risks__rows="200").status_code == 302
    assert len(pages.value("risks")) == 200
    page = text(pages.get("alfa", "drafter", "point", "p16"))
    assert "Risk 199" in page and "impact high: risk 1, 2, 3" in page
    assert text(pages.get("alfa", "drafter", "point", "p17")).count('value="many199"') == 2


def test_a_megabyte_in_a_cell_is_told_with_its_place_and_stays_in_the_form(pages: Pages):
    opened = pages.opened("alfa", "drafter", "p16")
    huge = "ë" * 1_000_000
    page = pages.save("alfa", "drafter", "p16", opened, risks__1__origin=huge)
    assert page.status_code == 422
    assert "row 2: the text at &#x27;How it can happen&#x27; is too long, at most 2000 characters" in text(page)
    assert inputs(text(page))["risks-1-origin"] == huge
    saved = pages.client.post(pages.url("autosave", "p16"), opened | {"risks-1-origin": huge})
    assert saved.json()["questions"]["risks"]["state"] == "refused"
    assert "too long" in saved.json()["questions"]["risks"]["said"]
    assert pages.value("risks")[1]["origin"] == "Another task"
