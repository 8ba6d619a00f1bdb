"""Sealed shares of an output: to the checker, then on its signed decision to the recipients, or to nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from station import analyses
from station.agent.attempts import Hint, Payload, contract_of, enc_key, verified
from station.contract.contract import Contract
from station.home import Home
from station.ledger.attempts import Attempt, Share
from station.ledger.results import Result
from station.output import reconstruct, table, table_bytes, table_sha256
from station.reasons import Reason, Refused
from station.records import stamp_of
from station.sealing import unseal
from station.specification import Output, Specification

NO_TABLE = "0" * 64
TESTED = "automatic test"  # who checked, when no person had to


class Outputs:
    """What this station does as checker, computing party or recipient of an output."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def check(self, hint: Hint) -> None:
        """Reconstructs the table at the checker's own station, where a person then decides. A table that fails the
        automatic tests is withheld at once."""
        if (about := self._of(hint)) is None:
            return
        found, output = about
        if output.checker != self.home.organisation:
            raise Refused("decision.not_checker", output=output.name)
        if self.home.ledger.result(found.run, output.name, "check"):
            return
        contract = contract_of(self.home, found)
        try:
            made = self._table(contract, found, output, hint["shares"])
            reasons = list(test_reasons(contract.specification, output, made))
        except Refused as refusal:
            made, reasons = None, refusal.reasons
        if made is None or reasons:
            self._withhold(found, output, reasons, table_sha256(made) if made else NO_TABLE)
            return
        self.home.ledger.keep_result(_result(found, output, "check", made, "waiting"))

    def decided(self, hint: Hint) -> None:
        """A computing party sends its share to the recipients, once, or destroys it."""
        if (about := self._of(hint)) is None:
            return
        found, output = about
        decision = self._decision(found, output, str(hint["decision"]))
        if decision["type"] == "release":
            if any((share.stage, share.state) == ("check", "kept") for share in self._own_shares(found, output)):
                raise Refused("output.not_opened", output=output.name)
            self.home.ledger.shares_due(found.run, found.attempt, "release", output.name)
        else:
            self.home.ledger.destroy_shares(found.run, found.attempt, output.name)
        self._end_if_done(found)

    def receive(self, hint: Hint) -> None:
        """A recipient keeps the table only when it is the very one the checker released."""
        if (about := self._of(hint)) is None:
            return
        found, output = about
        if self.home.organisation not in output.recipients:
            raise Refused("output.not_recipient", output=output.name)
        if self.home.ledger.result(found.run, output.name, "release"):
            return
        contract = contract_of(self.home, found)
        decision = self._decision(found, output, str(hint["decision"]))
        values = self._values(contract, found, output, hint["shares"])
        made = table(contract.specification, output, values)
        if decision["type"] != "release" or table_sha256(made) != decision["table_sha256"]:
            raise Refused("output.not_the_released", output=output.name)
        state = "to_upload" if output.shown_on_platform else "received"
        payload = {
            "contract": found.contract, "organisation": self.home.organisation, "run": found.run,
            "output": output.name, "table_sha256": table_sha256(made), "at": int(time.time()),
        }  # fmt: skip
        with self.home.ledger.together():
            if output.kind == "record_list":
                self._keep_records(contract, found, output, values)
            self.home.ledger.keep_result(_result(found, output, "release", made, state))
            self.home.ledger.record("received", payload, self.home.key)
        self._end_if_done(found)

    def _of(self, hint: Hint) -> tuple[Attempt, Output] | None:
        """The opened attempt and the output that a hint is about; None when there is nothing to do here."""
        found = self.home.ledger.attempt(str(hint["run"]), int(hint["attempt"]))
        if found is None or found.state != "opened":
            return None
        for output in contract_of(self.home, found).specification.outputs:
            if output.name == hint["output"]:
                return found, output
        raise Refused("output.unknown", output=str(hint["output"])[:63])

    def _own_shares(self, found: Attempt, output: Output) -> list[Share]:
        return self.home.ledger.shares_of(found.run, found.attempt, output.name)

    def _keep_records(self, contract: Contract, found: Attempt, output: Output, values: list[int]) -> None:
        """The records themselves: into an encrypted file here, and nowhere else."""
        spec, records = contract.specification, self.home.records
        index = records.index(found.run, found.attempt, output.name)
        stamp = stamp_of(
            spec, output, run=found.run, contract=found.contract, language=self.home.settings.language,
            today=date.today(),
        )  # fmt: skip
        records.keep(stamp, analyses.get(spec.analysis).records(spec, output, values, index))

    def destroy_what_is_over(self) -> None:
        """Results whose last day is over, and what belonged to attempts that are."""
        self.home.records.expire(self.home.ledger, date.today())
        self.home.records.drop_indexes(self.home.ledger)

    def _table(self, contract: Contract, found: Attempt, output: Output, shares: Any) -> dict[str, Any]:
        return table(contract.specification, output, self._values(contract, found, output, shares))

    def _values(self, contract: Contract, found: Attempt, output: Output, shares: Any) -> list[int]:
        spec, key = contract.specification, enc_key(found)
        computing = sorted(spec.with_role("computing_party"))
        sealed = {str(share["from"]): str(share["jwe"]) for share in shares}
        if sorted(sealed) != computing:
            raise Refused("output.three_shares")
        opened = [
            unseal(
                sealed[sender], key, session=str(found.session), output=output.name, sender=sender,
                receiver=self.home.organisation,
            )
            for sender in computing
        ]  # fmt: skip
        for point, share in enumerate(opened, start=1):
            if share.get("point") != point:
                raise Refused("output.not_together")
        return reconstruct(opened)

    def _decision(self, found: Attempt, output: Output, token: str) -> Payload:
        """The checker's own signed decision about this output of this session."""
        decision = verified(self.home, contract_of(self.home, found), token, ("release", "withhold"), found)
        named = (decision["organisation"], decision["output"], decision["session"])
        if named != (output.checker, output.name, found.session):
            raise Refused("output.decision_of_another", output=output.name)
        return decision

    def _withhold(self, found: Attempt, output: Output, reasons: list[Reason], sha256: str) -> None:
        payload = {
            "contract": found.contract, "organisation": self.home.organisation, "run": found.run,
            "attempt": found.attempt, "session": found.session, "output": output.name, "table_sha256": sha256,
            "reasons": "\n".join(reason.text("nl") for reason in reasons), "checked_by": TESTED,
            "at": int(time.time()),
        }  # fmt: skip
        self.home.ledger.record("withhold", payload, self.home.key)

    def end_what_is_done(self) -> None:
        """After sending: what went is only known afterwards."""
        for found in self.home.ledger.attempts("opened"):
            self._end_if_done(found)

    def _end_if_done(self, found: Attempt) -> None:
        """The key of this attempt goes when no share can come any more for this station."""
        outputs = contract_of(self.home, found).specification.outputs
        if not any(self._awaits(found, output) for output in outputs):
            self.home.ledger.update_attempt(found.run, found.attempt, state="ended", enc_key=None)

    def _awaits(self, found: Attempt, output: Output) -> bool:
        """Whether this station still has something to send, to check or to receive of an output."""
        ledger, own, shares = self.home.ledger, self.home.organisation, self._own_shares(found, output)
        if any(share.state in ("kept", "due") for share in shares):
            return True
        if any(share.state == "destroyed" for share in shares):
            return False
        if output.checker == own:
            if ledger.statements(type="withhold", run=found.run, attempt=found.attempt, output=output.name):
                return False
            if (checked := ledger.result(found.run, output.name, "check")) is None or checked.state == "waiting":
                return True
        return own in output.recipients and not ledger.result(found.run, output.name, "release")


def _result(found: Attempt, output: Output, stage: str, made: dict[str, Any], state: str) -> Result:
    data, sha256 = table_bytes(made).decode(), table_sha256(made)
    return Result(found.run, output.name, stage, found.attempt, data, sha256, state)


def test_reasons(spec: Specification, output: Output, made: dict[str, Any]) -> Iterator[Reason]:
    """The automatic tests of a table before a person sees it: no number below the threshold, whatever computed it."""
    analysis = analyses.get(spec.analysis)
    columns = analysis.columns(spec, output)
    places = [place for place, column in enumerate(columns) if column.measure and column.counts]
    counts = [row[place] for row in made["rows"] for place in places if row[place] is not None]
    k, base = spec.disclosure.k, spec.disclosure.rounding_base
    least = (k + base // 2) // base * base if base else k
    if small := sum(count < least for count in counts):
        yield Reason("output.below_threshold", {"number": small, "k": spec.disclosure.k})
    largest = sum(entry.padded_rows for entry in spec.inputs)
    if any(count > largest for count in counts):
        yield Reason("output.impossible", {"most": largest})
    yield from analysis.objections(spec, output, made)
