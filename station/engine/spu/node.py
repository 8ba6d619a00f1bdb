"""One SPU node, run by the Python of SPU's own environment; imports nothing of ours (``python -I node.py``).

It speaks to one engine over standard input and output, in frames: a length, a JSON object whose ``sizes`` say how many
blocks of bytes follow, and those blocks. It knows no organisations and no contract: it makes shares of arrays, and runs
a circuit on shares, of which it opens one array of whole numbers that the engines have masked.

ABY3, three parties, semi-honest, honest majority. Never SEMI2K, which trusts the first party with everything.
"""

import importlib.util
import json
import os
import struct
import sys
from typing import Any

Answer = tuple[dict[str, Any], list[bytes]]

RING_BITS = 64
FRACTION_BITS = 20  # of numbers with a point, in circuits that have them
RECEIVING = 600_000  # milliseconds that a node waits for another
SLICE = 4 << 20  # bytes of one message between nodes

_HEAD = struct.Struct("<I")


class Wire:
    """Frames in and out. Whatever a library prints goes elsewhere."""

    def __init__(self) -> None:
        self.out = os.fdopen(os.dup(1), "wb")
        self.into = os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)

    def read(self) -> tuple[dict[str, Any] | None, list[bytes]]:
        head = self.into.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None, []
        message = json.loads(self.into.read(_HEAD.unpack(head)[0]))
        return message, [self.into.read(size) for size in message["sizes"]]

    def write(self, message: dict[str, Any], blocks: list[bytes] | None = None) -> None:
        text = json.dumps({**message, "sizes": [len(block) for block in blocks or []]}).encode()
        self.out.write(_HEAD.pack(len(text)) + text)
        for block in blocks or []:
            self.out.write(block)
        self.out.flush()


class Node:
    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        import spu
        from spu import libspu

        self.spu, self.lib = spu, libspu
        config = libspu.RuntimeConfig()
        config.protocol = libspu.ProtocolKind.ABY3
        config.field = libspu.FieldType.FM64
        config.fxp_fraction_bits = FRACTION_BITS
        config.fxp_div_goldschmidt_iters = 3
        config.fxp_exp_mode = libspu.RuntimeConfig.EXP_PADE
        self.config = config
        self.io = spu.Io(3, config)
        self.runtime: Any = None

    def connect(self, message: dict[str, Any], _blocks: list[bytes]) -> Answer:
        """``addresses``: loopback, one per node; behind those of the others stand the engines' tunnels."""
        desc = self.lib.link.Desc()
        desc.id = message["session"]
        desc.recv_timeout_ms = RECEIVING
        desc.http_max_payload_size = SLICE
        desc.connect_retry_times, desc.connect_retry_interval_ms = 600, 100
        for place, address in enumerate(message["addresses"]):
            desc.add_party(str(place), address)
        link = self.lib.link.create_brpc(desc, message["rank"])
        self.runtime = self.spu.Runtime(link, self.config)
        return {"is": "connected"}, []

    def share(self, message: dict[str, Any], blocks: list[bytes]) -> Answer:
        """Per array three blocks, one for each node: what SPU calls a share, packed."""
        import numpy as np

        made: list[bytes] = []
        for shape, block in zip(message["shapes"], blocks, strict=True):
            array = np.frombuffer(block, dtype="<i8").reshape(shape)
            made.extend(_packed(one) for one in self.io.make_shares(array, self.lib.Visibility.VIS_SECRET))
        return {"is": "shared"}, made

    def run(self, message: dict[str, Any], blocks: list[bytes]) -> Answer:
        """Arrays of one name are parts of it, added up. What is opened is the circuit's array plus ``mask``."""
        import jax.numpy as jnp
        import numpy as np
        from spu.experimental import reveal
        from spu.utils import frontend

        circuit, parts = _circuit(message["circuit"]), message["parts"]

        def masked(*arrays: Any) -> Any:
            values: dict[str, Any] = {}
            for name, array in zip(parts, arrays, strict=True):
                values[name] = values[name] + array if name in values else array
            mask = values.pop("mask")
            return reveal(circuit.compute(jnp, values, message["parameters"]).astype(jnp.int64) + mask)

        for place, block in enumerate(blocks):
            self.runtime.set_var(f"in{place}", _unpacked(self.lib.Share(), block))
        names = [f"in{place}" for place in range(len(parts))]
        empty = [np.zeros(shape, dtype=np.int64) for shape in message["shapes"]]
        made, _shape = frontend.compile(
            frontend.Kind.JAX, masked, empty, {}, names, [self.lib.Visibility.VIS_SECRET] * len(parts),
            lambda found: [f"out{place}" for place in range(len(found))],
        )  # fmt: skip
        self.runtime.run(made)
        opened = self.io.reconstruct([self.runtime.get_var("out0")] * 3)
        for name in [*names, "out0"]:
            self.runtime.del_var(name)
        return {"is": "opened"}, [np.ascontiguousarray(opened, dtype="<i8").tobytes()]


def _packed(share: Any) -> bytes:
    chunks = [share.meta, *share.share_chunks]
    return b"".join(_HEAD.pack(len(chunk)) + bytes(chunk) for chunk in chunks)


def _unpacked(share: Any, block: bytes) -> Any:
    chunks, place = [], 0
    while place < len(block):
        (size,) = _HEAD.unpack_from(block, place)
        chunks.append(block[place + _HEAD.size : place + _HEAD.size + size])
        place += _HEAD.size + size
    share.meta, share.share_chunks = chunks[0], chunks[1:]
    return share


def _circuit(path: str) -> Any:
    """A file of an analysis: ``compute(numpy, values, parameters)``. By its path, for our packages are not here."""
    spec = importlib.util.spec_from_file_location("circuit", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _end_with_our_parent() -> None:
    """Linux: the kernel ends this process with the engine that started it, also in the middle of a computation."""
    import ctypes
    import signal

    if hasattr(library := ctypes.CDLL(None), "prctl"):
        library.prctl(1, signal.SIGKILL)


def main() -> None:
    _end_with_our_parent()
    wire = Wire()
    node = Node()
    does = {"connect": node.connect, "share": node.share, "run": node.run}
    wire.write({"is": "ready"})
    while True:
        message, blocks = wire.read()
        if message is None or message["do"] == "stop":
            os._exit(0)  # SPU's threads have nothing to wind up that anybody needs
        try:
            answer, made = does[message["do"]](message, blocks)
        except Exception as error:  # told without its text, which might hold a value
            answer, made = {"is": "failed", "kind": type(error).__name__}, []
            print(error, file=sys.stderr)
        wire.write(answer, made)


if __name__ == "__main__":
    main()
