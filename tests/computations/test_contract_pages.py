"""The contract page: what is still needed, what to do at the station, and who signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from collaborations import actions as collaborations
from collaborations.models import Contract, UseCase
from tests.collaborations.world import World, new_person
from tests.computations.pages import enrol, fill, text, url

At = Callable[..., Client]


@pytest.fixture
def contracted(world: World) -> UseCase:
    """A use case whose contract waits for all three signatures."""
    return world.use_case_at("contracted")


def sign(world: World, contract: Contract, key: str) -> None:
    collaborations.record_signature(
        contract=contract, organisation=world.organisations[key], jws=world.stations.approval(contract, key)
    )


def revoke(world: World, contract: Contract, key: str) -> None:
    collaborations.record_revocation(
        contract=contract, organisation=world.organisations[key], jws=world.stations.revocation(contract, key)
    )


def test_what_a_contract_still_needs_is_listed_before_it_can_be_drafted(world: World, at: At) -> None:
    use_case = world.use_case_at("assessing")
    page = at().get(url("contract", use_case))
    assert {turn.code for turn in page.context["unmet"]} >= {"gate.assessment_not_adopted", "gate.no_agreement"}
    assert "What the contract still needs" in text(page)
    assert "Draft the contract" not in text(page)
    answer = at().post(url("contract_draft", use_case), {"kind": "contract"})
    assert (answer.status_code, use_case.contracts.count()) == (409, 0)


def test_a_contract_is_drafted_from_what_the_stations_announced(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("agreed"), at()
    assert "Draft the contract" in text(asker.get(url("contract", use_case)))
    refused = asker.post(url("contract_draft", use_case), {"kind": "contract"})
    assert (refused.status_code, use_case.contracts.count()) == (409, 0), "no station announced the datasets"
    enrol(world)
    assert asker.post(url("contract_draft", use_case), {"kind": "contract"}).status_code == 302
    contract = use_case.contracts.get()
    page = text(asker.get(url("contract", use_case)))
    assert " ".join(contract.code.split("-")) in page
    assert contract.sha256 in page
    assert page.count(">not yet<") == 3


def test_a_trial_contract_is_drafted_while_exploring(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    enrol(world, synthetic=True)
    assert "Draft the trial contract" in text(asker.get(url("contract", use_case)))
    assert asker.post(url("contract_draft", use_case), {"kind": "trial_contract"}).status_code == 302
    assert use_case.contracts.get().kind == "trial_contract"
    assert "synthetic data only" in text(asker.get(url("contract", use_case)))


def test_real_data_never_gets_a_trial_contract(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    enrol(world, synthetic=False)
    answer = asker.post(url("contract_draft", use_case), {"kind": "trial_contract"})
    assert (answer.status_code, use_case.contracts.count()) == (409, 0)
    assert "synthetic" in text(answer)


def test_the_page_gives_the_exact_commands(contracted: UseCase, at: At, settings) -> None:
    short = contracted.contracts.get().sha256[:12]
    page = text(at("beta", "data_steward").get(url("contract", contracted)))
    assert f"python -m station --home DIR contracts show {short}" in page
    assert f"python -m station --home DIR sign {short}" in page
    assert f"bin/demo station gamma sign {short}" in page, "in the demo one person plays everybody"
    settings.DEMO = False
    assert "bin/demo" not in text(at("beta", "data_steward").get(url("contract", contracted)))


def test_each_party_is_signed_waiting_or_revoked(world: World, contracted: UseCase, at: At, settings) -> None:
    settings.DEMO = False
    contract = contracted.contracts.get()
    sign(world, contract, "beta")
    page = at("beta").get(url("contract", contracted))
    assert [mark.state for mark in page.context["shown"][0]["marks"]] == ["waiting", "signed", "waiting"]
    assert "director" in text(page) and "invented 1" in text(page)
    assert f"sign {contract.sha256[:12]}" not in text(page), "beta has signed"
    assert f"revoke {contract.sha256[:12]}" in text(page), "and can withdraw"
    assert f"revoke {contract.sha256[:12]}" not in text(at("alfa").get(url("contract", contracted)))
    revoke(world, contract, "beta")
    listed = text(at("beta").get(url("contract", contracted)))
    assert "Earlier contracts" in listed and "revoked" in listed
    today = timezone.localdate().strftime("%B %Y")
    assert f"{today}" in text(at().get(url("contract_text", contract)))
    assert "since" in text(at().get(url("contract_text", contract)))


def test_the_preview_holds_what_is_agreed_and_says_that_it_is_one(contracted: UseCase, at: At) -> None:
    contract = contracted.contracts.get()
    page = text(at("gamma", "privacy_officer").get(url("contract_text", contract)))
    assert "Preview: what counts is what your own station shows." in page
    terms = contract.read()
    for expected in (terms.specification_sha256, *(document.sha256 for document in terms.documents)):
        assert expected in page
    for station in terms.stations:
        assert station.thumbprint in page
    assert "beta_rows.owes is equal to yes" in page


def test_a_superseded_contract_stays_readable(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("agreed"), at()
    enrol(world)
    asker.post(url("contract_draft", use_case), {"kind": "contract"})
    first = use_case.contracts.get()
    fill(asker, url("draft_section", use_case, "output"), k="20")
    form = asker.get(url("draft_check", use_case)).context["form"]
    asker.post(url("draft_check", use_case), {"revision": form["revision"].value(), "reopens": "on"})
    page = asker.get(url("contract", use_case))
    assert [entry.state for entry in page.context["earlier"]] == ["superseded"]
    assert page.context["shown"] == []
    assert asker.get(url("contract_text", first)).status_code == 200


def test_strangers_do_not_see_it_and_only_the_asker_drafts(world: World, at: At) -> None:
    use_case = world.use_case_at("agreed")
    enrol(world)
    for key, role in (("alfa", "drafter"), ("beta", "innovation_manager")):
        assert at(key, role).post(url("contract_draft", use_case), {"kind": "contract"}).status_code == 403
    stranger = Client()
    outside = Organisation.objects.create(slug="other", name="Other")
    stranger.force_login(new_person("x@other.example", outside, "innovation_manager"))
    assert stranger.post(url("contract_draft", use_case), {"kind": "contract"}).status_code == 404
    assert use_case.contracts.count() == 0
    at().post(url("contract_draft", use_case), {"kind": "contract"})
    contract = use_case.contracts.get()
    for name in ("contract_text", "contract_print", "contract_pdf"):
        assert stranger.get(url(name, contract)).status_code == 404
