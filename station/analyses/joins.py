"""Who aligns which list with the base list, from the specification alone; and what is told by that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from station.analyses.analysis import Leak
from station.analyses.columns import input_of
from station.reasons import Reason
from station.specification import Input, Specification, Text

FEWEST, MOST = 2, 8


@dataclass(frozen=True)
class Matched:
    """``holder`` shares what comes out with the owner of the base list; it is the owner of the joined list, or stands
    in for one that does not compute. ``matcher`` sees tags. Organisation keys."""

    input: Input
    holder: str
    matcher: str


def joins(spec: Specification, base_id: str) -> list[Matched]:
    """Every list but the base list, in the order of the specification."""
    base = input_of(spec, base_id)
    return [_matched(spec, base, entry) for entry in spec.inputs if entry.id != base.id]


def _matched(spec: Specification, base: Input, entry: Input) -> Matched:
    """The matcher owns neither list; when there is a choice it has no list at all, or else gets no output."""
    rest = [who for who in sorted(spec.with_role("computing_party")) if who != base.organisation]
    if entry.organisation in rest:
        return Matched(entry, entry.organisation, next(who for who in rest if who != entry.organisation))
    receives = {who for output in spec.outputs for who in output.recipients}
    rest.sort(key=lambda who: (bool(spec.inputs_of(who)), who in receives))
    return Matched(entry, rest[1], rest[0])


def join_reasons(spec: Specification, base_id: str) -> Iterator[Reason]:
    """What is wrong with the lists of an analysis that aligns them."""
    base = spec.input(base_id)
    if base is None:
        yield Reason("specification.unknown_input", {"input": base_id})
        return
    if len({entry.organisation for entry in spec.inputs}) != len(spec.inputs):
        yield Reason("analysis.one_input_each")
    if not FEWEST <= len(spec.inputs) <= MOST:
        yield Reason("analysis.inputs", {"number": len(spec.inputs)})
    if base.organisation not in spec.with_role("computing_party"):
        yield Reason("analysis.base_computes", {"organisation": base.organisation, "base": base.id})
    if len({_key_type(entry) for entry in spec.inputs}) != 1:
        yield Reason("analysis.key_types")


def join_leaks(spec: Specification, base_id: str) -> list[Leak]:
    """Sizes to everybody, and to each matcher how many ids two lists share, plus noise."""
    everyone = tuple(party.organisation for party in spec.parties)
    sizes = ", ".join(f"{entry.id}: {entry.padded_rows}" for entry in spec.inputs)
    public = Leak(
        Text(nl=f"De aangevulde omvang van elke lijst ({sizes}).", en=f"The padded size of each list ({sizes})."),
        everyone,
        Text(nl="voor de start", en="before the start"),
        Text(nl="openbaar in de specificatie", en="public in the specification"),
    )
    return [public, *(_match_leak(spec, base_id, one) for one in joins(spec, base_id))]


def _match_leak(spec: Specification, base: str, one: Matched) -> Leak:
    joined = one.input.id
    return Leak(
        Text(
            nl=f"Bij elke run: hoeveel ids {base} en {joined} delen, plus ruis. Niet welke.",
            en=f"In each run: how many ids {base} and {joined} share, plus noise. Not which.",
        ),
        (one.matcher,),
        Text(nl="koppelen", en="alignment"),
        Text(
            nl="Ruis: differentieel privé per run (epsilon 0,1; delta 2^-40) door gezamenlijke loze ids. "
            f"Elke poging telt mee; het contract staat {spec.schedule.slots} runs toe.",
            en="Noise: differentially private per run (epsilon 0.1; delta 2^-40) by common dummy ids. "
            f"Every attempt counts; the contract allows {spec.schedule.slots} runs.",
        ),
    )


def _key_type(entry: Input) -> str:
    return next((column.type.model_dump_json() for column in entry.columns if column.use == "join_key"), "")
