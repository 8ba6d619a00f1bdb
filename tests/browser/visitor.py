"""A person in a browser: clicks what stands on the page, in one language, and notices what is wrong with it."""

from __future__ import annotations

import gettext
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = {"width": 400, "height": 800}, {"width": 1280, "height": 900}
ASK_AXE = """async (rules) => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations.map(
  (found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)"""


class Visitor:
    """Somebody with an account. Labels are given as the msgids of the platform and clicked in the person's language."""

    def __init__(
        self, browser: Browser, address: str, email: str, password: str, language: str, seen: set[str]
    ) -> None:
        self.address, self.language, self.seen = address, language, seen
        self.words = gettext.translation("django", ROOT / "locale", ["nl"], fallback=language != "nl")
        self.context = browser.new_context(viewport=WIDE, locale=language, accept_downloads=True, base_url=address)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self._log_in(email, password)

    def say(self, text: str) -> str:
        """The text in this person's language."""
        return self.words.gettext(text) if self.language == "nl" else text

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def follow(self, label: str, nth: int = 0) -> None:
        self.page.get_by_role("link", name=self.say(label), exact=True).nth(nth).click()
        self.look()

    def press(self, label: str, nth: int = 0) -> None:
        self.click(self.page.get_by_role("button", name=self.say(label), exact=True).nth(nth))
        self.look()

    def click(self, button: Locator) -> None:
        """A page that saves while somebody types first sends what is not saved yet, and goes on after that."""
        if not self.page.locator("form[data-autosave]").count():
            button.click()
            return
        with self.page.expect_navigation():
            button.click()

    def fill(self, **values: Any) -> None:
        """By field name: texts, choices of selects, radios and check boxes, files."""
        for name, value in values.items():
            self._fill(self.page.locator(f'main [name="{name}"]'), value)

    def sees(self, text: str, *, seconds: float = 10) -> None:
        expect(self.page.locator("main")).to_contain_text(self.say(text), timeout=1000 * seconds)

    def look(self) -> None:
        """What everybody would mind on any page: errors, sideways scrolling, and what axe finds."""
        self.page.wait_for_load_state("load")
        assert not self.wrong, f"{self.page.url}: {self.wrong}"
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/\d+(?=/)", "*", self.page.url.removeprefix(self.address))
        mark = f"{self.language} {kind} {self.page.locator('h1').first.inner_text()}"
        if mark in self.seen:
            return
        self.seen.add(mark)
        assert self.page.locator("html").get_attribute("lang") == self.language
        self.page.evaluate(AXE)
        found = self.page.evaluate(ASK_AXE, RULES)
        assert not found, f"{self.page.url} ({self.language}): " + "\n".join(found)
        self.page.set_viewport_size(NARROW)
        width = self._settled_width(NARROW["width"])
        self._picture("narrow", kind)
        self.page.set_viewport_size(WIDE)
        self._picture("wide", kind)
        assert width <= NARROW["width"], f"{self.page.url} scrolls sideways at {NARROW['width']} px: {width}"

    def _settled_width(self, wanted: int) -> int:
        """The page's width once it fits, or after five seconds whatever it is: a chart draws itself anew when its place
        gets narrower, which takes a frame or more on a busy machine."""
        with suppress(TimeoutError):
            self.page.wait_for_function(
                "(wanted) => document.documentElement.scrollWidth <= wanted", arg=wanted, timeout=5000
            )
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def leave(self) -> None:
        self.context.close()

    def _log_in(self, email: str, password: str) -> None:
        self.context.add_cookies([{"name": "django_language", "value": self.language, "url": self.address}])
        self.open("/log-in/")
        self.fill(username=email, password=password)
        self.page.get_by_role("button", name=self.say("Log in"), exact=True).click()
        if self.page.locator("html").get_attribute("lang") != self.language:
            self.page.locator('button[name="language"]').click()  # until then the language of the account
        self.look()

    def _heard(self, kind: str, text: str) -> None:
        """A form that comes back with what is missing (422) is no fault."""
        if kind == "error" and "status of 422" not in text:
            self.wrong.append(f"console: {text}")

    def _fill(self, fields: Locator, value: Any) -> None:
        kind = fields.first.evaluate("(field) => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind == "select":
            fields.first.select_option(value)
        elif kind in ("checkbox", "radio") and isinstance(value, bool):
            fields.first.set_checked(value)
        elif kind in ("checkbox", "radio"):
            for one in value if isinstance(value, list) else [value]:
                fields.and_(self.page.locator(f'[value="{one}"]')).check()
        elif kind == "file":
            fields.first.set_input_files(value)
        else:
            fields.first.fill(str(value))

    def _picture(self, size: str, kind: str) -> None:
        """Kept where NICPET_PICTURES says, for people to look at."""
        if folder := os.environ.get("NICPET_PICTURES"):
            name = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-") or "home"
            place = Path(folder) / f"{self.language}-{name}-{size}.png"
            self.page.screenshot(path=place, full_page=True)


def csv_of(visitor: Visitor, label: str) -> list[list[str]]:
    """The rows of a downloaded CSV file."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name=visitor.say(label), exact=True).click()
    text = Path(download.value.path()).read_text("utf-8")
    return [line.split(",") for line in text.splitlines()]
