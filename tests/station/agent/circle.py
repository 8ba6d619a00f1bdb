"""One real station directory (gemeenten, which only computes) and the two other parties as the test plays them."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from typing import Any

from joserfc.jwk import ECKey

from station.agent.attempts import Attempts
from station.agent.engines import Engine, Engines
from station.agent.outputs import Outputs
from station.contract.signatures import new_key, public, sign, unverified
from station.contract.statements import session_of
from station.home import Home
from station.output import share_document
from station.sealing import seal
from tests.station.example import PARTIES, Agreed, specification

RUN = str(uuid.UUID(int=7))
OWN = "gemeenten"
MODULUS = 101
PREPARED = {"snapshot": None, "padded_rows": {}, "tls_cert": "a certificate", "address": "127.0.0.1:9"}


class Postman:
    """The platform as a station sees it: it hands over what it was given, and nothing it says is believed."""

    offset = 0.0

    def __init__(self, agreed: Agreed) -> None:
        self.agreed, self.changes = agreed, {}

    def contract(self, _sha256: str) -> dict[str, Any]:
        return self.agreed.answer(**self.changes)


class Circle:
    """A contract that all signed, an attempt of a run of it, and what the others say."""

    def __init__(self, home: Home, **spec: Any) -> None:
        keys = {key: new_key() for key in PARTIES} | {OWN: home.key}
        self.home, self.agreed = home, Agreed(keys=keys, specification=specification(**spec))
        self.heard: list[Any] = []
        self.engines = Engines(lambda key, message: self.heard.append((key, message)))
        self.postman = Postman(self.agreed)
        self.attempts = Attempts(home, self.postman, self.engines)
        self.outputs = Outputs(home)
        self.enc_keys: dict[str, ECKey] = {key: new_key() for key in PARTIES}
        home.pins.learn(self.agreed.contract, [item["jwk"] for item in self.agreed.jwks()])

    def hint(self, **facts: Any) -> dict[str, Any]:
        return {"contract": self.agreed.sha256, "run": RUN, "attempt": 1, "slot": 1} | facts

    def begin(self) -> None:
        """As far as READY, without an engine."""
        home, sha256 = self.home, self.agreed.sha256
        answer = self.agreed.answer()
        papers = [(item["sha256"], item["text"]) for item in answer["documents"]]
        home.ledger.keep_contract(answer["contract"], [item["jwk"] for item in answer["keys"]], papers)
        for key, token in zip(PARTIES, answer["approvals"], strict=True):
            home.ledger.keep_signature(sha256, key, "approval", token)
        home.ledger.begin(RUN, 1, sha256, 1, json.dumps(new_key().as_dict(private=True)))
        self.attempts.prepared((RUN, 1), PREPARED)

    def own(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of this station's own statements of one type."""
        return [unverified(statement.jws) for statement in self.home.ledger.statements(type=kind)]

    def tokens(self, **changes: dict[str, Any]) -> list[str]:
        """One READY of everybody; ``changes`` per organisation."""
        own = self.home.ledger.statements(type="ready", run=RUN, attempt=1)[0].jws
        return [own, *(self.ready(key, **changes.get(key, {})) for key in PARTIES if key != OWN)]

    def ready(self, key: str, *, signer: str = "", **changes: Any) -> str:
        payload = self.named(key) | {
            "slot": 1, "highest_used_slot": 0, "not_opened": [], "snapshot": None, "padded_rows": {key: 100},
            "program": "grouped_counts/2", "engine": "mpyc", "tls_cert": "a certificate", "address": "127.0.0.1:9",
            "enc_key": public(self.enc_keys[key]), "log_head": "0" * 64, "nonce": uuid.uuid4().hex,
            "exp": int(time.time()) + 100,
        } | changes  # fmt: skip
        return sign("ready", payload, self.agreed.keys[signer or key])

    def opened(self, key: str, **changes: Any) -> str:
        payload = self.named(key) | {"slot": 1, "session": self.session, "at": int(time.time())} | changes
        return sign("open", payload, self.agreed.keys[key])

    def named(self, key: str) -> dict[str, Any]:
        return {"contract": self.agreed.sha256, "organisation": key, "run": RUN, "attempt": 1}

    @property
    def session(self) -> str:
        found = self.home.ledger.attempt(RUN, 1)
        return found.session if found and found.session else session_of([])

    def go(self, tokens: list[str] | None = None) -> None:
        """GO, with a process in the engine's place that only listens."""
        listener = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.engines._running[RUN, 1] = Engine((RUN, 1), listener)
        self.attempts.go(self.hint(readys=tokens or self.tokens()))

    def compute(self) -> None:
        """From READY to OPEN, with sealed shares that only look like ones."""
        self.begin()
        self.go()
        self.attempts.computed((RUN, 1), {"shares": {"table": {key: f"sealed for {key}" for key in PARTIES}}})

    def send(self) -> None:
        """Everybody opened: this station's share for the checker may go, and went."""
        own = self.home.ledger.statements(type="open")[0].jws
        self.attempts.send(self.hint(opens=[own, *(self.opened(key) for key in PARTIES if key != OWN)]))
        for share in self.home.ledger.shares("due"):
            self.home.ledger.share_sent(share)

    def shares(self, values: list[int], *, output: str = "table", receiver: str = OWN, **changes: Any) -> Any:
        """Three sealed shares of ``values`` for this station: points on lines with slope 5."""
        found = self.home.ledger.attempt(RUN, 1)
        key = ECKey.import_key(json.loads(found.enc_key))
        made = []
        for point, sender in enumerate(PARTIES, start=1):
            share = share_document(
                session=self.session, output=output, sender=sender, point=point, modulus=MODULUS,
                values=[(value + 5 * point) % MODULUS for value in values],
            )  # fmt: skip
            share |= changes.get(sender, {})
            made.append({"from": sender, "jwe": seal(share, receiver, key)})
        return made

    def decision(self, kind: str, sha256: str, *, key: str, **changes: Any) -> str:
        payload = self.named(key) | {
            "session": self.session, "output": "table", "table_sha256": sha256, "reasons": "invented",
            "checked_by": "checker", "at": int(time.time()),
        } | changes  # fmt: skip
        return sign(kind, payload, self.agreed.keys[key])
