"""A released table on the platform: for members of the recipients, with what was left out, and harmless as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation, User
from computations import actions
from computations.models import Result, Run
from computations.table import cross, plain_cell
from tests.collaborations.world import new_person
from tests.computations.pages import text, url
from tests.computations.trial import TABLE, Stations, survival

Browser = Callable[..., Client]
TWO_GROUPS = {
    "columns": ["region", "section", "count"],
    "rows": [["North", "A", 30], ["North", "B", None], ["South", "A", None], ["South", "B", 250]],
    "suppressed": 2,
}


@pytest.fixture
def released(preparing: Stations) -> Stations:
    preparing.to_released()
    return preparing


def show(released: Stations, table: dict[str, Any]) -> None:
    """Another table in the place of the released one; only to look at the page."""
    Result.objects.update(table=table)


def rows(client: Client, released: Stations) -> list[list[str]]:
    answer = client.get(url("result_csv", released.run))
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_members_of_a_recipient_see_the_table(released: Stations, browser: Browser) -> None:
    page = text(browser("alfa", "dpo").get(url("result", released.run)))
    assert '<th scope="row">blue</th><td class="number">30</td>' in page
    assert "2, of which 1 not shown" in page
    assert "below the threshold of 10" in page, "and why"
    assert Result.objects.get().sha256 in page
    assert 'data-chart="chart-1" data-kind="long"' in page and 'id="chart-1"' in page


def test_a_suppressed_cell_is_no_number_and_read_out_as_such(released: Stations, browser: Browser) -> None:
    page = text(browser().get(url("result", released.run)))
    assert '<span class="hidden-visually">not shown</span>' in page
    assert "None" not in page


def test_other_partners_are_told_and_strangers_see_nothing(released: Stations, browser: Browser) -> None:
    for name in ("result", "result_csv"):
        assert browser("beta", "innovation_manager").get(url(name, released.run)).status_code == 403
        assert browser("gamma", "dpo").get(url(name, released.run)).status_code == 403
    stranger = Client()
    outside = Organisation.objects.create(slug="other", name="Other")
    stranger.force_login(new_person("x@other.example", outside, "innovation_manager"))
    for name in ("result", "result_csv"):
        assert stranger.get(url(name, released.run)).status_code == 404
        assert Client().get(url(name, released.run)).status_code == 302, "logged out: first log in"


def test_two_groups_stand_as_rows_and_columns(released: Stations, browser: Browser) -> None:
    show(released, TWO_GROUPS)
    page = text(browser().get(url("result", released.run)))
    assert 'data-kind="cross"' in page
    north = page[page.index('<th scope="row">North') : page.index('<th scope="row">South')]
    assert north.index(">30<") < north.index("not shown")


def test_a_table_without_two_groups_is_not_turned() -> None:
    assert cross(TABLE) is None
    turned = cross(TWO_GROUPS)
    assert turned is not None and turned.rows == [("North", [30, None]), ("South", [None, 250])]


def test_csv_holds_the_whole_table(released: Stations, browser: Browser) -> None:
    assert rows(browser(), released) == [["colour", "count"], ["blue", "30"], ["red", ""]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_takes_a_cell_of_the_csv_for_a_formula(
    released: Stations,
    browser: Browser,
    start: str,
) -> None:
    evil = f"{start}1+cmd|' /C calc'!A0"
    show(released, {"columns": [evil, "count"], "rows": [[evil, 30]], "suppressed": 0})
    (heading, cell) = (row[0] for row in rows(browser(), released))
    assert heading.startswith("'") and cell.startswith("'")
    assert plain_cell(-5) == -5, "numbers stay numbers"


def test_text_in_a_table_is_never_markup(released: Stations, browser: Browser) -> None:
    show(released, {"columns": ["colour", "count"], "rows": [["<script>x</script>", 30]], "suppressed": 0})
    assert b"<script>x" not in browser().get(url("result", released.run)).content


def test_before_release_there_is_nothing_to_see(preparing: Stations, browser: Browser) -> None:
    preparing.to_checking()
    assert "not on the platform" in text(browser().get(url("result", preparing.run)))
    assert browser().get(url("result_csv", preparing.run)).status_code == 404


def test_an_output_of_another_name_is_not_there(released: Stations, browser: Browser) -> None:
    assert browser().get(url("result_csv", released.run), {"output": "other"}).status_code == 404


# --- survival ---

CURVES = {
    "columns": ["arm", "from", "to", "at_risk", "events", "survival", "lower", "upper"],
    "rows": [
        ["A", 0, 3, 40, 4, "0.9000", "0.7552", "0.9612"], ["A", 3, 9, 30, 3, "0.8100", "0.6488", "0.9022"],
        ["A", 9, 12, None, None, None, None, None],
        ["B", 0, 3, 35, 6, "0.8286", "0.6576", "0.9192"], ["B", 3, 9, 22, 5, "0.6403", "0.4453", "0.7822"],
        ["B", 9, 12, None, None, None, None, None],
    ],
    "suppressed": 2,
}  # fmt: skip
TEST = {"columns": ["measure", "value"], "rows": [["observed A", 7], ["expected A", "9.9123"], ["p_value", "0.0412"]],
        "suppressed": 0}  # fmt: skip


@pytest.fixture
def followed(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> Run:
    """A run of which curves and test were released."""
    stations = make_stations(of=survival)
    run = actions.schedule_run(contract=stations.contract, by=asker())
    Run.objects.update(state="released")
    for name, table in (("curves", CURVES), ("test", TEST)):
        alfa = stations.sides["alfa"].organisation
        Result.objects.create(run=run, output=name, table=table, sha256="0" * 64, received_from=alfa, at=run.queued_at)
    return run


def test_curves_have_their_table_and_say_what_is_not_shown(followed: Run, browser: Browser) -> None:
    page = text(browser().get(url("result", followed)))
    assert 'data-chart="chart-1" data-kind="curves"' in page
    assert "At risk at the start" in page and ">0.6403<" in page
    assert "at least 3 events in it and 10 people at risk" in page
    assert "After the last interval" in page
    assert "of which 2 not shown" not in page, "that is said of cells"


def test_the_test_is_told_in_words_and_without_a_chart(followed: Run, browser: Browser) -> None:
    page = text(browser().get(url("result", followed)))
    assert "Expected events in group A, if the groups did not differ" in page
    assert "does not say why" in page
    assert 'id="chart-2"' not in page


def test_json_holds_the_table_as_it_was_signed(followed: Run, browser: Browser) -> None:
    for name, table in (("curves", CURVES), ("test", TEST)):
        answer = browser().get(url("result_json", followed), {"output": name})
        assert answer["Content-Disposition"].endswith(f'"{name}-1.json"')
        document = answer.json()
        assert document["table"] == table
        assert (document["analysis"], document["contract"]) == ("survival/1", followed.contract.sha256)
    assert browser().get(url("result_json", followed), {"output": "other"}).status_code == 404
    assert browser("gamma", "dpo").get(url("result_json", followed)).status_code == 403
