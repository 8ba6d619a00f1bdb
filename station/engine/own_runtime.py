"""MPyC's runtime with two of its protocols replaced by ones that suit three parties better."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from station.alignment import field

PAIRS = ((0, 1), (0, 2), (1, 2))


@cache
def own_runtime(module: Any) -> Any:
    """A subclass of ``module.Runtime`` (``mpyc.runtime``, which is imported as late as can be)."""
    from mpyc import asyncoro, thresha

    class OwnRuntime(module.Runtime):
        """Everything else is MPyC's."""

        @asyncoro.mpc_coro
        async def np_random_bits(self, sftype: Any, n: int, signed: bool = False):  # type: ignore[no-untyped-def]
            """Random bits that no party knows: the exclusive or of three, each drawn by two parties from their common
            seed. Two multiplications of arrays, where MPyC takes a root modulo a large prime for every bit."""
            is_secure = issubclass(sftype, self.SecureObject)
            await self.returnType((sftype.array, True, (n,)) if is_secure else asyncoro.Future)
            zp = sftype.field if is_secure else sftype
            if zp.modulus == field.P or not n:  # there a whole array of roots is taken at a time
                return await self.gather(super().np_random_bits(zp, n, signed))
            counter, draws = self._prss_uci(), self.prfs(2)
            bits = zp.array(self._drawn(zp, draws, PAIRS[0], counter, n))
            for pair in PAIRS[1:]:
                drawn = zp.array(self._drawn(zp, draws, pair, counter, n))
                bits = bits + drawn - await self._reshare(bits * drawn) * 2
            return bits * 2 - 1 if signed else bits

        def _drawn(self, zp: Any, draws: Any, pair: tuple[int, int], counter: bytes, n: int) -> Any:
            """This party's share of the bits of a pair: nothing of those it does not know."""
            drawn = draws[pair](counter, (n,)) if pair in draws else 0
            factor = int(thresha._f_S_i(zp, len(self.parties), self.pid, pair)) if pair in draws else 0
            return np.zeros(n, dtype=object) + drawn * factor

        @asyncoro.mpc_coro
        async def np_is_zero_public(self, a: Any):  # type: ignore[no-untyped-def]
            """MPyC opens a product of two lines as it is, for a large field; whoever knows a point of one of the lines
            has it down to two. Here a random sharing of zero is added first, so that only the product shows."""
            await self.returnType(asyncoro.Future)
            is_secure = issubclass(type(a), self.SecureArray)
            zp = type(a).sectype.field if is_secure else type(a)
            if is_secure:
                a = await self.gather(a)
            factors = self._np_randoms(zp, a.size)
            zero = thresha.np_pseudorandom_share_0(
                zp, len(self.parties), self.pid, self.prfs(zp.order), self._prss_uci(), a.size
            )
            opened = await self.output(a.reshape(-1) * factors + zero, threshold=2 * self.threshold)
            return opened.reshape(a.shape) == 0

    return OwnRuntime
