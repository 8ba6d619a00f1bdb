"""The yardstick: one blinding, that is one ristretto255 multiplication by libsodium, in microseconds of CPU.

Machines differ and are never equally busy, so it is sampled in short bursts all through a measurement.
"""

from __future__ import annotations

import statistics
import threading
import time

_BURST, _PAUSE = 10, 0.2


class Yardstick:
    """``with Yardstick() as yardstick: ...`` and then ``yardstick.microseconds``."""

    def __init__(self) -> None:
        self._samples: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Yardstick:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def microseconds(self) -> float:
        return statistics.median(self._samples)

    def _sample(self) -> None:
        import rbcl  # only bin/bench installs it

        scalar, point = rbcl.crypto_core_ristretto255_scalar_random(), rbcl.crypto_core_ristretto255_random()
        while not self._samples or not self._stop.wait(_PAUSE):
            started = time.thread_time_ns()
            for _ in range(_BURST):
                point = rbcl.crypto_scalarmult_ristretto255(scalar, point)
            self._samples.append((time.thread_time_ns() - started) / _BURST / 1000)
