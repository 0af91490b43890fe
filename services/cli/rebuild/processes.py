"""Cycles made in processes of their own, a few at a time, which tell what they do through pipes."""

import asyncio
import multiprocessing
from collections.abc import AsyncGenerator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from services.cli.rebuild.place import Place
from services.ranking import main as ranking
from shared.adapters.chance import SecretChance
from shared.kernel.errors import Problem, Refused, Unavailable

Body = Mapping[str, Any]
Told = tuple[str, Body]

PROBLEM = ""
"""What stands in the place of a cycle where a process tells why it ends."""


class Processes:
    """Makes cycles in up to `count` processes at once; from the topic each of them reads all of it.

    A process that is killed ends with an error here, and leaves what serves as it was.
    """

    def __init__(self, place: Place, count: int) -> None:
        self._place = place
        self._count = count

    async def tell(
        self, cycles: Sequence[str], manner: ranking.Manner
    ) -> AsyncGenerator[Told, None]:
        """Make cycles, and say how each stands."""
        told: asyncio.Queue[Told | Problem | None] = asyncio.Queue()
        working = asyncio.create_task(
            self._work(_groups(cycles, manner, self._count), manner, told)
        )
        try:
            while (each := await told.get()) is not None:
                if isinstance(each, Problem):
                    raise each
                yield each
            await working
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _work(
        self,
        groups: Sequence[Sequence[str]],
        manner: ranking.Manner,
        told: "asyncio.Queue[Told | Problem | None]",
    ) -> None:
        room = asyncio.Semaphore(self._count)

        async def one(group: Sequence[str]) -> None:
            async with room:
                await self._follow(group, manner, told)

        try:
            async with asyncio.TaskGroup() as tasks:
                for group in groups:
                    tasks.create_task(one(group))
        finally:
            told.put_nowait(None)  # However that came, nothing more is told.

    async def _follow(
        self,
        cycles: Sequence[str],
        manner: ranking.Manner,
        told: "asyncio.Queue[Told | Problem | None]",
    ) -> None:
        """Start a process, and pass on what it tells until it has ended."""
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(self._place, cycles, manner, its), daemon=True)
        process.start()
        its.close()  # So that the end of the process is the end of what can be read.
        left = set(cycles)
        try:
            while (each := await asyncio.to_thread(_next, mine)) is not None:
                name, body = each
                if name == PROBLEM:
                    await told.put(Refused(body["code"], **body["details"]))
                    return
                left -= set() if body["state"] == "making" else {name}
                await told.put(each)
            if left:
                await told.put(Unavailable("rebuild-process-ended", cycles=", ".join(sorted(left))))
        finally:
            process.terminate()
            await asyncio.to_thread(process.join)
            mine.close()


def work(place: Place, cycles: Sequence[str], manner: ranking.Manner, telling: Connection) -> None:
    """What one of the processes does."""
    try:
        asyncio.run(_make(place, cycles, manner, telling))
    except Problem as problem:
        telling.send((PROBLEM, {"code": problem.code, "details": problem.details}))
    finally:
        telling.close()


async def _make(
    place: Place, cycles: Sequence[str], manner: ranking.Manner, telling: Connection
) -> None:
    async with place.open() as stores:
        async for told in ranking.rebuilder(stores, SecretChance().token()).tell(cycles, manner):
            telling.send(told)


def _next(mine: Connection) -> Told | None:
    try:
        told: Told = mine.recv()
    except EOFError:
        return None
    return told


def _groups(cycles: Sequence[str], manner: ranking.Manner, count: int) -> Sequence[Sequence[str]]:
    if manner.source == "ledger":
        return [[cycle] for cycle in cycles]
    dealt = [cycles[first::count] for first in range(count)]
    return [group for group in dealt if group]
