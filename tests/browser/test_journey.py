"""The main journey in a browser: from an idea to a released table, by the people of three organisations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from bin.machine import ports
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, VAR
from bin.machine.platform import Platform
from demo import own_data, plain
from demo.stations import Station
from tests.browser.visitor import Visitor, csv_of
from tests.road import people

pytestmark = pytest.mark.browser
PASSWORD = "an invented password"
PARTIES = {"town": "Town hall", "creditor": "Creditor", "helpdesk": "Help desk"}
USES = {
    "town": {"person": "join_key", "district": "group", "age": "group"},
    "creditor": {"person": "join_key", "amount": "condition"},
    "helpdesk": {"person": "join_key", "asked": "condition"},
}
TODAY, LATER = date.today().isoformat(), (date.today() + timedelta(days=200)).isoformat()


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    web, doorbell = ports.any_free(), ports.any_free()
    made = Instance(VAR / f"journey-{web}", web, doorbell, durable=False, outer_servers=False)
    platform = Platform(made, restart=False)
    try:
        platform.start()
        assert platform.foreground([PYTHON, "-m", "tests.browser.stage", PASSWORD]) == 0
        platform._start_new_stations()
        yield made
    finally:
        platform.stop()
    made.erase()
    made.directory.rmdir()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=os.environ["NICPET_CHROMIUM"], args=options)
        yield made
        made.close()


class Cast:
    """Everybody logs in with a browser of their own, and does one thing after the other."""

    def __init__(self, browser: Browser, instance: Instance, language: str) -> None:
        self.browser, self.instance, self.language = browser, instance, language
        self.seen: set[str] = set()
        self.known: dict[str, Visitor] = {}
        self.pk = ""

    def person(self, part: str, organisation: str) -> Visitor:
        email = f"{part}@{organisation}.example"
        if email not in self.known:
            self.known[email] = Visitor(self.browser, self.instance.address, email, PASSWORD, self.language, self.seen)
        return self.known[email]

    def go(self, part: str, organisation: str, page: str = "") -> Visitor:
        visitor = self.person(part, organisation)
        visitor.open(f"/use-cases/{self.pk}/{page}")
        return visitor


def test_from_idea_to_released_table(chromium: Browser, instance: Instance) -> None:
    cast = Cast(chromium, instance, "nl")
    propose(cast)
    join(cast)
    specify(cast)
    legal_bases(cast)
    assessment(cast)
    agreement(cast)
    sign(cast, *contract(cast))
    table = run(cast)
    plan = own_data.read(instance.directory / "inputs" / "question.yaml", today=date.today())
    expected = plain.table(plan.specification, plan.files)
    assert table[0] == expected["columns"]
    assert [[*row[:-1], int(row[-1]) if row[-1] else None] for row in table[1:]] == expected["rows"]
    others_and_strangers(cast)
    for visitor in cast.known.values():
        visitor.leave()
    in_english(cast)


def propose(cast: Cast) -> None:
    visitor = cast.person("innovatie", "town")
    visitor.open("/use-cases/")
    visitor.follow("New use case")
    visitor.press("Save as draft")
    visitor.sees("This cannot be saved yet")
    visitor.fill(title="Hulp bij <b>schulden</b>", theme="poverty")
    expect(visitor.page.get_by_role("status")).to_contain_text("Opgeslagen om ")  # by itself, while somebody types
    cast.pk = visitor.page.url.split("/use-cases/")[1].split("/")[0]
    visitor.press("Save as draft")
    visitor.sees("The draft is saved. You can go on later.")
    visitor.fill(
        summary="Verzonnen vraag & een voorbeeld.",
        helped="Gezinnen met schulden",
        value="Eerder hulp (voorbeeld)",
        indicator="gezinnen die hulp aannemen",
        baseline="onbekend",
        target="100",
        measure_on=str(date.today()),
    )
    visitor.press("Save and go on")
    for other in ("creditor", "helpdesk"):
        visitor.follow("Invite a partner")
        visitor.fill(organisation=other, capacity="joint_controller")
        visitor.press("Invite")
    visitor.open(f"/use-cases/{cast.pk}/")
    visitor.follow("Propose to the partners")
    visitor.press("Propose to the partners")
    visitor.sees("Hulp bij <b>schulden</b>")


def join(cast: Cast) -> None:
    for organisation in ("creditor", "helpdesk"):
        visitor = cast.person("innovatie", organisation)
        visitor.open("/")
        visitor.sees("Hulp bij <b>schulden</b>")
        visitor.open(f"/use-cases/{cast.pk}/partners/")
        visitor.follow("Accept the invitation")
        visitor.press("Accept the invitation")


def specify(cast: Cast) -> None:
    visitor = cast.go("innovatie", "town", "specification/draft/")
    visitor.open(f"/use-cases/{cast.pk}/specification/draft/purpose/")
    visitor.fill(title_nl="Wie heeft schulden", purpose_nl="Hulp aanbieden waar die nodig is. (voorbeeld)")
    visitor.press("Save and go on")
    for key in PARTIES:
        gets = ["result_party"] if key != "helpdesk" else []
        if key != "town":
            visitor.fill(**{f"in_{key}": True})
        visitor.fill(**{f"capacity_{key}": "joint_controller"})
        visitor.fill(**{f"roles_{key}": ["input_party", "computing_party", *gets]})
    visitor.press("Save and go on")
    for key in PARTIES:
        visitor.fill(**{f"datasets_{key}": [f"{key}/{key}"]})
    visitor.press("Save and go on")
    for key, uses in USES.items():
        visitor.fill(subjects_nl="Verzonnen personen", padded_rows=people.ROWS[key] + 100)
        for name, use in uses.items():
            visitor.fill(**{f"use_{name}": use, f"class_{name}": "ordinary", f"why_{name}_nl": "Nodig voor de vraag."})
        visitor.press("Save and go on")
    visitor.fill(analysis="grouped_counts")
    if visitor.page.locator('[name="parameter_base"]').count() == 0:
        visitor.press("Save and go on")
    visitor.fill(parameter_base="town", parameter_group_by_0="town.district", parameter_group_by_1="town.age")
    visitor.fill(parameter_conditions_column_0="creditor.amount", parameter_conditions_op_0="gt")
    visitor.fill(parameter_conditions_value_0="0")
    visitor.press("Save and add another condition")
    visitor.fill(parameter_conditions_column_1="helpdesk.asked", parameter_conditions_op_1="eq")
    visitor.fill(parameter_conditions_value_1="true")
    visitor.press("Save and go on")
    visitor.fill(k=people.K, two_sided=True, name_0="result", title_0_nl="Aantallen per wijk", use_0_nl="Alleen hulp.")
    visitor.fill(recipients_0=["town", "creditor"], checker_0="helpdesk", shown_0=True)
    visitor.press("Save and go on")
    visitor.fill(recurrence="weekly", slots=4, start=TODAY, end=LATER)
    visitor.fill(artefact_0_nl="De tabel", holder_0="town", days_0=365)
    visitor.press("Save and go on")
    visitor.open(f"/use-cases/{cast.pk}/specification/draft/check/")
    visitor.page.locator("main form button[type=submit]").click()
    visitor.look()
    visitor.open(f"/use-cases/{cast.pk}/specification/")
    visitor.open(f"/use-cases/{cast.pk}/")
    visitor.follow("Start the assessment")
    visitor.fill(template="nl-dpia-pet-core")
    visitor.press("Start the assessment")


def legal_bases(cast: Cast) -> None:
    """Everybody gives data, two receive the table and one checks it: the matrix asks for a row of each, and nothing
    starts before."""
    for key in PARTIES:
        legal_basis(cast, key, "contribute")
    visitor = cast.go("innovatie", "town", "legal-bases/matrix/")
    visitor.sees("missing")
    for key in ("town", "creditor"):
        legal_basis(cast, key, "receive")
    legal_basis(cast, "helpdesk", "release")
    visitor.open(f"/use-cases/{cast.pk}/legal-bases/matrix/")
    visitor.sees("Everything that is needed is approved and valid today.")
    cast.go("innovatie", "town", "legal-bases/")


def legal_basis(cast: Cast, key: str, operation: str) -> None:
    visitor = cast.go("opsteller", key, f"legal-bases/new/{key}/?operation={operation}")
    visitor.fill(
        purpose="Hulp bij schulden (voorbeeld)", data_category="Verzonnen gegevens",
        regime="gdpr", ground="6.1.e", law_id="Voorbeeldwet", article="1", valid_from=TODAY, valid_to=LATER,
        provision="Voorbeeld, niet geverifieerd",
    )  # fmt: skip
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.look()
    row = visitor.page.url
    for part, step, choice in (
        ("jurist", "submit", {}),
        ("fg", "advise", {"verdict": "positive"}),
        ("manager", "approve", {}),
    ):
        other = cast.person(part, key)
        other.open(row)
        other.open(f"{row}step/{step}/")
        other.fill(**choice)
        other.page.locator("main form button[type=submit]").first.click()
        other.look()


def assessment(cast: Cast) -> None:
    for key in PARTIES:
        visitor = cast.go("opsteller", key, "assessment/points/lawfulness/")
        visitor.fill(own_task="Voorbeeld: de taak die bij de grondslag staat.")
        if key == "town":
            visitor.fill(necessity="Zonder koppeling is het niet te zien. (voorbeeld)", rights=["privacy_statement"])
        visitor.press("Save")
    visitor = cast.go("opsteller", "town", "assessment/points/risks_measures/")
    visitor.click(visitor.page.locator('button[name="add_row"]').first)
    visitor.look()
    for name, value in {
        "risk": "Herleiden van een persoon", "likelihood": "low", "impact": "medium", "measure": "De drempel",
        "owner": "Alle partners", "likelihood_after": "low", "impact_after": "low",
    }.items():  # fmt: skip
        visitor.fill(**{f"risks-0-{name}": value})
    visitor.press("Save")
    step(cast, "opsteller", "town", "submit")
    for key in PARTIES:
        step(cast, "privacy", key, "review", verdict="positive")
    for key in PARTIES:
        step(cast, "fg", key, "advise", verdict="positive" if key != "town" else "conditional")
    for part, button in (("opsteller", "Save the response"), ("manager", "Decide")):
        visitor = cast.go(part, "town", "assessment/")
        visitor.page.locator('a[href*="/items/"]').first.click()
        visitor.look()
        visitor.fill(decision="follow", reasons="Overgenomen.")
        visitor.press(button)
    step(cast, "opsteller", "town", "propose-adoption")
    for key in PARTIES:
        step(cast, "manager", key, "adopt")


def step(cast: Cast, part: str, organisation: str, name: str, **choices: str) -> None:
    visitor = cast.go(part, organisation, "assessment/")
    visitor.open(f"/use-cases/{cast.pk}/assessment/steps/{name}/")
    if choices.get("verdict") == "conditional":
        visitor.page.locator('button[name="add_row"]').first.click()
        visitor.look()
        visitor.fill(**{"items-0-item": "Leg de afspraak vast. (voorbeeld)"})
    visitor.fill(**choices)
    visitor.page.locator("main form .button-row button[type=submit]").last.click()
    visitor.look()


def agreement(cast: Cast) -> None:
    visitor = cast.go("jurist", "town", "agreement/new/")
    paper = {"name": "regeling.txt", "mimeType": "text/plain", "buffer": b"Voorbeeld, niemand is hieraan gebonden."}
    for box in visitor.page.locator('main [name="parties"]').all():
        box.check()
    visitor.fill(kind="art26", title="Onderlinge regeling", valid_from=TODAY, valid_to=LATER, document=paper)
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.look()


def contract(cast: Cast) -> tuple[str, str]:
    """Drafts it; gives the beginning of its hash and its code as people read them off the page."""
    visitor = cast.go("innovatie", "town", "contract/")
    visitor.press("Draft the contract")
    visitor.open(f"/use-cases/{cast.pk}/contract/")
    text = visitor.page.locator("main").inner_text()
    code, sha256 = re.search(r"(?:[A-Z2-7]{4}[\s-]*){8}", text), re.search(r"station town sign ([0-9a-f]{12})", text)
    assert code and sha256, text
    return sha256.group(1), code.group()


def sign(cast: Cast, sha256: str, code: str) -> None:
    stations = cast.instance.directory / "stations"
    for key in PARTIES:
        Station(stations / key)(
            "sign", sha256, "--code", code, "--function", "Directeur", "--reference", "Verzonnen", "--valid-to", LATER
        )
    visitor = cast.go("innovatie", "town", "contract/")
    address = visitor.page.locator('a[href$="contract.pdf"]').first.get_attribute("href")
    answer = visitor.context.request.get(str(address))
    assert answer.status == 200 and answer.body().startswith(b"%PDF")


def run(cast: Cast) -> list[list[str]]:
    visitor = cast.go("innovatie", "town", "runs/")
    visitor.press("Start a run")
    run_id = visitor.page.url.split("/runs/")[1].split("/")[0]
    state = visitor.page.locator("#progress .badge").first
    expect(state).to_have_text(visitor.say("output is being checked"), timeout=90_000)
    helpdesk = Station(cast.instance.directory / "stations" / "helpdesk")
    assert "." in helpdesk("output", "show", run_id)
    helpdesk("output", "release", run_id, "--reasons", "In orde.", "--function", "Controleur")
    visitor.page.get_by_role("link", name=visitor.say("To the result"), exact=True).click(timeout=60_000)
    visitor.page.locator(".chart canvas").first.wait_for()
    visitor.look()
    return csv_of(visitor, "Download as CSV")


def others_and_strangers(cast: Cast) -> None:
    """The checker's people do not get the result on the platform; a recipient's do."""
    result = cast.person("innovatie", "town").page.url
    checker = cast.person("innovatie", "helpdesk")
    checker.wrong.clear()
    answer = checker.page.goto(result)
    assert answer is not None and answer.status == 403
    checker.wrong.clear()
    checker.look()
    assert cast.person("innovatie", "creditor").page.goto(result).status == 200  # type: ignore[union-attr]


def in_english(dutch: Cast) -> None:
    """Every page once more, in English, by people who read English."""
    cast = Cast(dutch.browser, dutch.instance, "en")
    cast.pk = dutch.pk
    visitor = cast.person("innovatie", "town")
    for path in ("/", "/use-cases/", "/use-cases/new/", "/lessons/", "/organisations/", "/organisations/town/"):
        visitor.open(path)
    pages = ("", "partners/", "specification/", "assessment/", "assessment/whole/", "assessment/points/facts/",
             "legal-bases/", "agreement/", "contract/", "runs/", "timeline/", "discussion/")  # fmt: skip
    for page in pages:
        cast.go("innovatie", "town", page)
    visitor = cast.go("innovatie", "town", "runs/")
    visitor.page.locator('main table a[href*="/runs/"]').first.click()
    visitor.look()
    visitor.follow("To the result")
    visitor.leave()
