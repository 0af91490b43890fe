"""The event store of the embedded mode: recorders of the `eventsourcing` library on SQLite.

They are used at recorder level with bytes of our own: a stream is the originator's id as text, a
wire name the topic, and the stored bytes the state, so that no Python class stands in the data.
The library's notification log is the outbox: SQLite lets one transaction write at a time, so that
positions become visible in their order.

While a file is open here nobody else writes to it (`shared.adapters.process` locks its folder), so
that a reading which is known to find nothing new does not go to the file.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
)
from eventsourcing.persistence import Tracking as RecordedTracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteProcessRecorder

from shared.adapters.ends import Ends
from shared.adapters.eventstore.events import from_event, to_event
from shared.adapters.threads import Threads
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Logged, Tracking

READERS = 2
LOCK_TIMEOUT_S = 5
POOL_TIMEOUT_S = 30.0
SYNCHRONOUS_FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous

# From name to name by the index, so that what stands behind the last of them is not read.
_STREAMS = """
    with recursive streams (name) as (
        select min(originator_id) from stored_events
            where originator_id >= :prefix and originator_id > :after
        union all
        select (select min(originator_id) from stored_events where originator_id > streams.name)
        from streams where substr(streams.name, 1, length(:prefix)) = :prefix
    )
    select name from streams where substr(name, 1, length(:prefix)) = :prefix limit :limit
"""

Result = TypeVar("Result")


class SqliteEventStore:
    """An event store in one SQLite file; one thread writes, some read beside it."""

    def __init__(self, path: Path, *, lock_timeout_s: int = LOCK_TIMEOUT_S) -> None:
        self._path = path
        self._datastore = SQLiteDatastore(
            str(path),
            lock_timeout=lock_timeout_s,
            pool_size=READERS + 1,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_S,
            max_age=None,
            pre_ping=False,
            single_row_tracking=True,
            originator_id_type="text",
        )
        self._recorder = SQLiteProcessRecorder(self._datastore, events_table_name="stored_events")
        self._check_durability()
        self._recorder.create_table()
        self._ends = Ends()
        self._writer = Threads(f"{path.stem}-writer", 1)
        self._readers = Threads(f"{path.stem}-reader", READERS)

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, durably, or nothing."""
        if facts or tracking is not None:
            await self._run(self._writer, lambda: self._write(facts, tracking, behind))

    def _write(
        self, facts: Sequence[Stored], tracking: Tracking | None, behind: Stored | None
    ) -> None:
        if behind is not None and not self._has(behind):
            raise Conflict("version-missing", stream=behind.stream)
        # Nobody else writes, and so this still holds.
        with self._ends.writing():
            self._append(facts, tracking)

    def _append(self, facts: Sequence[Stored], tracking: Tracking | None) -> None:
        try:
            positions = self._recorder.insert_events(
                [to_event(fact) for fact in facts],
                tracking=tracking and RecordedTracking(tracking.consumer, tracking.position),
            )
            self._ends.write(facts, positions or (), tracking)
        except IntegrityError as error:
            if tracking is not None and self._tracked(tracking.consumer) >= tracking.position:
                raise Conflict("already-tracked", consumer=tracking.consumer) from error
            raise Conflict("version-taken", stream=facts[0].stream) from error
        except BaseException:
            self._ends.forget()
            raise
        assert positions is not None, "the recorder numbers what it records"
        assert len(positions) == len(facts), "each fact has a position in the log"

    def _has(self, fact: Stored) -> bool:
        stream, before = fact.stream, fact.version - 1
        known = self._ends.behind(stream, before)
        if known is None:
            events = self._recorder.select_events(stream, gt=before, lte=fact.version)
            known = [from_event(event) for event in events]
        return any(there.body == fact.body for there in known[:1])

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream with a version above `after`, in their order."""
        known = self._ends.behind(stream, after)
        if known is not None and not self._readers.closed:
            return known[:limit]
        now, select = self._ends.now, self._recorder.select_events
        events = await self._run(self._readers, lambda: select(stream, gt=after, limit=limit))
        facts = [from_event(event) for event in events]
        if len(facts) < limit:
            self._ends.read_stream(stream, after, facts, now)
        return facts

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""
        select = self._recorder.select_events
        events = await self._run(self._readers, lambda: select(stream, desc=True, limit=1))
        return from_event(events[0]) if events else None

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Up to `limit` facts with a position above `after`; none is skipped."""
        if self._ends.is_log_read(after) and not self._readers.closed:
            return []
        now = self._ends.now
        events: Sequence[Notification] = await self._run(
            self._readers,
            lambda: self._recorder.select_notifications(after, limit, inclusive_of_start=False),
        )
        if len(events) < limit:
            self._ends.read_log(events[-1].id if events else after, now)
        return [Logged(event.id, from_event(event)) for event in events]

    async def end(self) -> int:
        """The last position of the log; 0 while it is empty."""
        return await self._run(self._readers, self._recorder.max_notification_id) or 0

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come; 0 if it never began."""
        known = self._ends.tracked(consumer)
        if known is not None and not self._readers.closed:
            return known
        now = self._ends.now
        position = await self._run(self._readers, lambda: self._tracked(consumer))
        self._ends.read_tracked(consumer, position, now)
        return position

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` streams whose name begins with `prefix` and sorts behind `after`."""
        return await self._run(self._readers, lambda: self._streams(prefix, after, limit))

    def _streams(self, prefix: str, after: str, limit: int) -> Sequence[str]:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(_STREAMS, {"prefix": prefix, "after": after, "limit": limit})
            return [row[0] for row in cursor.fetchall()]

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._writer.close()
        await self._readers.close()
        self._datastore.close()

    def _tracked(self, consumer: str) -> int:
        return self._recorder.max_tracking_id(consumer) or 0

    async def _run(self, threads: Threads, work: Callable[[], Result]) -> Result:
        try:
            return await threads.run(work)
        except (InterfaceError, OperationalError) as error:
            raise Unavailable("database-unavailable") from error

    def _check_durability(self) -> None:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            synchronous = cursor.fetchone()[0]
        if journal != "wal" or synchronous != SYNCHRONOUS_FULL:
            self._datastore.close()
            raise Unavailable(
                "database-not-durable",
                file=self._path.name,
                journal_mode=str(journal),
                synchronous=str(synchronous),
            )
