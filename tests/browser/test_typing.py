"""Two drafters type in the same point of a DPIA: nothing that they type is lost, and a keyboard is enough."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, ROOT
from tests.browser.served import chromium
from tests.browser.visitor import ASK_AXE, AXE, NARROW, RULES, WIDE

pytestmark = pytest.mark.browser
AREA, PASSWORD, SECONDS = "textarea[name=necessity]", "an invented password", 1000


@dataclass
class Stage:
    browser: Browser
    address: str
    use_case: str

    def opened(self, key: str, page: str = "") -> Page:
        """The point in a browser of this partner's drafter."""
        shown = self.browser.new_context(viewport=WIDE, locale="en", base_url=self.address).new_page()
        shown.context.add_cookies([{"name": "django_language", "value": "en", "url": self.address}])
        shown.goto("/log-in/")
        shown.fill("[name=username]", f"drafter@{key}.example")
        shown.fill("[name=password]", PASSWORD)
        shown.keyboard.press("Enter")
        shown.wait_for_url(f"{self.address}/")
        shown.goto(self.url(page))
        return shown

    def url(self, page: str = "") -> str:
        return f"/use-cases/{self.use_case}/assessment/points/lawfulness/{page}"


@pytest.fixture(scope="module")
def stage(small: Instance) -> Iterator[Stage]:
    with chromium() as browser:
        told = subprocess.run(
            [PYTHON, "-m", "tests.browser.drafters", PASSWORD], cwd=ROOT, env=small.environment(), check=True,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        yield Stage(browser, small.address, told.stdout.split()[-1])


def test_two_people_type_at_once_and_nothing_is_lost(stage: Stage) -> None:
    alfa, beta, gamma = (stage.opened(key) for key in ("alfa", "beta", "gamma"))
    expect(gamma.locator("[data-others]")).to_contain_text("Drafter Alfa is here as well", timeout=30 * SECONDS)
    at_the_end(alfa, ", by alfa")
    saved(alfa)
    stands(gamma, "Example answer to necessity, by alfa")

    at_the_end(beta, ", by beta")
    theirs = beta.locator("#theirs-necessity")
    expect(theirs).to_contain_text("Example answer to necessity, by alfa", timeout=30 * SECONDS)
    look(beta, "conflict")
    stands(gamma, "Example answer to necessity, by alfa")
    beta.focus("[data-choose=mine]")
    beta.keyboard.press("Enter")
    saved(beta)
    stands(gamma, "Example answer to necessity, by beta")
    gamma.goto(stage.url("earlier/"))
    for text in ("Example answer to necessity, by alfa", "Example answer to necessity, by beta", "not taken over"):
        expect(gamma.locator("main")).to_contain_text(text)
    look(gamma, "earlier")


def test_what_could_not_be_sent_is_sent_later(stage: Stage) -> None:
    alfa, gamma = stage.opened("alfa"), stage.opened("gamma")
    before = alfa.input_value(AREA)
    alfa.route("**/autosave/", lambda route: route.abort())
    at_the_end(alfa, " while the line was down")
    expect(alfa.locator("[data-said]")).to_contain_text("no connection", timeout=30 * SECONDS)
    alfa.unroute("**/autosave/")
    alfa.on("dialog", lambda dialog: dialog.accept())
    alfa.reload()
    expect(alfa.locator(AREA)).to_have_value(f"{before} while the line was down", timeout=30 * SECONDS)
    stands(gamma, f"{before} while the line was down")


def test_the_button_saves_what_was_just_typed(stage: Stage) -> None:
    alfa, gamma = stage.opened("alfa"), stage.opened("gamma")
    before = alfa.input_value(AREA)
    at_the_end(alfa, "!")
    alfa.get_by_role("button", name="Save and go back to the DPIA").press("Enter")
    alfa.wait_for_url("**/assessment/")
    stands(gamma, f"{before}!")


def at_the_end(page: Page, text: str) -> None:
    page.focus(AREA)
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-said]")).to_contain_text("Saved at", timeout=30 * SECONDS)


def stands(page: Page, text: str) -> None:
    """Whoever opens the point now finds this."""
    page.reload()
    expect(page.locator(AREA)).to_have_value(text)


def look(page: Page, name: str) -> None:
    page.evaluate(AXE)
    assert not page.evaluate(ASK_AXE, RULES)
    for size, viewport in (("narrow", NARROW), ("wide", WIDE)):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        if folder := os.environ.get("NICPET_PICTURES"):
            page.screenshot(path=f"{folder}/typing-{name}-{size}.png", full_page=True)
