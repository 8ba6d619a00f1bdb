"""The official form's assessment output: everything has a place in it, comes back the same, and a strange file is told
where it is strange."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from demo.dossier import Dossier
from dpia import actions, official_file
from dpia.checking import checked, empty
from dpia.exchange import Left
from dpia.models import Import
from dpia.official_file import mapping
from dpia.official_in import Incoming, Whose, pointed, with_known_ids
from dpia.official_out import document
from dpia.plain_text import escaped, heading, rows, table, unescaped
from dpia.pointing import with_options
from dpia.sheet import Sheet, facts_of, with_computed_cells
from station.reasons import Refused
from tests.dpia.pages import text
from tests.dpia.people import again, refused
from tests.dpia.test_full_template import FORM
from tests.dpia.test_full_template import facts as facts

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEVELS = ["laag", "midden", "hoog"]
OPTIONS = {  # what the form offers in its choices, by task
    "2.1.4": ["gewoon", "gevoelig", "bijzonder", "strafrechtelijk", "nationaal identificatienummer"],
    "2.1.6": ["true", "false"],
    "6.1.1.2": ["Verwerkingsverantwoordelijke", "Gezamenlijke verwerkingsverantwoordelijke", "Verwerker",
                "Sub-verwerker", "Derde", "Verstrekker", "Ontvanger"],
    "8.1.1.2": ["Adequaatheidsbesluit", "Standaard contractsbepaling (SCC)",
                "binding corporate rules/bindend bedrijfsvoorschrift (bcr)",
                "Goedgekeurde certificeringsmechanisme", "Goedgekeurde gedragscode",
                "Juridisch bindend en afdwingbaar instrument", "uitzondering artikel 49 avg", "Overig mechanisme"],
    "11.1.1.1": ["Rechtsgrond toestemming", "Rechtsgrond noodzakelijk voor de uitvoering van een overeenkoms",
                 "Rechtsgrond wettelijke verplichting", "Rechtsgrond vitaal belang",
                 "Rechtsgrond taak van algemeen belang", "Rechtsgrond gerechtvaardigd belang"],
    "13.1.1.5": ["Toelaatbaar op grond van Unie- of lidstaatrechtelijk recht",
                 "Verenigbaar met oorspronkelijk doeleinde", "Niet van toepassing (geen verdere verwerking)"],
    "12.1.1": ["true", "false"], "12.2.1": ["true", "false"], "12.3.1": ["true", "false"],
    "16.1.3": LEVELS, "16.1.5": LEVELS, "16.1.7": LEVELS, "19.2": ["concept", "definitief"],
}  # fmt: skip
GROUPS = {  # a task that is repeated -> the tasks inside it
    "1.2": 1, "2.1": 9, "3.1": 3, "3.3": 1, "5.1": 1, "6.1.1": 5, "7.1": 1, "8.1.1": 3, "9.1.1": 2, "10.1.1": 5,
    "11.1.1": 2, "12.1.2": 5, "12.2.2": 4, "12.3.2": 4, "13.1.1": 6, "16.1": 8, "17.1": 7, "19.1": 3,
}  # fmt: skip
LISTS = {"3.1.3", "6.1.1.2", "13.1.1.2", "17.1.1"}
FREE = {"0", "1.1", "2.3", "3.2", "4", "5.2", "6.2", "7.2", "8.2", "9.2", "10.2", "11.2", "12.1.1", "12.2.1", "12.3.1",
        "12.4", "13.2", "14.1", "14.2", "16.2", "17.2", "17.3", "18", "19.2",
        *(f"15.{right}.{part}" for right in range(1, 9) for part in range(1, 5))}  # fmt: skip


class Paper(Sheet):
    """A sheet without a database: the worked example's answers, said by two controllers where each answers itself."""

    def __init__(self, facts: dict[str, Any], answers: dict[str, Any]) -> None:
        self.controllers = [Organisation(pk=1, slug="kvk", name="KVK"), Organisation(pk=2, slug="cbs", name="CBS")]
        self.assessment = SimpleNamespace(versions=SimpleNamespace(order_by=lambda _by: []), state="draft")
        answers = answers | {"risks": checked(FORM.question("risks"), answers["risks"])}
        self.form = with_options(FORM, facts, answers)
        self._values = {}
        for whose in (None, *self.controllers):
            found: dict[str, Any] = dict(facts_of(self.form, facts))
            for question in self.form.in_order:
                if not question.locked and not (whose is None and question.per == "controller"):
                    key = (whose.slug, question.id) if whose and (whose.slug, question.id) in answers else question.id
                    found[question.id] = with_computed_cells(question, checked(question, answers.get(key, "")))
            self._values[whose] = found

    def values(self, organisation: Any = None) -> dict[str, Any]:
        return self._values[organisation]

    def typed(self) -> dict[tuple[str, str | None], Any]:
        """Everything that people answer, papers and drawings apart."""
        found = {}
        for question in [one for one in self.form.questions() if not one.locked and one.type != "attachment"]:
            for whose in self.controllers if question.per == "controller" else [None]:
                value = self._values[whose][question.id]
                if not empty(value):
                    columns = {c.id for c in question.columns if not c.typed}
                    if columns:
                        value = [{k: v for k, v in row.items() if k not in columns} for row in value]
                    found[question.id, whose.slug if whose else None] = value
        return found


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    given = dict(Dossier("kvk")["answers"])
    given |= {"own_task": "Een taak van de KVK", ("cbs", "own_task"): "Een taak van het CBS\n\n## Geen kop van ons"}
    return {key: value for key, value in given.items() if isinstance(key, tuple) or FORM.question(key)}


def back(sheet: Paper, found: dict[str, Any], mine: str = "kvk") -> tuple[dict[Whose, Any], list[Left]]:
    fields = official_file.read(json.dumps(found).encode())
    given, left = Incoming(sheet, mine).read(fields)
    stood, read = sheet.typed(), {}
    for one in given:
        question = sheet.form.question(one.question)
        value, _lost = pointed(question, one.value)
        whose = one.question, one.organisation
        read[whose] = checked(question, with_known_ids(question, value, stood.get(whose)))
    return read, left


def test_every_place_in_the_mapping_exists_on_both_sides():
    ours, asked = mapping(), {question.id: question for question in FORM.questions()}
    assert {*ours.plain.values(), *ours.own, *ours.inside, *ours.tables, *ours.matrices} <= set(asked)
    assert set(ours.free) == {point.number for point in FORM.points()}
    for key, place in ours.tables.items():
        assert {*place.columns, *place.values} <= {column.id for column in asked[key].columns}
        parts = {f"{place.group}.{n}" for n in range(1, GROUPS[place.group] + 1)}
        assert {*place.columns.values(), *place.fixed} <= parts
    assert {*ours.free.values(), *ours.plain, *ours.own.values()} <= FREE
    labels = [heading(question.label) for question in asked.values()]
    labels += [heading(q.label.model_copy(update={"nl": q.label.en})) for q in asked.values()]
    assert len(set(labels)) == len(labels)


def test_what_comes_out_is_what_the_form_takes(facts, answers):
    found = document(Paper(facts, answers), AT)
    official_file.wrong(found)
    assert found["metadata"]["urn"] == "urn:nl:dpia:3.0"
    for key, value in found["answers"].items():
        if isinstance(value, list):
            tasks = {task: one["value"] for element in value for task, one in element.items() if task != "_index"}
            assert set(tasks) <= {f"{key}.{n}" for n in range(1, GROUPS[key] + 1)}
            assert [element["_index"] for element in value] == list(range(len(value)))
        else:
            assert key in FREE
            tasks = {key: value["value"]}
        for task, said in tasks.items():
            assert isinstance(said, list) == (task in LISTS), task
            for one in said if isinstance(said, list) else [said]:
                assert task not in OPTIONS or one in OPTIONS[task], (task, one)


def test_every_answer_of_the_worked_example_comes_back_the_same(facts, answers):
    sheet = Paper(facts, answers)
    read, left = back(sheet, document(sheet, AT))
    assert read == sheet.typed()
    assert left == []


WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)
ODD = st.one_of(WORDS, st.sampled_from(["## a\n## b", "\\## a", "| a | b |", "a\\|b", "<br>", "\\<br>\n|", "- x"]))


@settings(max_examples=60, deadline=None)
@given(ODD, ODD, ODD)
def test_whatever_people_write_comes_back_the_same(facts, answers, one, two, three):
    risks = [{**row, "risk": f"{number} {two}"} for number, row in enumerate(answers["risks"])]
    quality = f"{heading(FORM.question('vulnerable').label)}\n{two}"
    odd = {"scope": one, "necessity": two, "quality": quality, "own_task": three, ("cbs", "own_task"): one,
           "risks": risks, "monitoring": [{"indicator": one, "often": two, "owner": three, "stop": one}]}  # fmt: skip
    sheet = Paper(facts, answers | odd)
    read, left = back(sheet, document(sheet, AT))
    assert read == sheet.typed()
    assert left == []


@given(ODD)
def test_a_line_is_never_taken_for_a_heading_of_ours(said):
    assert unescaped(escaped(said)) == said
    assert not any(line.startswith("## ") for line in escaped(said).split("\n"))


def test_a_table_that_was_edited_there_is_read_by_its_columns():
    columns = FORM.question("monitoring").columns
    written = table(columns, [{"indicator": "Hits", "often": "weekly", "owner": "KVK", "stop": "at 10"}])
    lines = (" | ".join(reversed(line.strip("| ").split(" | "))) for line in written.split("\n"))
    turned = "\n".join(f"| {line} |" for line in lines)
    assert rows(columns, turned) == [{"stop": "at 10", "owner": "KVK", "often": "weekly", "indicator": "Hits"}]
    with pytest.raises(Refused):
        rows(columns, "no table")


def answer(value: Any) -> dict[str, Any]:
    return {"value": value, "lastEditedAt": "2026-04-12T12:17:47.759Z"}


def file(urn: str = "urn:nl:dpia:3.0", **answers: Any) -> dict[str, Any]:
    return {"$schema": official_file.SCHEMA, "metadata": {"urn": urn, "createdAt": "2026-04-12T12:17:47.759Z"},
            "answers": answers}  # fmt: skip


FOREIGN = file(**{
    "1.1": answer("Wat wij willen"), "0": answer("Een inleiding"), "99.1": answer("Uit een later model"),
    "1.2": [{"_index": 0, "1.2.1": answer("data:image/png;base64,AAAA")}], "14.1": answer("Het kan niet anders"),
    "16.1": [{"_index": 3, "16.1.1": answer("Verraad"), "16.1.3": answer("hoog"), "16.1.4": answer("Het kwam voor")},
             {"_index": 1, "16.1.1": answer("Verlies"), "16.1.3": answer("enorm")}, {"_index": 5}],
    "17.1": [{"_index": 0, "17.1.1": answer(["Verraad"]), "17.1.3": answer("Een drempel")}],
    "15.1.2": answer("Aan ons loket"), "15.1.1": answer("true"), "17.3": answer("Aanvaardbaar"),
    "2.1.1[0]": answer("Naam"), "5.2": answer(None),
})  # fmt: skip


def test_a_file_of_somebody_else_is_read_and_what_has_no_place_is_told(facts, answers):
    given, left = Incoming(Paper(facts, answers), "cbs").read(official_file.read(json.dumps(FOREIGN).encode()))
    found = {(one.question, one.organisation): one.value for one in given}
    assert found["context", None] == "Wat wij willen"
    assert found["necessity", None] == "Het kan niet anders"
    assert found["residual", "cbs"] == "Aanvaardbaar"
    assert found["rights_table", "cbs"] == [{"row": "access", "how": "Aan ons loket"}]
    assert [(row["risk"], row["likelihood"]) for row in found["risks", None]] == [("Verlies", ""), ("Verraad", "high")]
    assert found["measures", None][0]["risk"] == ["Verraad"]
    assert {(one.task, one.text, one.reason.code) for one in left} == {
        ("0", "Een inleiding", "exchange.no_task"), ("99.1", "Uit een later model", "exchange.no_task"),
        ("1.2.1", "", "exchange.picture"), ("16.1.4", "Het kwam voor", "exchange.no_task"),
        ("16.1.3", "enorm", "exchange.value"),
    }  # fmt: skip


WITHOUT = {key: value for key, value in FOREIGN.items() if key != "metadata"}
BAD = {
    "cut off": (json.dumps(FOREIGN)[:-9].encode(), "exchange.not_json"),
    "not a number": (b'{"answers": NaN}', "exchange.not_json"),
    "a number without end": (b"[" + b"1" * 100_000 + b"]", "exchange.not_json"),
    "huge": (b" " * (official_file.MOST_KIB * 1024 + 1), "exchange.large"),
    "bottomless": (b'{"a":' * 50_000, "exchange.not_json"),
    "no metadata": (json.dumps(WITHOUT).encode(), "exchange.official"),
    "another form": (json.dumps({"schema": "x", "answers": []}).encode(), "exchange.official"),
    "a pre-scan": (json.dumps(file("urn:nl:prescan:2.0")).encode(), "exchange.official_kind"),
    "a later model": (json.dumps(file("urn:nl:dpia:4.0")).encode(), "exchange.official_version"),
    "a strange task": (json.dumps(file(**{"__proto__": answer("x")})).encode(), "exchange.official"),
    "nested": (json.dumps(file(**{"1.1": answer([["x"]])})).encode(), "exchange.official"),
    "a group without places": (json.dumps(file(**{"2.1": [{"2.1.1": answer("x")}]})).encode(), "exchange.official"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_not_the_forms_is_refused_before_anything_changes(content, code):
    with pytest.raises(Refused) as refusal:
        official_file.read(content)
    assert [reason.code for reason in refusal.value.reasons] == [code]


@pytest.fixture
def full(at, drafter):
    """The draft on the 17 points."""
    return actions.move_template(assessment=at("draft"), key="nl-dpia-pet", version=FORM.version, by=drafter)


def test_it_is_taken_over_at_once_kept_and_shown(full, pages, drafter):
    content = json.dumps(FOREIGN).encode()
    made = actions.import_official(assessment=full, content=content, by=drafter)
    sheet = Sheet(again(full))
    risks = sheet.values()["risks"]
    assert [row["risk"] for row in risks] == ["Verlies", "Verraad"]
    assert sheet.values()["measures"][0]["risk"] == [risks[1]["id"]]
    assert full.earlier_answers.filter(question="necessity").exists()
    twice = actions.import_official(assessment=full, content=content, by=drafter)
    assert (Sheet(again(full)).values()["risks"], len(twice.left)) == (risks, len(made.left))
    page = text(pages.get("beta", "dpo", "imported", made.pk))
    assert "Uit een later model" in page
    pages.login("alfa", "drafter")
    for name, data in (("own.json", b"{}"), ("none.json", content)):
        sent = {"document": SimpleUploadedFile(name, data), "form": "official"}
        assert pages.client.post(pages.url("import"), sent).status_code == (302 if data == content else 422)
    assert "The official DPIA form" in text(pages.get("alfa", "drafter", "import"))
    found = json.loads(pages.get("beta", "dpo", "official").content)
    assert found["answers"]["16.1"][1]["16.1.1"]["value"] == "Verraad"


def test_nothing_is_half_done_when_it_may_not_be(full, drafter):
    actions.withdraw(assessment=full, reason="Not needed now", by=drafter)
    before = list(again(full).answers.values_list("question", "value"))
    with refused("lifecycle.state"):
        actions.import_official(assessment=full, content=json.dumps(FOREIGN).encode(), by=drafter)
    assert (list(again(full).answers.values_list("question", "value")), Import.objects.count()) == (before, 0)
