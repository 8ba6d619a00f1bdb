"""Two drafters type in the same point of a DPIA: nothing that they type is lost, and a keyboard is enough."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dpia.models import EarlierAnswer
from dpia.sheet import Sheet
from tests.browser.visitor import ASK_AXE, AXE, NARROW, RULES, WIDE
from tests.collaborations.world import World
from tests.dpia.people import Cast, again

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AREA = "textarea[name=necessity]"


@pytest.fixture
def cast(monkeypatch, settings) -> Cast:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    return Cast(World()).start()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=os.environ["NICPET_CHROMIUM"], args=options)
        yield made
        made.close()


def opened(browser: Browser, cast: Cast, address: str, key: str) -> Page:
    client = Client()
    client.force_login(cast.person(key, "drafter"))
    context = browser.new_context(viewport=WIDE)
    session = settings.SESSION_COOKIE_NAME
    cookies = {session: client.cookies[session].value, "django_language": "en"}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{address}/use-cases/{cast.assessment.context_id}/assessment/points/lawfulness/")
    return page


def value(cast: Cast) -> str:
    return str(Sheet(again(cast.assessment)).values()["necessity"])


def saved(page: Page) -> None:
    expect(page.locator("[data-said]")).to_contain_text("Saved at", timeout=15_000)


def test_two_people_type_at_once_and_nothing_is_lost(cast: Cast, chromium: Browser, live_server) -> None:
    alfa, beta = (opened(chromium, cast, live_server.url, key) for key in ("alfa", "beta"))
    expect(beta.locator("[data-others]")).to_contain_text("Drafter Alfa is here as well")
    alfa.focus(AREA)
    alfa.keyboard.press("Control+End")
    alfa.keyboard.type(", by alfa")
    saved(alfa)
    assert value(cast) == "Example answer to necessity, by alfa"

    beta.focus(AREA)
    beta.keyboard.press("Control+Home")
    beta.keyboard.type("Of beta: ")
    expect(beta.locator("#theirs-necessity")).to_contain_text("Example answer to necessity, by alfa", timeout=15_000)
    look(beta, "conflict")
    assert value(cast) == "Example answer to necessity, by alfa"
    beta.focus("[data-choose=mine]")
    beta.keyboard.press("Enter")
    saved(beta)
    assert value(cast) == "Of beta: Example answer to necessity"
    assert set(EarlierAnswer.objects.values_list("value", flat=True)) >= {
        "Example answer to necessity, by alfa", "Of beta: Example answer to necessity"
    }  # fmt: skip

    beta.route("**/autosave/", lambda route: route.abort())
    beta.focus(AREA)
    beta.keyboard.press("Control+End")
    beta.keyboard.type(" while the line was down")
    expect(beta.locator("[data-said]")).to_contain_text("no connection", timeout=15_000)
    beta.unroute("**/autosave/")
    beta.on("dialog", lambda dialog: dialog.accept())
    beta.reload()
    whole = "Of beta: Example answer to necessity while the line was down"
    expect(beta.locator(AREA)).to_have_value(whole, timeout=15_000)
    assert value(cast).endswith("while the line was down")

    beta.focus(AREA)
    beta.keyboard.press("Control+End")
    beta.keyboard.type("!")
    beta.get_by_role("button", name="Save and go back to the DPIA").press("Enter")
    beta.wait_for_url("**/assessment/")
    assert value(cast).endswith("down!")


def look(page: Page, name: str) -> None:
    page.evaluate(AXE)
    assert not page.evaluate(ASK_AXE, RULES)
    for size, viewport in (("narrow", NARROW), ("wide", WIDE)):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        if folder := os.environ.get("NICPET_PICTURES"):
            page.screenshot(path=f"{folder}/typing-{name}-{size}.png", full_page=True)
