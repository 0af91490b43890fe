"""Server-sent events over HTTP: how they end, and what of them is left behind."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import APIRouter

from shared.adapters import server, web
from shared.adapters.identity import Given
from shared.adapters.web.events import Patience
from shared.kernel.actor import PUBLIC
from shared.kernel.errors import Unavailable
from tests.support.followed import Event, Served, following, served, taking_nothing, until
from tests.support.outside import memory_outside

AT_ONCE_S = 1.5
LARGE = b"x" * 50_000
SOME = 200
"""So many large events are more than a system holds for a reader that takes nothing."""
TAKEN_BYTES = 1_000_000


class Teller:
    """An application that tells numbers for ever, and knows how many were asked for."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.numbers = 10**9
        self.data = b"{}"
        self.fails_at = 0
        self.told = 0
        self.is_told = False

    async def tell(self) -> AsyncGenerator[bytes, None]:
        self.is_told = True
        try:
            for number in range(1, self.numbers + 1):
                if number == self.fails_at:
                    raise Unavailable("database-unavailable")
                self.told = number
                yield web.event("number", self.data, number=number)
            await asyncio.Event().wait()
        finally:
            self.is_told = False

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Served]:
        router = APIRouter()

        @router.get("/numbers")
        async def numbers() -> web.EventStream:
            return web.EventStream(self.tell(), self.patience)

        outside = memory_outside()
        identify = Given(lambda _: PUBLIC).identify
        door = web.Door(identify, outside.clock, outside.chance, outside.seals)
        async with served(web.service_app("test", router, door)) as serving:
            yield serving


async def take_all(events: AsyncIterator[Event]) -> list[int]:
    """The numbers up to the end of the answer, which has to be a good one."""
    return [event.number async for event in events if event.number is not None]


async def test_when_the_process_stops_an_answer_ends_in_good_form_and_at_once() -> None:
    teller = Teller()
    teller.numbers = 3

    async with teller.served() as serving, following(serving, "/numbers") as events:
        taking = asyncio.create_task(take_all(events))
        await until(lambda: teller.told == 3)
        stopped_s = await serving.stop()

        assert await taking == [1, 2, 3]
    assert stopped_s < AT_ONCE_S
    assert not teller.is_told


async def test_a_signal_ends_it_too() -> None:
    teller = Teller()
    teller.numbers = 3

    async with teller.served() as serving, following(serving, "/numbers") as events:
        taking = asyncio.create_task(take_all(events))
        await until(lambda: teller.told == 3)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(AT_ONCE_S):
            await serving.serving

        assert await taking == [1, 2, 3]


@pytest.mark.slow
async def test_a_reader_that_takes_nothing_holds_up_no_stop() -> None:
    teller = Teller()
    teller.data = LARGE

    async with teller.served() as serving:
        with taking_nothing(serving, "/numbers"):
            await until(lambda: teller.told > 1)
            stopped_s = await serving.stop()

    assert stopped_s < server.UNTAKEN_S_MAX + AT_ONCE_S
    assert not teller.is_told


async def test_an_answer_ends_when_it_has_lasted_long() -> None:
    teller = Teller(Patience(lasts_s_max=0.1))
    teller.numbers = 3

    async with teller.served() as serving, following(serving, "/numbers") as events:
        assert await take_all(events) == [1, 2, 3]

    assert not teller.is_told


async def test_no_more_is_asked_for_than_a_slow_reader_takes_and_it_gets_everything() -> None:
    teller = Teller()
    teller.data, teller.numbers = LARGE, SOME

    async with teller.served() as serving:
        with taking_nothing(serving, "/numbers") as reader:
            await until(lambda: teller.told > 1)
            await asyncio.sleep(0.2)
            asked_for = teller.told
            await asyncio.sleep(0.1)
            still, taken = teller.told, bytearray()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TAKEN_BYTES)
            while b"id: %d\n" % SOME not in taken[-TAKEN_BYTES:]:
                taken += await asyncio.to_thread(reader.recv, TAKEN_BYTES // 2)

    assert asked_for == still < SOME
    numbers = [int(part.split(b"\n")[0]) for part in taken.split(b"id: ")[1:]]
    assert numbers == list(range(1, SOME + 1))


async def test_a_reader_that_takes_nothing_is_left_in_the_end() -> None:
    teller = Teller(Patience(taking_s_max=0.1))
    teller.data = LARGE

    async with teller.served() as serving:
        with taking_nothing(serving, "/numbers"):
            await until(lambda: teller.is_told)
            await until(lambda: not teller.is_told)


@pytest.mark.slow
async def test_what_a_reader_never_takes_is_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "TAKING_S_MAX", 1)
    teller = Teller()
    teller.data = LARGE

    async with teller.served() as serving:
        with taking_nothing(serving, "/numbers"):
            await until(lambda: teller.told > 1)
            await until(lambda: not teller.is_told)


async def test_when_a_reader_leaves_nothing_stays_behind() -> None:
    teller = Teller()
    teller.numbers = 3

    async with teller.served() as serving:
        before = asyncio.all_tasks()
        async with following(serving, "/numbers") as events:
            await anext(events)
        await until(lambda: not teller.is_told)
        await until(lambda: asyncio.all_tasks() <= before)


async def test_what_fails_before_the_first_event_is_a_problem() -> None:
    teller = Teller()
    teller.fails_at = 1

    async with teller.served() as serving:
        with pytest.raises(AssertionError, match="database-unavailable"):
            async with following(serving, "/numbers"):
                pass


async def test_a_server_that_goes_away_ends_the_answer_without_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    teller = Teller()
    teller.fails_at = 2

    async with teller.served() as serving, following(serving, "/numbers") as events:
        assert await take_all(events) == [1]

    assert [each.levelno for each in caplog.records if "told no more" in each.message] == [
        logging.WARNING
    ]
    assert not any(each.exc_info for each in caplog.records)


@pytest.mark.parametrize("data", [b"two\nlines", b"two\rlines"])
def test_data_is_one_line(data: bytes) -> None:
    with pytest.raises(AssertionError):
        web.event("number", data)
