"""Unit tests open no socket: what they test has no outside world."""

import socket
from collections.abc import Callable

import pytest

OUTSIDE = (socket.AF_INET, socket.AF_INET6)


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that opens a socket to a network or asks for an address.

    Sockets within the process stay: an event loop wakes itself up by a pair of them.
    """
    open_socket: Callable[..., None] = socket.socket.__init__

    def open_inside(self: socket.socket, family: int = -1, *rest: int, **named: int | None) -> None:
        if family == -1 and named.get("fileno") is None:
            family = socket.AF_INET
        if family in OUTSIDE:
            pytest.fail("a unit test opens no socket: use the memory adapter of the port")
        open_socket(self, family, *rest, **named)

    def ask_for_no_address(*_: object, **__: object) -> None:
        pytest.fail("a unit test asks for no address: use the memory adapter of the port")

    monkeypatch.setattr(socket.socket, "__init__", open_inside)
    monkeypatch.setattr(socket, "getaddrinfo", ask_for_no_address)
