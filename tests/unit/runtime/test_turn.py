"""Waiting for one another while a server is away: all fail together, and soon."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

import pytest

from shared.adapters.memory import MemoryDocuments
from shared.kernel.errors import Missing, Unavailable
from shared.ports import Document
from shared.runtime.turn import PATIENCE_S, Turn
from tests.support import quick_time
from tests.support.shown import SHEETS, Desk, body

TIMEOUT_S = 5.0
READINGS = 50


class HangingDocuments(MemoryDocuments):
    """Documents of a server that takes its time to be away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = True
        self.calls = 0

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""
        self.calls += 1
        if self.away:
            await asyncio.sleep(TIMEOUT_S)
            raise Unavailable("database-unavailable", server="documents")
        return await super().many(collection, identities)


async def timed(work: Awaitable[object]) -> tuple[float, object]:
    """How long it took, and what came out or the code of what was raised."""
    time_s = asyncio.get_running_loop().time
    began_s = time_s()
    try:
        outcome = await work
    except (Unavailable, Missing) as problem:
        outcome = problem.code
    return time_s() - began_s, outcome


def test_all_readings_of_an_outage_end_within_one_time_out() -> None:
    async def main() -> None:
        documents = HangingDocuments()
        desk = Desk(documents)
        await desk.say("1")
        projector = desk.projector()

        ended = await asyncio.gather(*(timed(projector.fresh()) for _ in range(READINGS)))

        assert {outcome for _, outcome in ended} == {"database-unavailable"}
        assert max(took_s for took_s, _ in ended) == TIMEOUT_S
        assert documents.calls == 1

    quick_time.run(main())


def test_while_one_tries_again_the_others_do_not_wait_long() -> None:
    async def main() -> None:
        desk = Desk(HangingDocuments())
        await desk.say("1")
        projector = desk.projector()
        await timed(projector.fresh())

        ended = await asyncio.gather(*(timed(projector.fresh()) for _ in range(READINGS)))

        assert sorted(took_s for took_s, _ in ended) == [PATIENCE_S] * (READINGS - 1) + [TIMEOUT_S]
        assert {outcome for _, outcome in ended} == {"database-unavailable"}

    quick_time.run(main())


def test_when_the_documents_are_back_all_readings_work_at_once() -> None:
    async def main() -> None:
        documents = HangingDocuments()
        desk = Desk(documents)
        await desk.say("1")
        projector = desk.projector()
        await asyncio.gather(*(timed(projector.fresh()) for _ in range(READINGS)))
        documents.away = False

        ended = await asyncio.gather(*(timed(projector.fresh()) for _ in range(READINGS)))

        assert {took_s for took_s, _ in ended} == {0.0}
        assert {outcome for _, outcome in ended} == {documents}
        assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1"]}

    quick_time.run(main())


async def fails(turn: Turn, error: Exception) -> None:
    async with turn.taken():
        await asyncio.sleep(TIMEOUT_S)
        raise error


async def works(turn: Turn) -> str:
    async with turn.taken():
        return "done"


@pytest.mark.parametrize("error", [Unavailable("log-unreadable"), Missing("cycle-unknown")])
def test_what_one_cannot_read_says_nothing_to_the_others(error: Unavailable | Missing) -> None:
    async def main() -> None:
        turn = Turn()
        ended = await asyncio.gather(timed(fails(turn, error)), timed(works(turn)))
        assert [outcome for _, outcome in ended] == [error.code, "done"]

    quick_time.run(main())


def test_who_gives_up_leaves_the_turn_to_the_next() -> None:
    async def main() -> None:
        turn = Turn()
        waiting = [asyncio.create_task(fails(turn, Unavailable("away"))) for _ in range(2)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        assert await works(turn) == "done"

    quick_time.run(main())


def test_every_caller_is_told_what_failed() -> None:
    async def main() -> None:
        turn = Turn()
        away = Unavailable("database-unavailable", server="documents")
        tasks = [fails(turn, away), works(turn)]
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [(type(each), *each.args) for each in told if isinstance(each, Unavailable)] == [
            (Unavailable, "database-unavailable", {"server": "documents"})
        ] * 2
        assert told[0] is not told[1]

    quick_time.run(main())
