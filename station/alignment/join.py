"""The aligned left join with a rotating matcher: a bit (or number) per row of one list, moved to the rows of another.

The matcher is the computing party that owns neither list. It sees tags under a key it does not have, in orders it does
not know, among dummies whose number it does not know; the owners see nothing of the match. Rows without a match get 0.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from station.alignment import field, tags
from station.alignment.keystream import Keystream, Positions, inverse
from station.alignment.noise import DUMMIES, common_dummies
from station.alignment.sharing import Share, Trio, freshen, hand, move, other

Step = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Join:
    """What everybody knows of a join. ``base`` and ``joined`` are the points of the owners, sizes are padded sizes."""

    name: str
    base: int
    joined: int
    base_rows: int
    joined_rows: int

    @property
    def matcher(self) -> int:
        return other(self.base, self.joined)

    @property
    def sent_base(self) -> int:
        return self.base_rows + DUMMIES

    @property
    def sent_joined(self) -> int:
        return self.joined_rows + DUMMIES


async def join(
    trio: Trio, plan: Join, step: Step, *, ids: Sequence[str | None] = (), values: field.Elements | None = None
) -> Share:
    """A vector of ``base_rows`` elements in the base owner's order, shared by the two owners.

    The base owner gives ``ids`` in its order (None is padding); the owner of the joined list gives ``ids`` and one
    element of ``values`` per id; the matcher gives nothing.
    """
    sigma, share = None, None
    base_order = _base_order(trio, plan)
    await step("tags")
    if trio.me == plan.matcher:
        base = await _receive_tags(trio, plan.base, plan.name, plan.sent_base)
        joined = await _receive_tags(trio, plan.joined, plan.name, plan.sent_joined)
        await step("matching")
        sigma, share = _match(trio, plan, base, joined), field.zeros(plan.sent_joined + plan.sent_base)
    else:
        order = base_order if trio.me == plan.base else Keystream.own().permutation(plan.sent_joined)
        await _send_tags(trio, plan, ids, order)
        await step("matching")
        if trio.me == plan.joined:
            share = field.zeros(plan.sent_joined + plan.sent_base)
            share[: len(ids)] = 0 if values is None else values
            share[: plan.sent_joined] = share[order]
    await step("moving")
    share = await move(
        trio, share, sigma, mapper=plan.matcher, giver=plan.joined, label=f"{plan.name}/move",
        size=plan.sent_joined + plan.sent_base, moved=plan.sent_base,
    )  # fmt: skip
    share = await hand(
        trio, share, giver=plan.matcher, taker=plan.joined, label=f"{plan.name}/hand", size=plan.sent_base
    )
    if share is None:
        return None
    share = share[inverse(base_order)][: plan.base_rows]
    return freshen(trio, share, (plan.base, plan.joined), f"{plan.name}/joined")


async def _send_tags(trio: Trio, plan: Join, ids: Sequence[str | None], order: Positions) -> None:
    """This owner's tags, padding and dummies, in an order that the matcher does not know."""
    peer = other(trio.me, plan.matcher)
    rows = plan.base_rows if trio.me == plan.base else plan.joined_rows
    shared = trio.stream(peer, f"{plan.name}/key")
    made = await tags.tags(shared.take(32), [*ids, *[None] * (rows + DUMMIES - len(ids))])
    common = shared.take(tags.WIDTH * common_dummies(shared))
    made = made[: tags.WIDTH * rows] + common + made[tags.WIDTH * rows + len(common) :]
    trio.send(plan.matcher, f"{plan.name}/tags", tags.ordered(made, order))


def _base_order(trio: Trio, plan: Join) -> Positions:
    """The secret order of the base list, known to the two owners; the matcher has none of it."""
    if trio.me == plan.matcher:
        return np.empty(0, dtype=np.int64)
    return trio.stream(other(trio.me, plan.matcher), f"{plan.name}/order").permutation(plan.sent_base)


async def _receive_tags(trio: Trio, owner: int, name: str, rows: int) -> bytes:
    message = await trio.receive(owner, f"{name}/tags")
    if len(message) != tags.WIDTH * rows:
        raise trio.misfit(owner)
    return message


def _match(trio: Trio, plan: Join, base: bytes, joined: bytes) -> Positions:
    try:
        return tags.match(base, joined)
    except ValueError as error:
        raise trio.misfit(plan.base) from error
