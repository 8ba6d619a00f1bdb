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
from station.alignment.sharing import Share, Trio, freshen, hand, move, other, received, shape

Step = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Join:
    """What everybody knows of a join. ``base`` and ``joined`` are the points of the two that share what comes out;
    sizes are padded sizes. ``giver`` is the owner of the joined list when it does not compute: then ``joined`` only
    stands in for it. ``width``: how many numbers per row of the joined list, 0 for a plain vector.
    """

    name: str
    base: int
    joined: int
    base_rows: int
    joined_rows: int
    giver: int = 0
    width: int = 0

    @property
    def owner(self) -> int:
        return self.giver or self.joined

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
    """``base_rows`` elements (or rows of ``width``) in the base owner's order, shared by base owner and ``joined``.

    The base owner gives ``ids`` in its order (None is padding); the owner of the joined list gives ``ids`` and one
    element (or row) of ``values`` per id; the matcher gives nothing. An owner that does not compute gets None.
    """
    base_order = _base_order(trio, plan)
    await step("tags")
    order = base_order if trio.me == plan.base else Keystream.own().permutation(plan.sent_joined)
    if trio.me in (plan.base, plan.owner):
        await _send_tags(trio, plan, ids, order)
    sigma = None
    if trio.me == plan.matcher:
        base = await _receive_tags(trio, plan.base, plan.name, plan.sent_base)
        joined = await _receive_tags(trio, plan.owner, plan.name, plan.sent_joined)
        await step("matching")
        sigma = _match(trio, plan, base, joined)
    else:
        await step("matching")
    share = await _first_share(trio, plan, order, len(ids), values)
    if trio.me == plan.giver:
        return None
    await step("moving")
    share = await move(
        trio, share, sigma, mapper=plan.matcher, giver=plan.joined, label=f"{plan.name}/move",
        size=plan.sent_joined + plan.sent_base, moved=plan.sent_base, width=plan.width,
    )  # fmt: skip
    share = await hand(
        trio, share, giver=plan.matcher, taker=plan.joined, label=f"{plan.name}/hand", size=plan.sent_base,
        width=plan.width,
    )  # fmt: skip
    if share is None:
        return None
    share = share[inverse(base_order)][: plan.base_rows]
    return freshen(trio, share, (plan.base, plan.joined), f"{plan.name}/joined")


async def _first_share(trio: Trio, plan: Join, order: Positions, rows: int, values: field.Elements | None) -> Share:
    """The joined list's numbers, in its owner's secret order with the zero rows behind them, shared by matcher and
    ``joined``. An owner that computes holds them itself; one that only gives splits them: a mask from the stream that
    it shares with the matcher, and what is left, one message, for ``joined``.
    """
    share = field.zeros(shape(plan.sent_joined + plan.sent_base, plan.width))
    first, label = share[: plan.sent_joined], f"{plan.name}/given"
    if trio.me == plan.owner:
        first[:rows] = 0 if values is None else values
        first[:] = first[order]
    if not plan.giver or trio.me == plan.base:
        return None if trio.me == plan.base else share
    if trio.me == plan.joined:
        first[:] = (await received(trio, plan.giver, label, first.size)).reshape(first.shape)
        return share
    mask = trio.stream(other_end(trio, plan), label).elements(first.size).reshape(first.shape)
    if trio.me == plan.giver:
        trio.send(plan.joined, label, field.to_bytes(field.subtract(first, mask)))
        return None
    first[:] = mask
    return share


def other_end(trio: Trio, plan: Join) -> int:
    """Of owner and matcher the one that ``me`` is not."""
    return plan.matcher if trio.me == plan.owner else plan.owner


async def _send_tags(trio: Trio, plan: Join, ids: Sequence[str | None], order: Positions) -> None:
    """This owner's tags, padding and dummies, in an order that the matcher does not know."""
    is_base = trio.me == plan.base
    rows = plan.base_rows if is_base else plan.joined_rows
    shared = trio.stream(plan.owner if is_base else plan.base, f"{plan.name}/key")
    made = await tags.tags(shared.take(32), [*ids, *[None] * (rows + DUMMIES - len(ids))])
    common = shared.take(tags.WIDTH * common_dummies(shared))
    made = made[: tags.WIDTH * rows] + common + made[tags.WIDTH * rows + len(common) :]
    trio.send(plan.matcher, f"{plan.name}/tags", tags.ordered(made, order))


def _base_order(trio: Trio, plan: Join) -> Positions:
    """The secret order of the base list, known to the two that share what comes out; the matcher has none of it."""
    if trio.me not in (plan.base, plan.joined):
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
