"""What must hold inside a specification and a contract, whoever made it. Platform and station both ask here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from station import analyses
from station.contract.canonical import digest
from station.contract.contract import Contract
from station.reasons import Reason, Refused
from station.specification import Output, Specification

JOIN_KINDS = {"digits", "hex", "uuid", "text", "int"}


def specification_reasons(spec: Specification) -> list[Reason]:
    """Everything that is wrong with a specification by itself; an empty list means it can be assessed."""
    reasons = [*_party_reasons(spec), *_input_reasons(spec), *_output_reasons(spec), *_schedule_reasons(spec)]
    if reasons:
        return reasons
    try:
        analysis = analyses.get(spec.analysis)
        return [*_kind_reasons(spec, analysis.output_kinds), *analysis.check(spec)]
    except Refused as refusal:
        return refusal.reasons


def contract_reasons(contract: Contract) -> list[Reason]:
    """Everything that is wrong with a contract by itself: its specification, hashes, keys, documents and days."""
    spec = contract.specification
    reasons = specification_reasons(spec)
    parties = {party.organisation for party in spec.parties}
    if digest(spec.document()) != contract.specification_sha256:
        reasons.append(Reason("contract.specification_hash"))
    if [s.organisation for s in contract.stations] != sorted(parties):
        reasons.append(Reason("contract.stations"))
    if len({s.thumbprint for s in contract.stations}) != len(contract.stations):
        reasons.append(Reason("contract.shared_key"))
    if sorted(d.input for d in contract.datasets) != sorted(i.id for i in spec.inputs):
        reasons.append(Reason("contract.datasets"))
    if not contract.is_trial:
        reasons.extend(_foundation_reasons(contract, parties))
    elif not all(dataset.synthetic for dataset in contract.datasets):
        reasons.append(Reason("contract.trial_not_synthetic"))
    return reasons


def _foundation_reasons(contract: Contract, parties: set[str]) -> Iterator[Reason]:
    kinds = Counter(document.kind for document in contract.documents)
    if kinds["assessment"] != 1:
        yield Reason("contract.no_assessment")
    if not kinds["agreement"]:
        yield Reason("contract.no_agreement")
    based = {d.organisation for d in contract.documents if d.kind == "legal_basis"}
    for organisation in sorted(parties - {o for o in based if o}):
        yield Reason("contract.no_legal_basis", {"organisation": organisation})
    for organisation in sorted(parties - {v.organisation for v in contract.valid_to}):
        yield Reason("contract.no_validity", {"organisation": organisation})


def _party_reasons(spec: Specification) -> Iterator[Reason]:
    keys = [party.organisation for party in spec.parties]
    for key in _doubled(keys):
        yield Reason("specification.party_twice", {"organisation": key})
    if len(spec.with_role("computing_party")) != 3:
        yield Reason("specification.three_computing", {"number": len(spec.with_role("computing_party"))})
    if spec.asker not in keys:
        yield Reason("specification.asker_outside", {"organisation": spec.asker})
    if not any(party.capacity in ("controller", "joint_controller") for party in spec.parties):
        yield Reason("specification.no_controller")


def _input_reasons(spec: Specification) -> Iterator[Reason]:
    for key in _doubled(entry.id for entry in spec.inputs):
        yield Reason("specification.input_twice", {"input": key})
    givers = set(spec.with_role("input_party"))
    for entry in spec.inputs:
        if entry.organisation not in givers:
            yield Reason("specification.input_outside", {"input": entry.id, "organisation": entry.organisation})
        for name in _doubled(column.name for column in entry.columns):
            yield Reason("specification.column_twice", {"input": entry.id, "column": name})
        keys = [column for column in entry.columns if column.use == "join_key"]
        if len(keys) != 1 or keys[0].type.kind not in JOIN_KINDS:
            yield Reason("specification.one_join_key", {"input": entry.id})
    for organisation in sorted(givers - {entry.organisation for entry in spec.inputs}):
        yield Reason("specification.giver_without_input", {"organisation": organisation})


def _output_reasons(spec: Specification) -> Iterator[Reason]:
    for name in _doubled(output.name for output in spec.outputs):
        yield Reason("specification.output_twice", {"output": name})
    receivers, keys = set(spec.with_role("result_party")), {party.organisation for party in spec.parties}
    for output in spec.outputs:
        for organisation in _doubled(output.recipients):
            yield Reason("specification.recipient_twice", {"organisation": organisation})
        for organisation in sorted(set(output.recipients) - receivers):
            yield Reason("specification.recipient_outside", {"output": output.name, "organisation": organisation})
        if output.checker not in keys:
            yield Reason("specification.checker_outside", {"output": output.name, "organisation": output.checker})
        if output.kind == "record_list":
            yield from _record_reasons(spec, output)
        if output.checker == spec.asker:
            yield Reason("specification.checker_is_asker", {"output": output.name, "organisation": output.checker})


def _kind_reasons(spec: Specification, possible: Iterable[str]) -> Iterator[Reason]:
    for output in spec.outputs:
        if output.kind not in possible:
            yield Reason("specification.output_kind", {"output": output.name, "kind": output.kind})


def _record_reasons(spec: Specification, output: Output) -> Iterator[Reason]:
    """What names persons stays at one station, and not for ever."""
    if len(output.recipients) != 1 or output.shown_on_platform:
        yield Reason("specification.records_elsewhere", {"output": output.name})
    elif not any(entry.holder == output.recipients[0] for entry in spec.retention):
        facts: dict[str, str | int] = {"output": output.name, "organisation": output.recipients[0]}
        yield Reason("specification.records_for_ever", facts)


def _schedule_reasons(spec: Specification) -> Iterator[Reason]:
    try:
        if date.fromisoformat(spec.schedule.end) < date.fromisoformat(spec.schedule.start):
            yield Reason("specification.window_ends_early", {"start": spec.schedule.start, "end": spec.schedule.end})
    except ValueError:
        yield Reason("specification.window_no_date")


def _doubled(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if times > 1)
