"""A joint DPIA by six people of three organisations: reviewed, advised, answered, decided and adopted in a browser.

Whoever else has a part plays it meanwhile, by the actions behind the pages (``reviewers``).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, expect

from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, ROOT
from tests.browser.served import chromium
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "an invented password"


@dataclass
class Stage:
    browser: Browser
    address: str
    others: subprocess.Popen[str]
    use_case: str = ""
    seen: set[str] = field(default_factory=set)

    def person(self, role: str, key: str) -> Visitor:
        return Visitor(self.browser, self.address, f"{role}@{key}.example", PASSWORD, "en", self.seen)

    def page(self, name: str = "") -> str:
        return f"/use-cases/{self.use_case}/assessment/{name}"

    def play(self, part: str) -> str:
        """Everybody else does it; the state after that."""
        assert self.others.stdin is not None
        self.others.stdin.write(f"{part}\n")
        self.others.stdin.flush()
        return self.told()

    def told(self) -> str:
        assert self.others.stdout is not None
        return self.others.stdout.readline().strip()


@pytest.fixture(scope="module")
def stage(small: Instance) -> Iterator[Stage]:
    command = [PYTHON, "-m", "tests.browser.reviewers", PASSWORD]
    with chromium() as browser, subprocess.Popen(
        command, cwd=ROOT, env=small.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as others:  # fmt: skip
        found = Stage(browser, small.address, others)
        found.use_case = found.told()
        yield found


def test_six_people_of_three_organisations(stage: Stage) -> None:
    drafter = stage.person("drafter", "alfa")
    drafter.open(stage.page())
    step(drafter, stage, "submit")

    lawyer = stage.person("lawyer", "beta")
    lawyer.page.locator(f'main a[href="{stage.page()}"]').first.click()  # from the inbox
    lawyer.sees("Review the DPIA as lawyer")
    step(lawyer, stage, "review-law", verdict="positive", text="The legal bases hold.")
    security = stage.person("security_officer", "gamma")
    step(security, stage, "review-security", verdict="positive", text="The measures are taken.")
    security.sees("security officer")
    assert stage.play("review") == "dpo_advice"

    advise_again(stage)
    coordinating = stage.person("dpo", "alfa")
    coordinating.open(stage.page("advice/"))
    coordinating.follow("Choose the coordinating DPO")
    coordinating.page.locator('main [name="coordinator"]').select_option(label="Alfa")
    coordinating.press("Choose")
    coordinating.sees("The DPO of Alfa coordinates the advice.")
    step(coordinating, stage, "advise", verdict="positive")
    assert stage.play("advise") == "response"
    coordinating.open(stage.page("advice/"))
    coordinating.follow("Write the joint summary")
    coordinating.fill(text="We agree: say which columns are left out.")
    coordinating.press("Save the summary")
    coordinating.sees("We agree: say which columns are left out.")

    manager = stage.person("mandated_manager", "beta")
    respond(drafter, stage, "Save the response", decision="follow")
    respond(manager, stage, "Decide", decision="partly", reasons="As far as the law allows.")
    manager.sees("As far as the law allows.")
    step(drafter, stage, "propose-adoption")
    step(manager, stage, "adopt")
    assert stage.play("adopt") == "adopted"
    manager.open(stage.page())
    manager.sees("Nobody has to do anything now.")
    manager.open(stage.page("since/"))
    manager.sees("No answer is different now.")
    for visitor in (drafter, lawyer, security, coordinating, manager):
        visitor.leave()


def advise_again(stage: Stage) -> None:
    """One click from the inbox to what changed since the earlier advice, and from there to the new one."""
    adviser = stage.person("dpo", "beta")
    adviser.page.locator(f'main a[href="{stage.page("since/")}"]').first.click()
    adviser.look()
    adviser.sees("1 answer is different now.")
    expect(adviser.page.locator("main ins").first).to_be_visible()
    adviser.page.locator(f'main a[href="{stage.page("steps/advise/")}"]').click()
    adviser.look()
    adviser.fill(**{"items-0-item": "Say which columns are left out", "items-0-weight": "condition"})
    adviser.fill(**{"items-0-question": "necessity"})
    adviser.fill(verdict="conditional")
    submit(adviser)
    adviser.sees("positive with conditions")
    adviser.leave()


def step(visitor: Visitor, stage: Stage, name: str, **choices: str) -> None:
    visitor.open(stage.page(f"steps/{name}/"))
    visitor.fill(**choices)
    submit(visitor)


def respond(visitor: Visitor, stage: Stage, button: str, **choices: str) -> None:
    visitor.open(stage.page())
    visitor.page.locator('main a[href*="/items/"]').first.click()
    visitor.look()
    visitor.fill(**choices)
    visitor.press(button)


def submit(visitor: Visitor) -> None:
    visitor.page.locator("main form .button-row button[type=submit]").last.click()
    visitor.look()
