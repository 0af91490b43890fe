"""Threads that wait for a server: their callers do not wait for ever, and do not pile up."""

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from shared.adapters.threads import PatientThreads
from shared.kernel.errors import Unavailable

THREADS = 2
SHORT_S = 0.05
LONG_S = 10.0
LOOK_S = 0.002


class Server:
    """Whatever is asked of it waits until it goes on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.asked = 0

    def ask(self) -> str:
        self.asked += 1
        assert self.goes_on.wait(LONG_S)
        return "answer"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    yield server
    server.goes_on.set()


def threads(*, timeout_s: float = SHORT_S, waiting_max: int = 10) -> PatientThreads:
    return PatientThreads("test", THREADS, timeout_s=timeout_s, waiting_max=waiting_max)


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds, which has to be before long."""
    async with asyncio.timeout(LONG_S):
        while not holds():  # noqa: ASYNC110 - threads tell nobody
            await asyncio.sleep(LOOK_S)


async def answered(patient: PatientThreads, server: Server) -> str:
    """The answer of a server that goes on, asked again where it did not come in time."""
    async with asyncio.timeout(LONG_S):
        while True:
            with suppress(Unavailable):
                return await patient.run(server.ask)
            await asyncio.sleep(LOOK_S)


async def give_up(patient: PatientThreads, server: Server) -> None:
    with pytest.raises(Unavailable, match="database-unavailable"):
        await patient.run(server.ask)


async def test_work_gives_its_result_or_its_error() -> None:
    def fail() -> None:
        raise KeyError("x")

    patient = threads()

    assert await patient.run(lambda: 7) == 7
    with pytest.raises(KeyError, match="x"):
        await patient.run(fail)


async def test_who_waits_too_long_is_told_that_the_server_is_away(server: Server) -> None:
    await give_up(threads(), server)


async def test_while_every_thread_is_stuck_a_call_fails_at_once(server: Server) -> None:
    patient = threads()
    await asyncio.gather(*(give_up(patient, server) for _ in range(THREADS)))
    await until(lambda: server.asked == THREADS)

    at_once = asyncio.create_task(give_up(patient, server))
    await asyncio.sleep(0)

    assert at_once.done()
    await at_once
    assert server.asked == THREADS


async def test_threads_that_come_free_work_again(server: Server) -> None:
    patient = threads()
    await asyncio.gather(*(give_up(patient, server) for _ in range(THREADS)))

    server.goes_on.set()

    assert [await answered(patient, server) for _ in range(2 * THREADS)] == ["answer"] * 4


async def test_work_that_waited_in_vain_for_a_thread_is_never_begun(server: Server) -> None:
    patient = threads()
    await asyncio.gather(*(give_up(patient, server) for _ in range(THREADS + 3)))

    server.goes_on.set()
    await until(lambda: server.asked >= THREADS)
    await asyncio.sleep(SHORT_S)

    assert server.asked == THREADS


async def test_no_more_wait_for_a_thread_than_may(server: Server) -> None:
    patient = threads(timeout_s=LONG_S, waiting_max=1)
    running = [asyncio.create_task(patient.run(server.ask)) for _ in range(THREADS + 1)]
    await asyncio.sleep(SHORT_S)

    await give_up(patient, server)

    server.goes_on.set()
    assert await asyncio.gather(*running) == ["answer"] * (THREADS + 1)


async def test_work_that_has_begun_goes_on_without_its_caller(server: Server) -> None:
    patient = threads(timeout_s=LONG_S)
    running = [asyncio.create_task(patient.run(server.ask)) for _ in range(THREADS)]
    await asyncio.sleep(SHORT_S)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)

    waiting = asyncio.create_task(patient.run(lambda: "next"))
    await asyncio.sleep(SHORT_S)
    taken = waiting.done()
    server.goes_on.set()

    assert not taken
    assert await waiting == "next"


async def test_what_given_up_work_came_to_is_logged_and_missed_by_nobody(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        server.ask()
        raise KeyError("too late")

    caplog.set_level(logging.INFO)
    patient = threads(timeout_s=LONG_S)
    cancelled = asyncio.create_task(patient.run(fail))
    await asyncio.sleep(SHORT_S)
    cancelled.cancel()
    impatient = threads()
    with pytest.raises(Unavailable, match="database-unavailable"):
        await impatient.run(fail)

    server.goes_on.set()
    await until(lambda: caplog.messages)
    await asyncio.gather(cancelled, patient.close(), impatient.close(), return_exceptions=True)
    gc.collect()

    assert caplog.messages == ["work that was given up has ended: 'too late'"]


async def test_what_was_begun_is_finished_before_the_end(server: Server) -> None:
    patient = threads(timeout_s=LONG_S)
    running = asyncio.create_task(patient.run(server.ask))
    await asyncio.sleep(SHORT_S)
    closing = asyncio.create_task(patient.close())
    await asyncio.sleep(SHORT_S)

    await give_up(patient, server)
    closed_early = closing.done()
    server.goes_on.set()
    await closing

    assert not closed_early
    assert await running == "answer"


async def test_the_end_waits_no_longer_than_a_call(server: Server) -> None:
    patient = threads()
    await give_up(patient, server)

    async with asyncio.timeout(LONG_S / 2):
        await patient.close()

    assert not server.goes_on.is_set()
