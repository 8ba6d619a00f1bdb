"""The record of processing and the paragraph for a privacy statement say what specification and register say."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation
from collaborations import actions
from collaborations.models import UseCase
from computations.records import record_of
from computations.statement import statement
from tests.collaborations.world import World


def test_the_record_follows_the_facts(at: Any, world: World) -> None:
    case = world.use_case_at("agreed")
    beta, spec = world.organisations["beta"], case.specification.read()
    entry = record_of(beta)[0]
    assert entry.case == case
    assert len(entry.data) == sum(len(found.columns) for found in spec.inputs_of("beta"))
    assert f"k = {spec.disclosure.k}" in entry.measures
    assert entry.joint == [p.name for p in spec.parties if p.organisation != "beta" and "controller" in p.capacity]
    row = case.partners.get(organisation=beta).bases.first()
    assert any(row.law_id in ground for ground in entry.grounds)
    assert any("dpo@beta.example" in line for line in entry.dpo)
    actions.suspend_basis(basis=row, reason="invented", by=world.person("beta", "mandated_manager"))
    assert len(record_of(beta)[0].grounds) < len(entry.grounds) or not record_of(beta)[0].grounds
    assert entry.agreements


def test_a_formula_in_the_record_stays_text(at: Any, world: World) -> None:
    case = world.use_case_at("exploring")
    UseCase.objects.filter(pk=case.pk).update(title="=1+1")
    answer = at("alfa", "nobody").get(reverse("computations:record_csv", args=["alfa"]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Use case"
    assert rows[1][0] == "'=1+1"
    assert {len(row) for row in rows} == {len(rows[0])}


def test_more_use_cases_ask_the_database_no_more(at: Any, world: World) -> None:
    page, client = reverse("computations:record", args=["alfa"]), at("alfa", "nobody")
    counts = []
    for _round in range(2):
        world.use_case_at("exploring")
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_only_for_who_works_there(at: Any, world: World) -> None:
    world.organisations["delta"] = Organisation.objects.create(slug="delta", name="Delta")
    for name in ("record", "record_csv"):
        assert at("delta", "dpo").get(reverse(f"computations:{name}", args=["alfa"])).status_code == 404
    text = at("delta", "dpo").get(reverse("computations:record", args=["delta"])).content.decode()
    assert "Nothing to record yet" in text


def test_the_paragraph_stands_there_in_both_languages(at: Any, world: World) -> None:
    case = world.use_case_at("agreed")
    alfa = world.organisations["alfa"]
    texts, spec = statement(case, alfa), case.specification.read()
    assert set(texts) == {"nl", "en"}
    assert f"{spec.purpose.nl.strip().rstrip('.')}. Daarvoor" in texts["nl"]
    assert f"at least {spec.disclosure.k} people" in texts["en"]
    assert f"minstens {spec.disclosure.k} mensen" in texts["nl"]
    page = at("alfa", "nobody").get(reverse("computations:privacy_statement", args=[case.pk])).content.decode()
    assert 'data-copy="statement-alfa-nl"' in page
    for row in case.partners.get(organisation=alfa).bases.filter(state="approved"):
        actions.suspend_basis(basis=row, reason="invented", by=world.person("alfa", "mandated_manager"))
    assert "not decided yet" in statement(case, alfa)["en"]
