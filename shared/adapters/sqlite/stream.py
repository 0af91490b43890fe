"""The topic `facts` of the embedded mode: a table with one partition, followed in this process."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from shared.adapters.following import Followers
from shared.adapters.sqlite.database import Connection, Database
from shared.ports import Clock, Delivery, Message, Subscription

PARTITION = 0

_SCHEMA = (
    """create table if not exists facts (
        "partition" integer not null,
        position integer not null,
        appended_at text not null,
        "key" text not null,
        body blob not null,
        primary key ("partition", position)
    )""",
)
_END = 'select coalesce(max(position), 0) from facts where "partition" = ?'
_APPEND = "insert into facts values (?, ?, ?, ?, ?)"
_READ = """
    select "partition", position, appended_at, "key", body from facts
    where "partition" = ? and position > ? order by position limit ?
"""


class SqliteStream:
    """A durable topic in one SQLite file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._database = Database(path, _SCHEMA, durability="full")
        self._clock = clock
        self._followers = Followers(1, self._read)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order, durably."""
        now = self._clock.now()

        def append(connection: Connection) -> None:
            (end,) = connection.execute(_END, (PARTITION,)).fetchone()
            connection.executemany(
                _APPEND,
                (
                    (PARTITION, position, _taken_at(message, now), message.key, message.body)
                    for position, message in enumerate(messages, start=end + 1)
                ),
            )

        await self._database.write(append)
        self._followers.wake()

    def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AbstractAsyncContextManager[Subscription]:
        """Follow the topic as a member of the group."""
        return self._followers.subscribe(group, position_of)

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()

    async def _read(self, partition: int, after: int, limit: int) -> Sequence[Delivery]:
        rows = await self._database.read(
            lambda connection: connection.execute(_READ, (partition, after, limit)).fetchall()
        )
        return [
            Delivery(number, position, datetime.fromisoformat(at), key, body)
            for number, position, at, key, body in rows
        ]


def _taken_at(message: Message, now: datetime) -> str:
    return min(message.taken_at or now, now).isoformat()
