"""Membership by an oblivious pseudorandom function (docs/protocols/membership.md).

Each body draws a key for this run, sends the outputs for its own registrations, and answers one batch of blinded
points. The asker compares; what it found goes out as Shamir shares, and nothing else leaves its process.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from station.alignment import field, oprf
from station.alignment.keystream import Keystream, Positions
from station.alignment.sharing import POINTS
from station.analyses.columns import input_of
from station.analyses.membership.analysis import ANALYSIS, bodies, disclosed
from station.datasets import Rows
from station.engine.program import Setting, Shared
from station.specification import Input, Specification

_SLICE = 250  # points multiplied before the loop gets its turn


def largest_message(spec: Specification) -> int:
    longest = max(body.padded_rows for body in bodies(spec))
    return max(oprf.OUTPUT * longest, oprf.POINT * ANALYSIS.read(spec).requests, 8 * _values(spec)) + (1 << 20)


async def run(setting: Setting) -> dict[str, Shared]:
    spec = setting.spec
    base = input_of(spec, ANALYSIS.read(spec).base)
    asker = setting.point_of(base.organisation)
    await setting.step("tags", 5)
    if setting.circle.me == asker:
        return await _ask(setting, base)
    for body in bodies(spec):
        if body.id in setting.rows:
            await _answer(setting, body, asker)
    if setting.circle.me not in POINTS:
        return {}
    mine = await setting.circle.receive(asker, "found")
    try:
        values = field.from_bytes(mine, _values(spec))
    except ValueError as error:
        raise setting.circle.misfit(asker) from error
    return _outputs(spec, values, None)


# --- a body ---


async def _answer(setting: Setting, body: Input, asker: int) -> None:
    """The key lives in this function alone, and answers one batch of the agreed size."""
    circle, rows, key = setting.circle, setting.rows[body.id], oprf.new_key()
    made = await _each(rows.ids, lambda text: oprf.direct(key, text)[: oprf.OUTPUT], setting, 10, 70)
    made += [secrets.token_bytes(oprf.OUTPUT) for _ in range(body.padded_rows - len(rows))]
    order = Keystream.own().permutation(len(made))
    circle.send(asker, f"{body.id}/set", b"".join(made[place] for place in order))
    asked = await _pieces(setting, asker, f"{body.id}/asked", ANALYSIS.read(setting.spec).requests, oprf.POINT)
    try:
        answers = await _each(asked, lambda point: oprf.evaluate(key, point), setting, 70, 90)
    except ValueError as error:
        raise circle.misfit(asker) from error
    circle.send(asker, f"{body.id}/answered", b"".join(answers))


# --- the asker ---


async def _ask(setting: Setting, base: Input) -> dict[str, Shared]:
    spec, circle, rows = setting.spec, setting.circle, setting.rows[base.id]
    asked = [*rows.ids, *(secrets.token_hex(16) for _ in range(base.padded_rows - len(rows)))]
    found = np.zeros((len(rows), len(bodies(spec))), dtype=np.int64)
    blinds = {}
    for body in bodies(spec):
        blinds[body.id] = [oprf.new_key() for _ in asked]
        pairs = list(zip(asked, blinds[body.id], strict=True))
        points = await _each(pairs, lambda pair: oprf.blind(*pair), setting, 10, 20)
        circle.send(setting.point_of(body.organisation), f"{body.id}/asked", b"".join(points))
    for place, body in enumerate(bodies(spec)):
        found[:, place] = await _found(setting, body, asked[: len(rows)], blinds.pop(body.id))
    await setting.step("sealing", 95)
    return _shared(setting, rows, found)


async def _found(setting: Setting, body: Input, asked: Sequence[str], blinds: Sequence[bytes]) -> list[bool]:
    """Per request whether its output stands among those of the body."""
    peer = setting.point_of(body.organisation)
    known = set(await _pieces(setting, peer, f"{body.id}/set", body.padded_rows, oprf.OUTPUT))
    await setting.step("matching", 80)
    answers = await _pieces(setting, peer, f"{body.id}/answered", len(blinds), oprf.POINT)
    told = list(zip(asked, blinds, answers, strict=False))  # what was asked as padding is not looked at
    try:
        outputs = await _each(told, lambda each: oprf.finish(*each), setting, 80, 95)
    except ValueError as error:
        raise setting.circle.misfit(peer) from error
    return [made[: oprf.OUTPUT] in known for made in outputs]


def _shared(setting: Setting, rows: Rows, found: Positions) -> dict[str, Shared]:
    """On lines through what was found, the same message to each of the other two: uniform by itself."""
    spec, circle = setting.spec, setting.circle
    flags = np.zeros((ANALYSIS.read(spec).requests, found.shape[1]), dtype=np.int64)
    flags[: len(rows)] = found
    values = field.elements(np.concatenate((disclosed(spec, found.sum(axis=1).tolist()), flags.reshape(-1))))
    slope = Keystream.own().elements(values.size)
    lines = {point: field.add(values, field.multiply(slope, point)) for point in POINTS}
    for point in POINTS:
        if point != circle.me:
            circle.send(point, "found", field.to_bytes(lines[point]))
    names = rows.columns[ANALYSIS.read(spec).record.column]
    return _outputs(spec, lines[circle.me], [str(name) for name in names])


def _outputs(spec: Specification, values: field.Elements, index: list[str] | None) -> dict[str, Shared]:
    table = len(ANALYSIS.cells(spec))
    listed = [int(value) for value in values]
    return {
        output.name: Shared(field.P, listed, index) if output.kind == "record_list" else Shared(field.P, listed[:table])
        for output in spec.outputs
    }


# --- both ---


def _values(spec: Specification) -> int:
    return len(ANALYSIS.cells(spec)) + ANALYSIS.read(spec).requests * len(bodies(spec))


async def _each(
    given: Sequence[Any], make: Callable[[Any], bytes], setting: Setting, start: int, until: int
) -> list[bytes]:
    """In slices, in a thread: the connections stay alive meanwhile."""
    made: list[bytes] = []
    for place in range(0, len(given), _SLICE):
        part = given[place : place + _SLICE]
        made += await asyncio.to_thread(_all, make, part)
        if place % (20 * _SLICE) == 0:
            await setting.step("tags", start + (until - start) * place // len(given))
    return made


def _all(make: Callable[[Any], bytes], given: Sequence[Any]) -> list[bytes]:
    return [make(each) for each in given]


async def _pieces(setting: Setting, peer: int, label: str, number: int, width: int) -> list[bytes]:
    message = await setting.circle.receive(peer, label)
    if len(message) != number * width:
        raise setting.circle.misfit(peer)
    return list(oprf.split(message, width))
