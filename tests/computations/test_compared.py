"""Assessed versus what runs: whoever changes a document or a signature behind the platform's back is seen."""

from __future__ import annotations

import copy
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from collaborations.models import Contract, ContractDocument, UseCase
from computations.comparing import Comparison, compare
from computations.models import Run
from dpia.models import FactsDocument
from station.contract.canonical import canonical, digest
from station.contract.signatures import new_key, public, sign
from station.contract.statements import session_of
from tests.collaborations.conftest import built, shared  # noqa: F401 (fixtures)
from tests.collaborations.world import KEYS, World
from tests.computations.trial import TABLE

STOP = "authorised"
ROWS = {"alfa": {"alfa_rows": 100}, "beta": {"beta_rows": 100}, "gamma": {}}


@pytest.fixture
def contract(shared: World) -> Contract:  # noqa: F811
    return shared.use_case.contracts.get()


@pytest.fixture
def run(shared: World, contract: Contract) -> Run:  # noqa: F811
    """A released run: every statement signed by the station that it is of."""
    now, asker = timezone.now(), shared.person("alfa", "innovation_manager")
    run = Run.objects.create(
        contract=contract, slot=1, state="released", requested_by=asker, queued_at=now, changed_at=now, ended_at=now
    )
    names = {"contract": contract.sha256, "run": str(run.pk), "attempt": 1}
    readys = [
        names | {
            "type": "ready", "organisation": key, "slot": 1, "highest_used_slot": 0, "not_opened": [], "snapshot": None,
            "padded_rows": ROWS[key], "program": "grouped_counts/1", "engine": "mpyc", "tls_cert": None,
            "address": None, "enc_key": public(new_key()), "log_head": "0" * 64, "nonce": uuid.uuid4().hex,
            "exp": int(time.time()) + 100,
        } for key in KEYS
    ]  # fmt: skip
    session = session_of(readys)
    for ready in readys:
        keep(shared, run, ready)
    for key in KEYS:
        keep(shared, run, names | {"type": "open", "organisation": key, "slot": 1, "session": session,
                                   "at": int(time.time())})  # fmt: skip
    table = {"output": "table", "table_sha256": digest(TABLE), "at": int(time.time())}
    decided = {"session": session, "reasons": "looked at it", "checked_by": "statistician"}
    keep(shared, run, names | table | decided | {"type": "release", "organisation": "beta"})
    received = {"contract": contract.sha256, "run": str(run.pk), **table}
    keep(shared, run, received | {"type": "received", "organisation": "alfa"})
    run.results.create(
        output="table", table=TABLE, sha256=digest(TABLE), received_from=shared.organisations["alfa"], at=now
    )
    return run


def keep(world: World, run: Run, payload: dict[str, Any], signer: str = "") -> None:
    """As the station API keeps it."""
    kind, organisation = payload["type"], payload["organisation"]
    said = {name: value for name, value in payload.items() if name != "type"}
    jws = sign(kind, said, world.stations.keys[signer or organisation])
    run.statements.update_or_create(
        attempt=1, organisation=world.organisations[organisation], type=kind, output=payload.get("output", ""),
        defaults={"payload": payload, "jws": jws, "at": timezone.now()},
    )  # fmt: skip


def compared(contract: Contract, run: Run | None = None) -> Comparison:
    """Read anew, as a page does."""
    use_case = UseCase.objects.get(pk=contract.use_case_id)
    with translation.override("en"):
        found = compare(use_case, Contract.objects.get(pk=contract.pk), Run.objects.get(pk=run.pk) if run else None)
    assert found is not None
    return found


def unlike(found: Comparison) -> set[str]:
    """Everything that does not agree, by name."""
    lines = {line.where for part in found.parts for line in part.lines if not line.same}
    told = {line.what for line in found.told if line.same is False}
    return lines | told | {check.what for check in found.checks if not check.same}


@pytest.fixture
def behind_the_back() -> Iterator[Any]:
    """Somebody with the database in hand, past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        yield lambda rows, **values: rows.update(**values)
        cursor.execute("set session_replication_role = default")


def test_dpia_contract_and_run_agree(contract: Contract, run: Run) -> None:
    found = compared(contract, run)
    assert unlike(found) == set()
    assert found.differing == 0
    assert found.columns == ["Assessed: DPIA version 2", f"Contract {contract.code[:9]}", "Run 1"]
    assert all(len(check.found) == 64 for check in found.checks)
    whats = {check.what for check in found.checks}
    assert {"Contract that Gamma signed", "Contract that Gamma ran", "Table “table” as it is shown here"} <= whats
    assert all(line.same for line in found.told)


def test_before_a_run_the_contract_is_held_to_the_dpia(contract: Contract) -> None:
    found = compared(contract)
    assert len(found.columns) == 2 and found.differing == 0 and not found.told


def test_another_threshold_in_the_assessed_document(contract: Contract, run: Run, behind_the_back: Any) -> None:
    facts = FactsDocument.objects.get(sha256=contract.use_case.assessment.facts.sha256)
    data = copy.deepcopy(facts.data)
    data["specification"]["disclosure"]["k"] = 5
    behind_the_back(FactsDocument.objects.filter(pk=facts.pk), data=data)
    found = compared(contract, run)
    assert unlike(found) == {
        "What may be shown › Threshold k", "Facts on which the DPIA was filled in", "Specification that was assessed"
    }  # fmt: skip
    line = next(line for part in found.parts for line in part.lines if line.where.endswith("Threshold k"))
    assert line.values == ("5", "10", "10")


def test_another_recipient_in_the_contract(contract: Contract, run: Run, behind_the_back: Any) -> None:
    """The stations named another text: nothing of this one is known to have run."""
    text = json.loads(contract.data)
    text["specification"]["outputs"][0]["recipients"] = ["alfa", "gamma"]
    behind_the_back(Contract.objects.filter(pk=contract.pk), data=canonical(text).decode())
    found = compared(contract, run)
    assert found.other_contract and len(found.columns) == 2
    assert {"Contract that Alfa signed", "Contract that Alfa ran"} <= unlike(found)
    assert {line.where for part in found.parts for line in part.lines if not line.same} == {
        "Outputs › table › Recipients"
    }  # fmt: skip


def test_a_difference_beyond_what_the_page_shows_of_a_long_text(contract: Contract, behind_the_back: Any) -> None:
    facts = FactsDocument.objects.get(sha256=contract.use_case.assessment.facts.sha256)
    data = copy.deepcopy(facts.data)
    data["specification"]["purpose"]["en"] += " " * 500 + "and more"
    behind_the_back(FactsDocument.objects.filter(pk=facts.pk), data=data)
    assert "Purpose › English" in unlike(compared(contract))


def test_another_text_of_a_legal_basis_or_agreement(contract: Contract, behind_the_back: Any) -> None:
    rows = ContractDocument.objects.filter(contract=contract, kind="agreement")
    behind_the_back(rows, data=rows.get().data.replace("art26", "art28"))
    (what,) = unlike(compared(contract))
    assert what.startswith("Agreement")


def test_a_statement_that_another_station_signed(shared: World, contract: Contract, run: Run) -> None:  # noqa: F811
    ready = run.statements.get(type="ready", organisation__slug="gamma").payload
    keep(shared, run, ready, signer="beta")
    assert unlike(compared(contract, run)) == {"Contract that Gamma ran", "Stations that took part"}


def test_a_run_that_was_not_what_was_agreed(shared: World, contract: Contract, run: Run) -> None:  # noqa: F811
    """Each station really signed it: the page says where it leaves the contract."""
    for key in KEYS:
        ready = run.statements.get(type="ready", organisation__slug=key).payload
        keep(shared, run, ready | {"engine": "spu", "slot": 6, "padded_rows": dict.fromkeys(ready["padded_rows"], 7)})
    release = run.statements.get(type="release").payload
    run.statements.filter(type="release").delete()
    keep(shared, run, release | {"organisation": "gamma", "table_sha256": "1" * 64})
    rows = {f"Datasets › {key} › Number of rows after filling up" for key in ("alfa", "beta")}
    tables = {"Table “table” as it arrived at Alfa", "Table “table” as it is shown here"}
    assert unlike(compared(contract, run)) == {"Engine", "Number of the run", "Who checked “table”", *rows, *tables}


def test_a_dpia_adopted_anew_is_another_one(contract: Contract) -> None:
    mandate = contract.use_case.assessment.current_version.adoptions.first().mandate
    mandate.function = "Somebody else"
    mandate.save()
    assert unlike(compared(contract)) == {"DPIA as it stands adopted now"}


# Pages


@pytest.fixture
def dpo(shared: World, client: Client) -> Client:  # noqa: F811
    client.force_login(shared.person("beta", "dpo"))
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("name", ["compared", "contract_compared", "run_compared"])
def test_the_dpo_gets_there_from_everywhere(
    dpo: Client, contract: Contract, run: Run, name: str, django_assert_max_num_queries: Any
) -> None:
    use_case, page = contract.use_case, f"computations:{name}"
    key = {"compared": use_case.pk, "contract_compared": contract.pk, "run_compared": run.pk}[name]
    fro = {"compared": ("collaborations:use_case", use_case.pk), "run_compared": ("computations:run", run.pk)}
    before, about = fro.get(name, ("computations:contract", use_case.pk))
    assert reverse(page, args=[key]) in dpo.get(reverse(before, args=[about])).content.decode()
    with django_assert_max_num_queries(20):
        answer = dpo.get(reverse(page, args=[key]))
    shown = answer.content.decode()
    assert "Everything agrees" in shown and "differs" not in shown
    assert f"contracts show {contract.sha256[:12]} --documents" in shown


def test_what_differs_is_open_and_says_what_to_do(dpo: Client, contract: Contract, behind_the_back: Any) -> None:
    text = json.loads(contract.data)
    text["specification"]["engine"] = "spu"
    behind_the_back(Contract.objects.filter(pk=contract.pk), data=canonical(text).decode())
    shown = dpo.get(reverse("computations:contract_compared", args=[contract.pk])).content.decode()
    assert "differ" in shown and "the DPO suspends the DPIA" in shown and shown.count("<details open>") == 1


def test_an_unreadable_contract_still_gets_its_page(dpo: Client, contract: Contract, behind_the_back: Any) -> None:
    behind_the_back(Contract.objects.filter(pk=contract.pk), data="{")
    page = dpo.get(reverse("computations:contract_compared", args=[contract.pk]))
    assert page.status_code == 200 and "differ" in page.content.decode()
