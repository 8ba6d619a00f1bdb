"""An attempt at this station: PREPARE, READY, GO, OPEN (PROTOCOLS section 2 in docs/protocols/runs.md).

Nothing in a hint is believed: a hint only says where to look. What counts is the contract, the signatures and the other
stations' READYs, each verified here again.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from joserfc.jwk import ECKey

from station import analyses
from station.agent.contracts import fetch, own_reasons, signature_reasons
from station.agent.engines import Engines, Key, Message
from station.agent.platform import Platform
from station.agent.queries import ledger_order, room_reasons
from station.contract.contract import Contract
from station.contract.signatures import new_key, public, unverified, verify
from station.contract.statements import read_statement, session_of
from station.home import Home
from station.ledger.attempts import Attempt
from station.reasons import Reason, Refused

Hint = dict[str, Any]
Payload = dict[str, Any]

VALID_SECONDS = 115  # of a READY
MOST_SECONDS_OFF = 60  # what clocks may differ; more is not believed, or an old READY could be made young again
BEFORE_OPEN = ("preparing", "ready", "computing")


class Attempts:
    """The station's side of the attempts of runs."""

    def __init__(self, home: Home, platform: Platform, engines: Engines) -> None:
        self.home, self.platform, self.engines = home, platform, engines

    # PREPARE and READY

    def prepare(self, hint: Hint) -> None:
        """Begins an attempt, or refuses it for every reason found. One engine at a time: the rest waits its turn."""
        run, attempt, slot = str(hint["run"]), int(hint["attempt"]), int(hint["slot"])
        ledger = self.home.ledger
        if ledger.attempt(run, attempt) or ledger.statements(type="refusal", run=run, attempt=attempt):
            return
        if self.engines.busy():
            return
        contract = fetch(self.home, self.platform, str(hint["contract"]))
        if reasons := list(self._objections(contract, run, slot)):
            self._refuse(contract.sha256, run, attempt, reasons)
            return
        ledger.begin(run, attempt, contract.sha256, slot, json.dumps(new_key().as_dict(private=True)))
        if self._takes_part(contract):
            self.engines.start((run, attempt), self._order(contract, run, attempt))
        else:
            self.prepared((run, attempt), {"snapshot": None, "padded_rows": {}, "tls_cert": None, "address": None})

    def prepared(self, key: Key, message: Message) -> None:
        """READY: stored before it is sent. The rows must be those of the earlier attempts."""
        found = self._current(key, "preparing")
        if found is None:
            return
        known = self.home.ledger.snapshots(found.run) - {message["snapshot"]}
        if known:
            self._refuse(found.contract, *key, [Reason("run.rows_changed")])
            return
        ready = self._ready(found, message)
        with self.home.ledger.together():
            self.home.ledger.update_attempt(*key, snapshot=message["snapshot"], state="ready")
            self.home.ledger.record("ready", ready, self.home.key)

    # GO

    def go(self, hint: Hint) -> None:
        """Every READY is verified; with one that does not fit, this station does not start."""
        key = (str(hint["run"]), int(hint["attempt"]))
        found = self._current(key, "ready")
        if found is None:
            return
        contract = self._contract(found)
        try:
            readys = self._readys(contract, found, list(hint["readys"]))
            self._require(contract)
        except Refused as refusal:
            self._refuse(contract.sha256, *key, refusal.reasons)
            return
        session = session_of(readys)
        self.home.ledger.update_attempt(*key, readys=json.dumps(readys), session=session, state="computing")
        if not self._takes_part(contract):
            self.computed(key, {"shares": {}})
        elif engine := self.engines.get(key):
            engine.tell({"do": "go", "readys": readys, "session": session})
        else:
            self._fail(found, None, [Reason("engine.restarted")])

    # OPEN

    def computed(self, key: Key, message: Message) -> None:
        """The barrier: everything is asked once more; then slot charged, sealed shares and OPEN stored, all or nothing,
        before any share leaves."""
        found = self._current(key, "computing")
        if found is None:
            return
        contract = self._contract(found)
        outputs = {output.name: output for output in contract.specification.outputs}
        payload = self._named(found) | {"slot": found.slot, "session": found.session, "at": int(time.time())}
        ledger = self.home.ledger
        try:
            with ledger.together():
                self._require(contract)
                if reasons := list(room_reasons(self.home, contract, found.run)):
                    raise Refused(*reasons)
                ledger.charge(found.contract, found.slot, *key)
                for name, sealed in message["shares"].items():
                    ledger.keep_share(*key, name, "check", outputs[name].checker, sealed[outputs[name].checker])
                    for recipient in outputs[name].recipients:
                        ledger.keep_share(*key, name, "release", recipient, sealed[recipient])
                for name, records in message.get("index", {}).items():
                    self.home.records.keep_index(*key, name, records)
                ledger.record("open", payload, self.home.key)
                ledger.update_attempt(*key, state="opened")
        except Refused as refusal:
            self._refuse(found.contract, *key, refusal.reasons)

    def send(self, hint: Hint) -> None:
        """When every party signed OPEN of this very session, the sealed shares may go to the checkers."""
        key = (str(hint["run"]), int(hint["attempt"]))
        found = self._current(key, "opened")
        if found is None:
            return
        contract = self._contract(found)
        said = {}
        for token in hint["opens"]:
            payload = self._verified(contract, token, "open", found)
            if (payload["slot"], payload["session"]) != (found.slot, found.session):
                raise Refused("run.open_differs", organisation=str(payload["organisation"]))
            said[payload["organisation"]] = payload
        if set(said) == {party.organisation for party in contract.specification.parties}:
            self.home.ledger.shares_due(*key, "check")

    # When it goes wrong

    def failed(self, key: Key, message: Message) -> None:
        """What the engine told. A fault of our own before READY that a person has to mend is a refusal: trying again
        would not help. A process that died may do better next time."""
        found = self.home.ledger.attempt(*key)
        if found is None or found.state not in BEFORE_OPEN:
            return
        reasons = [Reason.from_document(item) for item in message["reasons"]]
        mendable = not any(reason.code.startswith("engine.") for reason in reasons)
        if found.state == "preparing" and message["blames"] is None and mendable:
            self._refuse(found.contract, *key, reasons)
        else:
            self._fail(found, message["blames"], reasons)

    def cancel(self, hint: Hint) -> None:
        """Stops and throws away what was not sent. What was opened stays charged."""
        key = (str(hint["run"]), int(hint["attempt"]))
        found = self.home.ledger.attempt(*key)
        self.engines.stop(key)
        if found is None or found.state in ("cancelled", "failed", "refused", "ended"):
            return
        self.home.ledger.throw_away(*key)

    def abandon_unfinished(self) -> None:
        """After a restart the engines are gone, and what they knew with them: those attempts are lost, and nothing of
        them left this station."""
        for found in self.home.ledger.attempts(*BEFORE_OPEN):
            self._fail(found, None, [Reason("engine.restarted")])

    # Parts

    def _objections(self, contract: Contract, run: str, slot: int) -> Iterator[Reason]:
        yield from own_reasons(self.home, contract)
        yield from signature_reasons(self.home, contract, date.today())
        yield from self.home.policy.closed(datetime.now())
        if slot <= self.home.ledger.highest_slot(contract.sha256):
            yield Reason("run.slot_used", {"slot": slot})
        if slot > contract.specification.schedule.slots:
            yield Reason("run.slots_used", {"slots": contract.specification.schedule.slots})
        yield from room_reasons(self.home, contract, run)

    def _require(self, contract: Contract) -> None:
        """Own rules and data, and the signatures, revocations and days of everybody, as they are now."""
        if reasons := [*own_reasons(self.home, contract), *signature_reasons(self.home, contract, date.today())]:
            raise Refused(*reasons)

    def _takes_part(self, contract: Contract) -> bool:
        """Whether this station has an engine at work: it computes, or gives rows to those that do."""
        spec, own = contract.specification, self.home.organisation
        return own in spec.with_role("computing_party") or own in spec.only_giving

    def _order(self, contract: Contract, run: str, attempt: int) -> Message:
        settings, own = self.home.settings, contract.specification.inputs_of(self.home.organisation)
        return {
            "contract": contract.document(), "organisation": self.home.organisation, "run": run, "attempt": attempt,
            "dataset": {entry.id: self.home.datasets.get(entry.dataset).source for entry in own},
            "listen": {"host": settings.listen_host, "port": settings.listen_port},
        } | ledger_order(self.home, contract)  # fmt: skip

    def _ready(self, found: Attempt, message: Message) -> Payload:
        ledger, spec = self.home.ledger, self._contract(found).specification
        opened = ledger.opened(found.run)
        return self._named(found) | {
            "slot": found.slot, "highest_used_slot": ledger.highest_slot(found.contract),
            "not_opened": [number for number in range(1, found.attempt) if number != opened],
            "snapshot": self._told(message["snapshot"]), "padded_rows": message["padded_rows"],
            "program": analyses.get(spec.analysis).program, "engine": spec.engine, "tls_cert": message["tls_cert"],
            "address": message["address"] and (self.home.settings.address or message["address"]),
            "enc_key": public(enc_key(found)), "log_head": ledger.head(), "nonce": secrets.token_urlsafe(18),
            "exp": int(self._now()) + VALID_SECONDS,
        }  # fmt: skip

    def _told(self, snapshot: str | None) -> str | None:
        """The snapshot as others see it: keyed with this station's own secret, so that nobody can find a small list by
        trying. The same rows in the same run still look the same."""
        if snapshot is None:
            return None
        secret = str(self.home.key.as_dict(private=True)["d"])
        return hmac.digest(secret.encode(), f"nicpet snapshot {snapshot}".encode(), "sha256").hex()

    def _readys(self, contract: Contract, found: Attempt, tokens: list[str]) -> list[Payload]:
        """The payloads, sorted by organisation; Refused when they are not exactly what must be there."""
        readys = sorted((self._verified(contract, t, "ready", found) for t in tokens), key=_organisation)
        parties = sorted(party.organisation for party in contract.specification.parties)
        if [ready["organisation"] for ready in readys] != parties:
            raise Refused("run.readys_missing")
        own = self.home.ledger.statements(type="ready", run=found.run, attempt=found.attempt)
        if not own or own[0].jws not in tokens:
            raise Refused("run.ready_not_ours")
        if found.slot != 1 + max(ready["highest_used_slot"] for ready in readys):
            raise Refused("run.slot_used", slot=found.slot)
        if reasons := [reason for ready in readys for reason in self._ready_reasons(contract, found, ready)]:
            raise Refused(*reasons)
        return readys

    def _ready_reasons(self, contract: Contract, found: Attempt, ready: Payload) -> Iterator[Reason]:
        spec, who = contract.specification, {"organisation": str(ready["organisation"])}
        if ready["exp"] <= self._now():
            yield Reason("run.ready_expired")
        if ready["slot"] != found.slot or not set(range(1, found.attempt)) <= set(ready["not_opened"]):
            yield Reason("run.ready_differs", dict(who))
        if (ready["program"], ready["engine"]) != (analyses.get(spec.analysis).program, spec.engine):
            yield Reason("run.other_program", {**who, "program": str(ready["program"])})
        agreed = {entry.id: entry.padded_rows for entry in spec.inputs_of(ready["organisation"])}
        computes = ready["organisation"] in spec.with_role("computing_party")
        connects = ready["tls_cert"] or not (computes or ready["organisation"] in spec.only_giving)
        if ready["padded_rows"] != agreed or not connects or (computes and not ready["address"]):
            yield Reason("run.ready_differs", dict(who))

    def _now(self) -> float:
        """The platform's time, by which all stations measure a READY, as far as it is believed."""
        return time.time() - max(-MOST_SECONDS_OFF, min(MOST_SECONDS_OFF, self.platform.offset))

    def _verified(self, contract: Contract, token: str, kind: str, found: Attempt) -> Payload:
        """A statement of one party about this very attempt, signed with its pinned key."""
        return verified(self.home, contract, token, kind, found)

    def _current(self, key: Key, state: str) -> Attempt | None:
        found = self.home.ledger.attempt(*key)
        return found if found is not None and found.state == state else None

    def _contract(self, found: Attempt) -> Contract:
        return contract_of(self.home, found)

    def _named(self, found: Attempt) -> Payload:
        return {
            "contract": found.contract, "organisation": self.home.organisation,
            "run": found.run, "attempt": found.attempt,
        }  # fmt: skip

    def _refuse(self, contract: str, run: str, attempt: int, reasons: Iterable[Reason]) -> None:
        """A veto, with every reason; whatever was begun is stopped."""
        self.engines.stop((run, attempt))
        payload = {
            "contract": contract, "organisation": self.home.organisation, "run": run, "attempt": attempt,
            "reasons": [reason.document() for reason in reasons][:20], "at": int(time.time()),
        }  # fmt: skip
        with self.home.ledger.together():
            self.home.ledger.record("refusal", payload, self.home.key)
            self.home.ledger.update_attempt(run, attempt, state="refused", enc_key=None)

    def _fail(self, found: Attempt, blames: str | None, reasons: list[Reason]) -> None:
        self.engines.stop((found.run, found.attempt))
        payload = self._named(found) | {
            "session": found.session, "opened": False, "blames": blames, "at": int(time.time()),
            "reasons": [reason.document() for reason in reasons][:20],
        }  # fmt: skip
        with self.home.ledger.together():
            self.home.ledger.record("failure", payload, self.home.key)
            self.home.ledger.update_attempt(found.run, found.attempt, state="failed", enc_key=None)


def contract_of(home: Home, found: Attempt) -> Contract:
    """The contract of an attempt, from the own store."""
    contract = home.ledger.contract(found.contract)
    if contract is None:
        raise Refused("contract.unknown")
    return contract


def verified(home: Home, contract: Contract, token: str, kind: str | tuple[str, ...], found: Attempt) -> Payload:
    """A statement about this attempt by one of the parties, verified with its pinned key."""
    organisation = str(unverified(token).get("organisation"))
    payload = verify(token, kind, home.pins.key_of(contract, organisation))
    read_statement(payload)
    if (payload["contract"], payload["run"], payload["attempt"]) != (found.contract, found.run, found.attempt):
        raise Refused("run.statement_of_another", organisation=organisation)
    return payload


def enc_key(found: Attempt) -> ECKey:
    """The private key that shares for this station are sealed to; Refused when it was destroyed."""
    if found.enc_key is None:
        raise Refused("output.none_here")
    return ECKey.import_key(json.loads(found.enc_key))


def _organisation(payload: Payload) -> str:
    return str(payload["organisation"])
