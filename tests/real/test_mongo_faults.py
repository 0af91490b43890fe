"""The document server dies and falls asleep under whoever puts documents and files.

What was acknowledged is kept, no position goes back, a file is there whole or not at all, every
call ends in its time, and all goes on by itself when the server is back. The server dies as a
process does (`kill -9`); a loss of power is not played.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from real.install import HOME
from real.servers.mongo import Mongo
from shared.adapters.mongo import MongoDocuments, MongoFiles
from shared.adapters.mongo.client import CALL_S_MAX
from shared.kernel.errors import Unavailable
from shared.ports import Document
from tests.support import tally
from tests.support.evidence import content_of, digest_of, put
from tests.support.mongo import by_motor, migrated
from tests.support.servers import REAL, open_folder, start

pytestmark = [*REAL, pytest.mark.slow]

SHEETS = "submission_sheet.v1"
NAMES = [f"so-{number}" for number in range(5)]
WRITERS = 6
UPLOADERS = 3
FILE_BYTES = 600_000
DEATHS_S = (0, 0, 0, CALL_S_MAX)
"""A driver waits for the end of a short death; a longer one is noticed."""

LIFE_S = 0.7
REST_S = 0.05
AT_ONCE = 5
BACK_S_MAX = 10.0
"""How long it may take until all goes on again, on a slow machine."""

ANSWERED_S_MAX = 10.0
"""The six seconds of a call, and what a machine adds that has much else to do."""

Record = Callable[[str, Any], None]


@pytest.fixture
def server() -> Iterator[Mongo]:
    with open_folder() as folder:
        server = Mongo(folder / "mongo", HOME)
        start(server)
        yield server
        server.stop()


@dataclass
class World:
    """Those who write, and what they were told."""

    documents: MongoDocuments
    files: MongoFiles
    positions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    kept: list[bytes] = field(default_factory=list)
    uncertain: list[bytes] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    news: asyncio.Event = field(default_factory=asyncio.Event)
    unanswered: int = 0
    slowest_s: float = 0.0

    async def answered(self, call: Awaitable[object]) -> bool:
        """Whether a call was answered; and how long it took, either way."""
        began = time.monotonic()
        try:
            await call
        except Unavailable:
            self.unanswered += 1
            await asyncio.sleep(REST_S)
            return False
        finally:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self.news.set()
        return True

    async def write(self, writer: int) -> None:
        """Put the same documents as the other writers, ever higher."""
        for position in count(writer + 1, WRITERS):
            sheets = [Document(name, position, {"by": writer, "at": position}) for name in NAMES]
            if await self.answered(self.documents.put(SHEETS, sheets)):
                for name in NAMES:
                    self.positions[name] = max(self.positions[name], position)

    async def upload(self, uploader: int) -> None:
        """Put one file after another."""
        for number in count():
            content = f"{uploader}/{number}".encode() * (FILE_BYTES // 4)
            answered = await self.answered(put(self.files, content, bytes_max=len(content)))
            (self.kept if answered else self.uncertain).append(content)

    async def watch(self) -> None:
        """Read all the time; whatever was seen once is never older again."""
        while True:
            told = dict(self.positions)
            await self.answered(self._look(told))
            await asyncio.sleep(REST_S)

    async def _look(self, told: dict[str, int]) -> None:
        found = await self.documents.many(SHEETS, NAMES)
        for name in NAMES:
            position = found[name].position if name in found else 0
            assert position >= max(told[name], self.seen[name]), "a position went back"
            self.seen[name] = position

    async def goes_on(self) -> None:
        """Return once everything is put and stored again, without anybody's help."""
        before, files = dict(self.positions), len(self.kept)
        async with asyncio.timeout(BACK_S_MAX):
            while len(self.kept) == files or any(
                self.positions[name] == before[name] for name in NAMES
            ):
                self.news.clear()
                await self.news.wait()

    async def check(self) -> None:
        """What was acknowledged is there, and what was not is there whole or not at all."""
        await self._look(dict(self.positions))
        for each in (await self.documents.many(SHEETS, NAMES)).values():
            assert each.body is not None
            assert each.body["at"] == each.position
        for content in self.kept:
            assert await content_of(self.files, content) == content
        for content in self.uncertain:
            if await self.files.size(digest_of(content)) is not None:
                assert await content_of(self.files, content) == content


@asynccontextmanager
async def busy(server: Mongo) -> AsyncIterator[World]:
    """A world that writes and reads for as long as the context lasts, and is checked then."""
    async with migrated(by_motor, (server.url, "faults")) as database:
        world = World(MongoDocuments(database), MongoFiles(database))
        works = [world.watch()]
        works += [world.write(writer) for writer in range(WRITERS)]
        works += [world.upload(uploader) for uploader in range(UPLOADERS)]
        tasks = [asyncio.create_task(work) for work in works]
        yield world
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [end for end in ends if not isinstance(end, asyncio.CancelledError)] == []
        await world.check()


CALLS: Sequence[Callable[[World], Awaitable[object]]] = (
    lambda world: world.documents.get(SHEETS, "so-1"),
    lambda world: world.documents.many(SHEETS, NAMES),
    lambda world: world.documents.page(SHEETS, prefix="so", limit=9),
    lambda world: world.documents.put(SHEETS, [Document("another", 1, {})]),
    lambda world: world.documents.drop("another"),
    lambda world: world.files.size(digest_of(b"")),
    lambda world: content_of(world.files, b""),
    lambda world: put(world.files, b"minutes"),
)


def note(record_property: Record, test: str, world: World, times: int) -> None:
    columns = {
        "times": times,
        "highest": max(world.positions.values()),
        "files kept": len(world.kept),
        "unanswered": world.unanswered,
        "slowest ms": round(1_000 * world.slowest_s),
    }
    tally.count(record_property, "The document server under faults", {test: columns})


async def test_what_was_acknowledged_outlives_kills(server: Mongo, record_property: Record) -> None:
    async with busy(server) as world:
        for death_s in DEATHS_S:
            await asyncio.sleep(LIFE_S)
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(death_s)
            await asyncio.to_thread(server.start)
        await world.goes_on()

    note(record_property, "killed", world, times=len(DEATHS_S))
    assert world.unanswered > 0


async def test_nobody_waits_for_a_server_that_sleeps(
    server: Mongo, record_property: Record
) -> None:
    async with busy(server) as world:
        await world.goes_on()
        await asyncio.to_thread(server.pause)
        began = time.monotonic()
        ends = await asyncio.gather(
            *(call(world) for call in CALLS for _ in range(AT_ONCE)), return_exceptions=True
        )
        took_s = time.monotonic() - began
        await asyncio.to_thread(server.resume)
        await world.goes_on()

    note(record_property, "asleep", world, times=1)
    codes = {getattr(end, "code", end) for end in ends}
    assert codes == {"documents-unavailable", "files-unavailable"}
    assert took_s < ANSWERED_S_MAX
