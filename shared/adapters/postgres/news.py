"""News on PostgreSQL: who records a fact notifies, and one connection of each process listens."""

import asyncio
import logging
from collections.abc import Sequence

import psycopg
from psycopg.sql import SQL, Identifier

from shared.adapters.postgres.connection import Connection, connect, time_limit
from shared.ports import Following

CHANNEL = "{store}_events"
"""The recorders of the event store notify the channel that is named like their table."""
SILENCE_S = 5.0
"""After so long without news the connection is tried."""
ANSWER_TIMEOUT_S = 2.0
PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 2.0

_log = logging.getLogger(__name__)


class PostgresNews:
    """News of a service's stores, by their names.

    While the connection is broken nobody is told anything, and a wait ends when it is time; once
    there is a new one everybody is told, since nobody knows what was missed.
    """

    def __init__(self, url: str, names: Sequence[str]) -> None:
        self._url = url
        self._channels = [CHANNEL.format(store=name) for name in names]
        self._followers: list[_Follower] = []
        self._listening: asyncio.Task[None] | None = None
        self._pause_s = PAUSE_S_MIN
        self._closed = False

    def follow(self) -> Following:
        """Follow them from now on."""
        follower = _Follower(self)
        self._followers.append(follower)
        return follower

    def begin(self) -> None:
        """Begin to listen; nothing happens where this was done before."""
        if self._listening is None and not self._closed:
            self._listening = asyncio.create_task(self._listen(), name="news")

    async def close(self) -> None:
        """Listen no more; waits end when it is time."""
        self._closed = True
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await connect(self._url, "news") as connection:
                    await self._listen_on(connection)
            except psycopg.Error as error:
                _log.warning("nobody tells the news for %.1f s: %r", self._pause_s, error)
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)

    async def _listen_on(self, connection: Connection) -> None:
        with time_limit(connection, ANSWER_TIMEOUT_S):
            for channel in self._channels:
                await connection.execute(SQL("listen {}").format(Identifier(channel)))
        self._pause_s = PAUSE_S_MIN
        self._tell()
        while True:
            async for _ in connection.notifies(timeout=SILENCE_S):
                self._tell()
            with time_limit(connection, ANSWER_TIMEOUT_S):
                await connection.execute("select 1")

    def _tell(self) -> None:
        for follower in self._followers:
            follower.tell()


class _Follower:
    """One who follows; what it is told between two waits ends the second one at once."""

    def __init__(self, news: PostgresNews) -> None:
        self._news = news
        self._told = asyncio.Event()

    def tell(self) -> None:
        self._told.set()

    async def wait(self, timeout_s: float) -> None:
        """Return once something may have been written since the last wait, or when it is time."""
        self._news.begin()
        try:
            async with asyncio.timeout(timeout_s):
                await self._told.wait()
        except TimeoutError:
            return
        self._told.clear()
