"""How many connections there may be: of one address, and in all."""

import asyncio
import socket
from collections.abc import Sequence

import pytest
from starlette.responses import PlainTextResponse

from shared.adapters.addresses import networks
from shared.adapters.server import connection as connecting
from shared.adapters.server.connection import (
    CLOSING_LOOK_S,
    CLOSING_S_MAX,
    HEAD_S_MAX,
    PER_ADDRESS_MAX,
    Crowd,
)
from tests.support.followed import served, taking_nothing

HERE, THERE, PROXY = "198.51.100.7", "198.51.100.8", "203.0.113.9"
ALL_MAX = 2 * PER_ADDRESS_MAX
LARGE = b"a" * 8 * 1024 * 1024


class Line:
    """A connection as a crowd sees it."""

    def __init__(self, address: str, others: set["Line"]) -> None:
        self.client = (address, 1)
        self.connections = others
        self.transport = self
        self.peer = ""
        self.is_open = True
        self.is_over = False
        self.takes_until_s = 0.0
        others.add(self)

    def abort(self) -> None:
        """Be cut off."""
        self.is_open = False

    def is_closing(self) -> bool:
        """Whether nothing more is said on it."""
        return self.is_over

    def is_taking(self, now_s: float) -> bool:
        """Whether an answer is still on its way."""
        return now_s < self.takes_until_s


class Place:
    """A server without a socket."""

    def __init__(self) -> None:
        self.crowd = Crowd(ALL_MAX, networks(PROXY))
        self.lines: set[Line] = set()
        self.now_s = 100.0

    def open(self, address: str, count: int = 1) -> Sequence[Line]:
        """So many connections come from an address, one after the other."""
        return [self._opened(address) for _ in range(count)]

    def _opened(self, address: str) -> Line:
        self.now_s += 0.01
        line = Line(address, self.lines)
        line.peer = self.crowd.enter(line, self.now_s)  # type: ignore[arg-type]  # it has all that is asked of one
        for each in [each for each in self.lines if not each.is_open]:
            self.lose(each)
        return line

    def lose(self, line: Line) -> None:
        """It is gone."""
        self.lines.discard(line)
        self.crowd.leave(line, line.peer)  # type: ignore[arg-type]  # as above


def test_an_address_has_so_many_and_others_have_theirs() -> None:
    place = Place()

    here, there = place.open(HERE, PER_ADDRESS_MAX + 5), place.open(THERE)

    assert [line.is_open for line in here] == [True] * PER_ADDRESS_MAX + [False] * 5
    assert there[0].is_open


def test_what_is_gone_makes_room_for_another() -> None:
    place = Place()
    here = place.open(HERE, PER_ADDRESS_MAX)

    place.lose(here[0])

    assert place.open(HERE)[0].is_open
    assert not place.open(HERE)[0].is_open


def test_proxies_and_this_machine_have_as_many_as_there_are() -> None:
    for address in (PROXY, "127.0.0.1"):
        lines = Place().open(address, PER_ADDRESS_MAX + 5)

        assert all(line.is_open for line in lines)


def test_where_all_are_too_many_who_waited_longest_for_a_head_makes_room() -> None:
    place = Place()
    busy, slow, *others = place.open(PROXY, ALL_MAX)
    place.crowd.go_on(busy)  # type: ignore[arg-type]  # as above

    [newcomer] = place.open(HERE)

    assert [each.is_open for each in (busy, slow, others[0], newcomer)] == [True, False, True, True]


def test_who_takes_too_long_for_a_head_is_left_and_nobody_else() -> None:
    place = Place()
    busy, slow = place.open(PROXY, 2)
    place.crowd.go_on(busy)  # type: ignore[arg-type]  # as above
    place.now_s += HEAD_S_MAX - 1
    [later] = place.open(PROXY)

    place.crowd.sweep(place.now_s + 1)

    assert [each.is_open for each in (busy, slow, later)] == [True, False, True]


def test_who_still_takes_an_answer_has_as_long_for_a_head_once_it_is_taken() -> None:
    place = Place()
    [taking] = place.open(HERE)
    taking.takes_until_s = place.now_s + 1.5 * HEAD_S_MAX

    open_then = []
    for _ in range(3):
        place.now_s += HEAD_S_MAX + 1
        place.crowd.sweep(place.now_s)
        open_then.append(taking.is_open)

    assert open_then == [True, False, False]


def test_who_does_not_take_the_rest_of_the_last_answer_is_left_and_nobody_else() -> None:
    place = Place()
    over, busy, taken = place.open(HERE, 3)
    for line in (over, busy, taken):
        place.crowd.go_on(line)  # type: ignore[arg-type]  # as above
    over.is_over = taken.is_over = True

    place.crowd.sweep(place.now_s)
    place.lose(taken)
    place.crowd.sweep(place.now_s + CLOSING_S_MAX - CLOSING_LOOK_S)
    was_open = over.is_open
    place.crowd.sweep(place.now_s + CLOSING_S_MAX)

    assert (was_open, over.is_open, busy.is_open) == (True, False, True)


@pytest.mark.parametrize(("transfer_s", "taken"), [(60.0, "all"), (0.1, "a part")])
async def test_a_large_answer_is_not_cut_off_while_it_is_taken(
    transfer_s: float, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "HEAD_S_MAX", 0.1)
    monkeypatch.setattr(connecting, "TRANSFER_S_MAX", transfer_s)
    async with served(PlainTextResponse(LARGE)) as system:
        with taking_nothing(system, "/") as reader:
            reader.settimeout(0)
            await asyncio.sleep(0.5)

            size = await _taken_from(reader)

    assert taken == ("all" if size > len(LARGE) else "a part")


async def _taken_from(reader: socket.socket) -> int:
    """How much there is to read, of a head and all that stands behind it at most."""
    receive, size, part = asyncio.get_running_loop().sock_recv, 0, b"."
    while part and size <= len(LARGE):
        try:
            part = await receive(reader, len(LARGE))
        except ConnectionResetError:
            part = b""
        size += len(part)
    return size
