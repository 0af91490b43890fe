"""Where a rebuild is made: a data directory, or the servers that the environment names."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli import servers, settings
from services.ranking import main as ranking
from shared.adapters import process
from shared.adapters.alone import Alone
from shared.adapters.clock import SystemClock
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteDocuments
from shared.events.submission import Mode


@dataclass(frozen=True, slots=True)
class Place:
    """The stores of ranking by what leads to them, so that every process can open its own.

    With a `data` directory it is the embedded mode, of which only what a rebuild needs is opened.
    """

    mode: Mode
    data: Path | None
    environment: Mapping[str, str]

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep others out of a data directory; on servers, leases do so for each cycle.

        Raises `Unavailable("data-directory-in-use")` where the system runs on it, and `Refused`
        where it is none, or one of another mode.
        """
        if self.data is None:
            yield
            return
        settings.check(self.data, self.mode)
        with process.lock_directory(self.data):
            yield

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ranking.Stores]:
        """The stores, for one process."""
        opening = self._on_servers() if self.data is None else _in_folder(self.data)
        async with opening as stores:
            yield stores

    @asynccontextmanager
    async def _on_servers(self) -> AsyncIterator[ranking.Stores]:
        told = servers.told(ranking.NAME, self.environment)
        async with servers.opened(ranking.NAME, told, self.environment) as world:
            yield ranking.stores_of(world)


@asynccontextmanager
async def _in_folder(data: Path) -> AsyncIterator[ranking.Stores]:
    """What a rebuild needs of a data directory, which several processes open at once."""
    folder = data / ranking.NAME
    async with AsyncExitStack() as opened:
        topic = await opened.enter_async_context(process.open_topic(data, SystemClock()))
        documents = SqliteDocuments(folder / "documents.db")
        opened.push_async_callback(documents.close)
        inbox = SqliteEventStore(folder / "inbox.db")
        opened.push_async_callback(inbox.close)
        own = SqliteEventStore(folder / "facts.db")
        opened.push_async_callback(own.close)
        yield ranking.Stores(own, inbox, topic, documents, Alone())
