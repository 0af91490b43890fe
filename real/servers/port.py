"""Ports of the loopback: free ones, and whether somebody listens."""

import secrets
import socket
from collections.abc import Iterable, Sequence

HOST = "127.0.0.1"
ANSWER_S_MAX = 1.0
TRIES_MAX = 100
# Below the ports that a system hands out to callers by itself (from 32768): a client that calls a
# server while it is down may otherwise be given that very port, and keep the server out for good.
LOWEST, HIGHEST = 20_000, 32_000


def free(count: int = 1) -> int:
    """The first of some neighbouring ports on which nobody listens."""
    for _ in range(TRIES_MAX):
        first = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise OSError(f"no {count} free ports between {LOWEST} and {HIGHEST}")


def answers(port: int, host: str = HOST, s_max: float = ANSWER_S_MAX) -> bool:
    """Whether somebody takes connections."""
    try:
        with socket.create_connection((host, port), timeout=s_max):
            return True
    except OSError:
        return False


def taken(ports: Iterable[int]) -> Sequence[int]:
    """Those of some ports on which somebody listens, also one who would share them with others."""
    return [port for port in ports if not _is_free(port, though_just_used=True)]


def _is_free(port: int, *, though_just_used: bool = False) -> bool:
    with socket.socket() as probe:
        # Connections that have ended linger for a minute, and are in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, though_just_used)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
