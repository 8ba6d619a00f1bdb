"""A signed trial contract of three invented organisations, and their stations' side of a run."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from collaborations.models import Collaboration, Contract, Partner, SpecificationVersion, UseCase
from computations.models import Run
from station.contract.canonical import canonical, code, digest
from station.contract.contract import Contract as Terms
from station.contract.contract import read_contract
from station.contract.signatures import public
from station.contract.statements import session_of
from tests.computations.station_side import StationSide

TABLE = {"columns": ["colour", "count"], "rows": [["blue", 30], ["red", None]], "suppressed": 1}
_TEXT = {"nl": "verzonnen", "en": "invented"}


def specification(
    *, slots: int = 5, shown: bool = True, outputs: int = 1, recurrence: str = "once", days: int = 9
) -> dict[str, Any]:
    """Three computing parties; alfa asks and receives, beta checks, gamma has no input."""
    today = timezone.localdate()
    return {
        "schema": "nicpet.specification/1",
        "title": _TEXT, "purpose": _TEXT, "asker": "alfa", "analysis": "grouped_counts", "engine": "mpyc",
        "parties": [_party("alfa", ["input_party", "computing_party", "result_party"]),
                    _party("beta", ["input_party", "computing_party"]),
                    _party("gamma", ["computing_party"])],
        "inputs": [_input("alfa", [_column("colour", {"kind": "code", "values": ["blue", "red"]}, "group")]),
                   _input("beta", [_column("owes", {"kind": "bool"}, "condition")])],
        "parameters": {"base": "alfa_rows", "group_by": [{"input": "alfa_rows", "column": "colour"}],
                       "conditions": [{"input": "beta_rows", "column": "owes", "op": "eq", "value": True}]},
        "disclosure": {"k": 10, "two_sided": True, "rounding_base": 0},
        "outputs": [{"name": f"table{n or ''}", "kind": "aggregate_table", "title": _TEXT, "recipients": ["alfa"],
                     "checker": "beta", "shown_on_platform": shown, "use": _TEXT} for n in range(outputs)],
        "retention": [],
        "schedule": {
            "recurrence": recurrence, "start": str(today), "end": str(today + timedelta(days=days)), "slots": slots,
        },
    }  # fmt: skip


def survival(**more: Any) -> dict[str, Any]:
    """The same three organisations; alfa follows people in time, beta knows their group."""
    outputs = [("curves", "aggregate_table"), ("test", "scalar")]
    made = specification(**more)
    return made | {
        "analysis": "survival",
        "inputs": [_input("alfa", [_column("months", {"kind": "int", "minimum": 0, "maximum": 600}, "measure"),
                                   _column("died", {"kind": "bool"}, "measure")]),
                   _input("beta", [_column("arm", {"kind": "code", "values": ["A", "B"]}, "group")])],
        "parameters": {"time": {"input": "alfa_rows", "column": "months"}, "interval": 3, "horizon": 12,
                       "event": {"input": "alfa_rows", "column": "died"}, "min_events": 3,
                       "group": {"input": "beta_rows", "column": "arm"}},
        "outputs": [made["outputs"][0] | {"name": name, "kind": kind} for name, kind in outputs],
    }  # fmt: skip


def _party(key: str, roles: list[str]) -> dict[str, Any]:
    return {"organisation": key, "name": key.title(), "capacity": "joint_controller", "party_roles": roles}


def _input(key: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    join = _column("id", {"kind": "digits", "length": 9}, "join_key")
    return {"id": f"{key}_rows", "organisation": key, "dataset": "rows", "subject_category": _TEXT,
            "padded_rows": 100, "columns": [join, *columns]}  # fmt: skip


def _column(name: str, kind: dict[str, Any], use: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "data_class": "ordinary", "use": use,
            "description": _TEXT, "justification": _TEXT}  # fmt: skip


def draft(sides: dict[str, StationSide], by: User, of: Any = specification, **spec: Any) -> Contract:
    """An exploring use case of these organisations with a trial contract that waits for signatures."""
    document = of(**spec)
    first = next(iter(sides.values())).organisation
    use_case = UseCase.objects.create(
        collaboration=Collaboration.objects.create(name="Invented"), proposer=first, title="Invented",
        summary="Invented", state="exploring", proposed_by=by,
    )  # fmt: skip
    for side in sides.values():
        Partner.objects.create(
            use_case=use_case, organisation=side.organisation, capacity="joint_controller", state="joined"
        )
    SpecificationVersion.objects.create(use_case=use_case, number=1, data=document, sha256=digest(document), by=by)
    terms = read_contract({
        "schema": "nicpet.contract/1", "kind": "trial_contract", "use_case": str(use_case.pk), "serial": 1,
        "specification": document, "specification_sha256": digest(document), "documents": [],
        "stations": [{"organisation": key, "thumbprint": sides[key].kid} for key in sorted(sides)],
        "datasets": [{"input": f"{key}_rows", "sha256": "0" * 64, "synthetic": True} for key in ("alfa", "beta")],
        "valid_to": [], "drafted_on": str(timezone.localdate()),
    })  # fmt: skip
    return _stored(use_case, terms, sides, by)


def _stored(use_case: UseCase, terms: Terms, sides: dict[str, StationSide], by: User) -> Contract:
    return Contract.objects.create(
        use_case=use_case, kind="trial_contract", data=canonical(terms.document()).decode(), sha256=terms.sha256,
        code=code(terms.sha256), drafted_by=by,
        keys=[{"organisation": key, "jwk": public(side.key)} for key, side in sorted(sides.items())],
    )  # fmt: skip


def approve(side: StationSide, signed: Contract, kind: str = "trial_approval", **changes: Any) -> Any:
    mandate = {"function": "director", "reference": "invented 1", "valid_to": str(timezone.localdate())}
    payload = {
        "contract": signed.sha256, "capacity": "joint_controller", "mandate": mandate, "documents": [],
        "decided_on": str(timezone.localdate()),
    }  # fmt: skip
    return side.state(kind, **(payload | changes))


@dataclass
class Stations:
    """The three sides of one run, acting on what the platform tells them."""

    sides: dict[str, StationSide]
    contract: Contract
    run: Run | None = None
    readys: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def names(self, **more: Any) -> dict[str, Any]:
        assert self.run is not None
        self.run.refresh_from_db()
        return {"contract": self.contract.sha256, "run": str(self.run.pk), "attempt": self.run.attempt} | more

    def ready(self, key: str, **changes: Any) -> Any:
        names = self.names()
        payload = names | {
            "slot": self.run.slot, "highest_used_slot": 0, "not_opened": list(range(1, names["attempt"])),
            "snapshot": None, "padded_rows": {}, "program": "grouped_counts/2", "engine": "mpyc", "tls_cert": None,
            "address": None, "enc_key": public(self.sides[key].enc_key), "log_head": "0" * 64,
            "nonce": uuid.uuid4().hex, "exp": int(time.time()) + 100,
        } | changes  # fmt: skip
        answer = self.sides[key].state("ready", **payload)
        if answer.status_code == 200:
            whole = payload | {"type": "ready", "organisation": key}
            self.readys.setdefault(payload["attempt"], {})[key] = whole
        return answer

    def session(self, attempt: int | None = None) -> str:
        return session_of(list(self.readys[attempt or self.names()["attempt"]].values()))

    def open(self, key: str, **changes: Any) -> Any:
        names = self.names(slot=self.run.slot, session=self.session(changes.get("attempt")), at=int(time.time()))
        return self.sides[key].state("open", **(names | changes))

    def fail(self, key: str, *, opened: bool = False, blames: str | None = None, **changes: Any) -> Any:
        names = self.names(session=None, opened=opened, blames=blames, at=int(time.time()))
        reasons = [{"code": "engine.invented", "facts": {}}]
        return self.sides[key].state("failure", **(names | {"reasons": reasons} | changes))

    def refuse(self, key: str, **changes: Any) -> Any:
        reasons = [{"code": "policy.invented", "facts": {"k": 25}}]
        return self.sides[key].state("refusal", **(self.names(reasons=reasons, at=int(time.time())) | changes))

    def share(self, key: str, stage: str, to: str, output: str = "table", jwe: str = "") -> Any:
        names = self.names()
        body = {"stage": stage, "output": output, "to": to, "jwe": jwe or f"sealed-by-{key}-for-{to}"}
        return self.sides[key].call("POST", f"runs/{names['run']}/attempts/{names['attempt']}/shares", body)

    def decide(self, kind: str = "release", key: str = "beta", output: str = "table", **changes: Any) -> Any:
        payload = self.names(
            session=self.session(), output=output, table_sha256=digest(TABLE), reasons="looked at it",
            checked_by="statistician", at=int(time.time()),
        )  # fmt: skip
        return self.sides[key].state(kind, **(payload | changes))

    def receive(self, key: str = "alfa", output: str = "table", **changes: Any) -> Any:
        names = {name: value for name, value in self.names().items() if name != "attempt"}
        payload = names | {"output": output, "table_sha256": digest(TABLE), "at": int(time.time())}
        return self.sides[key].state("received", **(payload | changes))

    def show(self, key: str = "alfa", table: Any = None, output: str = "table") -> Any:
        return self.sides[key].call("PUT", f"runs/{self.run.pk}/results/{output}", {"table": table or TABLE})

    def all_ready(self) -> None:
        for key in self.sides:
            assert self.ready(key).status_code == 200

    def all_open(self) -> None:
        for key in self.sides:
            assert self.open(key).status_code == 200

    def to_checking(self) -> None:
        self.all_ready()
        self.all_open()
        for key in self.sides:
            assert self.share(key, "check", "beta").status_code == 200

    def to_releasing(self) -> None:
        self.to_checking()
        assert self.decide().status_code == 200

    def to_released(self) -> None:
        self.to_releasing()
        for key in self.sides:
            assert self.share(key, "release", "alfa").status_code == 200
        assert self.receive().status_code == 200
        assert self.show().status_code == 200
        assert self.state() == "released"

    def hints(self, key: str) -> list[str]:
        return [hint["type"] for hint in self.sides[key].hints() if hint["type"] != "contract"]

    def state(self) -> str:
        self.names()
        return self.run.state
