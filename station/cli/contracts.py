"""``contracts``, ``contracts show``, ``sign`` and ``revoke``."""

from __future__ import annotations

import argparse
import time
from datetime import date

from station.agent.contracts import fetch, own_reasons, signature_reasons
from station.agent.hints import read_hint, read_work
from station.agent.outbox import flush
from station.agent.platform import Away
from station.agent.queries import keep_first_cuts
from station.cli.setting_up import platform_of
from station.cli.words import Voice
from station.contract.canonical import code, load, same_code
from station.contract.contract import Contract
from station.contract.rules import contract_reasons
from station.home import Home
from station.reasons import Reason, Refused
from station.rendering import render, render_document


def listing(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """All contracts known here; new ones are fetched first when the platform can be reached."""
    try:
        fetch_new(home)
    except Away:
        voice.say("platform_away")
    except Refused as refusal:
        voice.refuse(refusal.reasons)
    known = [contract for sha256 in home.ledger.contracts() if (contract := home.ledger.contract(sha256))]
    if not known:
        voice.say("no_contracts")
    for contract in known:
        waits = [reason.text(voice.language) for reason in signature_reasons(home, contract, date.today())]
        title = getattr(contract.specification.title, voice.language)
        voice.say(
            "contract_line", id=contract.sha256[:12], title=title, state=waits[0] if waits else voice.text("in_force")
        )


def show(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    contract = find(home, given.id)
    if reasons := contract_reasons(contract):
        raise Refused(*reasons)
    print(render(contract, voice.language, own=home.organisation, registry=home.datasets))
    if given.documents:
        for document in contract.documents:
            text = home.ledger.document(document.sha256)
            voice.line(f"== {document.title} ({document.sha256})")
            print("\n".join(render_document(load(text), voice.language)) if text else "-")


def sign(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Stored before it is sent; signing twice is signing once."""
    contract = find(home, given.id)
    if reasons := own_reasons(home, contract) or row_reasons(home, contract):
        raise Refused(*reasons)
    rendered = render(contract, voice.language, own=home.organisation, registry=home.datasets)
    if given.code is None:
        print(rendered)
    typed = given.code if given.code is not None else voice.ask("ask_code")
    if not same_code(typed, contract.sha256):
        raise Refused("contract.code_differs")
    mandate = {
        "function": given.function or voice.ask("ask_function"),
        "reference": given.reference or voice.ask("ask_reference"),
        "valid_to": _day(given.valid_to or voice.ask("ask_valid_to")),
    }
    home.pins.learn(contract, home.ledger.contract_keys(contract.sha256))
    record_approval(home, contract, mandate)
    _send(home, voice)
    voice.say("signed", id=contract.sha256[:12], code=code(contract.sha256))


def row_reasons(home: Home, contract: Contract) -> list[Reason]:
    """What is wrong with the own rows that this contract uses: better told now than in the first run."""
    entries = contract.specification.inputs_of(home.organisation)
    return [reason for entry in entries for reason in home.datasets.row_reasons(entry)]


def record_approval(home: Home, contract: Contract, mandate: dict[str, str]) -> None:
    """Signs and stores the approval, as own statement and as own signature on the contract."""
    ledger, kind, own = home.ledger, contract.approval_type, home.organisation
    party = contract.specification.party(own)
    if party is None:
        raise Refused("contract.not_ours", organisation=own)
    if any(entry.type == "revocation" for entry in ledger.statements(contract=contract.sha256)):
        raise Refused("contract.revoked", organisation=own)
    if ledger.statements(type=kind, contract=contract.sha256):
        raise Refused("contract.signed_before")
    payload = {
        "contract": contract.sha256, "organisation": own, "capacity": party.capacity, "mandate": mandate,
        "documents": [document.sha256 for document in contract.documents], "decided_on": date.today().isoformat(),
    }  # fmt: skip
    with ledger.together():
        ledger.keep_signature(contract.sha256, own, kind, ledger.record(kind, payload, home.key))
        keep_first_cuts(home, contract)


def revoke(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Counts here at once, whether or not the platform can be told."""
    contract, ledger = find(home, given.id), home.ledger
    if not ledger.statements(type="revocation", contract=contract.sha256):
        reason = given.reason or voice.ask("ask_reason")
        payload = {
            "contract": contract.sha256, "organisation": home.organisation, "reason": reason, "at": int(time.time())
        }  # fmt: skip
        with ledger.together():
            token = ledger.record("revocation", payload, home.key)
            ledger.keep_signature(contract.sha256, home.organisation, "revocation", token)
            ledger.withdraw(contract.sha256)
    voice.say("revoked", id=contract.sha256[:12])
    _send(home, voice)


def find(home: Home, beginning: str) -> Contract:
    """The one contract whose hash begins so; fetched from the platform when it is not known here yet."""
    if len(beginning) < 64 and not any(sha.startswith(beginning) for sha in home.ledger.contracts()):
        fetch_new(home)
    if len(beginning) == 64 and home.ledger.contract(beginning) is None:
        return fetch(home, platform_of(home), beginning)
    found = [sha256 for sha256 in home.ledger.contracts() if sha256.startswith(beginning)]
    contract = home.ledger.contract(found[0]) if len(found) == 1 else None
    if contract is None:
        raise Refused("contract.unknown_here" if not found else "contract.several", id=beginning[:64])
    return contract


def fetch_new(home: Home) -> None:
    """Fetches the contracts that wait for this station's signature."""
    platform = platform_of(home)
    hints, _doorbell = read_work(platform.work())
    for given in hints:
        hint = read_hint(given)
        if hint["type"] == "contract" and "contract" in hint and home.ledger.contract(hint["contract"]) is None:
            fetch(home, platform, hint["contract"])


def _send(home: Home, voice: Voice) -> None:
    """What the platform refuses is a refusal for the person here as well; when it is away, the agent sends later."""
    try:
        refusals: list[Reason] = flush(home, platform_of(home))
    except Away:
        voice.say("sent_later")
        return
    if refusals:
        raise Refused(*refusals)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("cli.no_day") from None
    if day < date.today():
        raise Refused("contract.mandate_ended", organisation="-")
    return day.isoformat()
