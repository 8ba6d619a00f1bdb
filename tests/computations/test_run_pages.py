"""The page of a run: what happens, who is to blame, what now, and what may be done."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.models import Organisation, User
from computations import actions
from computations.models import Run
from tests.computations.pages import text, url
from tests.computations.trial import TABLE, Stations

Browser = Callable[..., Client]


def progress(client: Client, run: Run, seen: str = "") -> str:
    answer = client.get(url("progress", run), {"seen": seen})
    return text(answer) if answer.status_code == 200 else str(answer.status_code)


def test_the_page_asks_again_until_the_run_has_ended(preparing: Stations, browser: Browser) -> None:
    client = browser()
    page = text(client.get(url("run", preparing.run)))
    assert 'hx-trigger="every 2s"' in page and "stations are getting ready" in page
    preparing.to_released()
    ended = progress(client, preparing.run)
    assert "hx-trigger" not in ended and "To the result" in ended


def test_phases_of_each_station_are_shown(preparing: Stations, browser: Browser) -> None:
    preparing.all_ready()
    path = f"runs/{preparing.run.pk}/attempts/1/progress"
    assert preparing.sides["beta"].call("PUT", path, {"phase": "matching", "percent": 40}).status_code == 200
    shown = progress(browser(), preparing.run)
    assert 'Beta <span class="soft">– aligning the lists, blinded' in shown
    assert 'id="beta" max="100" value="40"' in shown


def test_a_page_that_has_everything_gets_nothing(preparing: Stations, browser: Browser) -> None:
    client = browser()
    seen = client.get(url("progress", preparing.run)).context["seen"]
    assert progress(client, preparing.run, seen) == "204"
    preparing.ready("alfa")
    assert "ready" in progress(client, preparing.run, seen)


def test_cancelling_asks_for_a_reason_first(preparing: Stations, browser: Browser) -> None:
    client = browser()
    address = url("cancel", preparing.run)
    assert "cannot be resumed" in text(client.get(address))
    assert client.post(address, {"reason": " "}).status_code == 422
    assert preparing.state() == "preparing"
    assert client.post(address, {"reason": "The wrong month"}).status_code == 302
    assert preparing.state() == "cancelled"
    shown = progress(client, preparing.run)
    assert "The wrong month" in shown and "threw their shares away" in shown and "Start a new run" in shown


def test_who_may_not_cancel_gets_no_button_and_no_page(preparing: Stations, browser: Browser) -> None:
    client = browser("beta", "privacy_officer")
    assert "Cancel this run" not in progress(client, preparing.run)
    assert client.post(url("cancel", preparing.run), {"reason": "x"}).status_code == 403
    assert preparing.state() == "preparing"


def test_a_refusal_names_the_station_and_what_now(preparing: Stations, browser: Browser) -> None:
    preparing.refuse("gamma")
    shown = progress(browser(), preparing.run)
    assert "Can be mended by: Gamma" in shown
    assert "Nothing was computed" in shown


def test_an_uncertain_run_is_for_people_to_decide(preparing: Stations, browser: Browser) -> None:
    preparing.all_ready()
    preparing.open("alfa")
    for key in preparing.sides:
        preparing.fail(key, opened=key == "alfa", blames="gamma")
    assert preparing.state() == "uncertain"
    shown = progress(browser(), preparing.run)
    assert "Decide together with the partners" in shown and "Gamma" in shown


def test_the_checker_is_told_what_to_do_and_others_are_not(preparing: Stations, browser: Browser, settings) -> None:
    settings.DEMO = False
    preparing.to_checking()
    release = f"python -m station --home DIR output release {str(preparing.run.pk)[:8]}"
    assert release in progress(browser("beta", "output_checker"), preparing.run)
    others = progress(browser("alfa"), preparing.run)
    assert "output release" not in others
    assert "Beta looks at the output at its own station" in others
    settings.DEMO = True
    assert f"bin/demo station beta output release {str(preparing.run.pk)[:8]}" in progress(browser(), preparing.run)


def test_it_says_whose_station_it_waits_for_while_releasing(preparing: Stations, browser: Browser) -> None:
    preparing.to_releasing()
    assert "Waiting for the station of: Alfa" in progress(browser(), preparing.run)


def test_a_run_can_be_started_and_a_second_one_waits(preparing: Stations, browser: Browser) -> None:
    client = browser()
    use_case = preparing.contract.use_case
    page = text(client.get(url("runs", use_case)))
    assert "under way" in page, "the reason stands where the button would be"
    assert client.post(url("schedule", preparing.contract)).status_code == 409
    actions.cancel_run(run=preparing.run, reason="x", by=User.objects.get(email="innovation_manager@alfa.example"))
    assert "Start a run" in text(client.get(url("runs", use_case)))
    answer = client.post(url("schedule", preparing.contract))
    assert answer.status_code == 302 and Run.objects.count() == 2


def test_strangers_do_not_see_a_run(preparing: Stations, browser: Browser) -> None:
    Organisation.objects.create(slug="other", name="Other")
    stranger = browser("other")
    for name in ("run", "progress", "cancel", "result", "result_csv"):
        assert stranger.get(url(name, preparing.run)).status_code == 404
    assert stranger.post(url("again", preparing.run)).status_code == 404
    assert stranger.post(url("schedule", preparing.contract)).status_code == 404


def test_recipients_alone_are_led_to_the_result(preparing: Stations, browser: Browser) -> None:
    preparing.to_released()
    assert "To the result" in progress(browser("alfa", "dpo"), preparing.run)
    shown = progress(browser("beta", "output_checker"), preparing.run)
    assert "To the result" not in shown and "Only members of the recipients" in shown
    assert TABLE["suppressed"] == 1


def test_it_explains_the_way_of_the_data_and_who_learns_what(preparing: Stations, browser: Browser) -> None:
    page = text(browser().get(url("run", preparing.run)))
    assert '<svg class="diagram" role="img" aria-label="The way of the data in this run"' in page
    assert "computes on shares" in page and "The diagram in words" in page
    assert "Who learns what" in page and "The platform" in page
