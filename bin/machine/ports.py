"""Loopback ports."""

import socket

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def next_free(first: int, *, avoid: tuple[int, ...] = ()) -> int:
    """The first free port from `first` upwards."""
    return next(port for port in range(first, 65536) if port not in avoid and is_free(port))


def any_free() -> int:
    """A free port the kernel picks; fit for instances that live side by side."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0
