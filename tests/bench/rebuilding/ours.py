"""The rebuild itself, from the topic: numbered again, held against the ledger, all views written.

python -m tests.bench.rebuilding.ours SERVERS TOPIC FACTS FOLDER
The folder has the ledger, as ledger.db. With PROFILE as a fifth argument it is profiled instead.
"""

import asyncio
import cProfile
import pstats
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from services.ranking.application import Came, Manner, Rebuilder, Stores, served
from services.ranking.application.generations import CYCLES
from shared.adapters.alone import Alone
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.kafka import KafkaStream
from shared.adapters.memory import MemoryEventStore
from shared.adapters.sqlite import SqliteDocuments
from tests.bench.rebuilding.job import CYCLE, Wanted, Watch, wanted
from tests.support.opened import opened
from tests.support.watched_stream import WatchedStream

LEDGER_FILE = "ledger.db"
TOLD_LINES = 45


class _Starter:
    """Starts the watch with the first record of the topic."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def ask(self, _member: str, _partition: int) -> None:
        """Where to begin is asked before the first record."""

    def deal(self, _member: str, partitions: set[int]) -> None:
        if partitions:
            self._watch.start()


async def rebuild(asked: Wanted) -> None:
    """Make the cycle again, as the command does, and let it serve."""
    watch, folder = Watch(), Path(asked.folder)
    async with AsyncExitStack() as stack:
        inbox = SqliteEventStore(folder / LEDGER_FILE)
        documents = SqliteDocuments(folder / f"{time.monotonic_ns()}.db")
        topic = KafkaStream(asked.servers, asked.topic, partitions=1)
        for adapter in (inbox, documents, topic):
            await stack.enter_async_context(opened(adapter))
        timed = WatchedStream(topic, "ours", _Starter(watch))
        stores = Stores(MemoryEventStore(), inbox, timed, documents, Alone())
        rebuilder = Rebuilder(stores, f"bench-{time.monotonic_ns()}")
        told = [each async for each in rebuilder.make([CYCLE], Manner("topic", "always"))]
        came = told[-1]
        assert isinstance(came, Came), came
        assert came.serves, came
        shown = await served(documents).get(CYCLES, CYCLE)
        assert shown is not None, "what serves is there"
        watch.tell(came.shown_to, (shown.body or {})["digest"])


def main() -> None:
    """Rebuild, profiled where that was asked for."""
    if sys.argv[5:] != ["PROFILE"]:
        asyncio.run(rebuild(wanted()))
        return
    with cProfile.Profile() as profile:
        asyncio.run(rebuild(wanted()))
    pstats.Stats(profile).sort_stats("tottime").print_stats(TOLD_LINES)


if __name__ == "__main__":
    main()
