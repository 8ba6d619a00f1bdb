"""The second factor in a browser: an app, and a passkey in an authenticator that Chromium itself plays."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bin.machine import ports, programs
from bin.machine.commands import run
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, VAR
from bin.machine.platform import Platform
from tests.browser.visitor import ASK_AXE, AXE, NARROW, RULES, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
APP, PASSKEY, PASSWORD = "app@alfa.example", "passkey@alfa.example", "an invented password"


class Strict(Instance):
    def environment(self) -> dict[str, str]:
        return super().environment() | {"NICPET_SECOND_FACTOR": "required"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A site with a name, which passkeys need, and two approvers who have only a password yet."""
    web = ports.any_free()
    made = Strict(VAR / f"second-factor-{web}", web, ports.any_free(), durable=False, outer_servers=False)
    platform = Platform(made, restart=False)
    try:
        made.start_servers()
        run([PYTHON, "manage.py", "migrate", "--noinput"], failing="No database.", env=made.environment())
        platform._start(programs.web(web))
        assert platform.foreground([PYTHON, "-m", "tests.browser.approver", PASSWORD, APP, PASSKEY]) == 0
        yield made.address.replace("127.0.0.1", "localhost")
    finally:
        platform.stop()
    made.erase()
    made.directory.rmdir()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["NICPET_CHROMIUM"], args=options)
        yield _context(browser, address).new_page()
        browser.close()


def test_an_app_is_set_up_and_opens_the_door(page: Page) -> None:
    log_in(page, APP)
    look(page, "first")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#key").inner_text().replace(" ", "")
    look(page, "app")
    page.fill("[name=code]", code(secret))
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Set up the app").click()
    look(page, "codes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    codes = [line for line in Path(download.value.path()).read_text().splitlines() if line.isdigit()]
    assert len(codes) == 10
    page.get_by_role("button", name="I have kept them").click()
    look(page, "ready")
    page.get_by_role("button", name="Log out").click()
    log_in(page, APP)
    look(page, "step")
    page.fill("[name=code]", code(secret, 1))
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()


def test_a_passkey_is_added_and_opens_the_door(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
              "automaticPresenceSimulation": True}  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    log_in(page, PASSKEY)
    page.get_by_role("link", name="Add a passkey").click()
    look(page, "passkey")
    page.fill("[name=name]", "Work laptop")
    page.fill("[name=password]", "wrong")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("alert").wait_for()
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("rowheader", name="Work laptop").wait_for()
    page.get_by_role("button", name="Log out").click()
    log_in(page, PASSKEY)
    look(page, "step-passkey")
    page.fill("[name=code]", "000000")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("button", name="Log out").count() == 0
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Log out").wait_for()


def log_in(page: Page, email: str) -> None:
    page.goto("/log-in/")
    page.fill("[name=username]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_load_state()


def code(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def look(page: Page, name: str) -> None:
    """Readable for everybody, and no wider than a telephone."""
    page.evaluate(AXE)
    assert page.evaluate(ASK_AXE, RULES) == []
    for size, viewport in (("narrow", NARROW), ("wide", WIDE)):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name
        if folder := os.environ.get("NICPET_PICTURES"):
            page.screenshot(path=Path(folder) / f"second-factor-{name}-{size}.png", full_page=True)


def _context(browser: Browser, address: str) -> BrowserContext:
    made: BrowserContext = browser.new_context(viewport=WIDE, locale="en", accept_downloads=True, base_url=address)
    made.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    return made
