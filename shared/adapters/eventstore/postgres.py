"""The event store on PostgreSQL: recorders of the `eventsourcing` library, with our bytes.

They are used as on SQLite, at recorder level. Whoever records facts first locks their table against
every other writer, until the commit: so positions become visible in their order, and a reader who
tails the log passes over none. The library can also record by a function in the database, which
takes no lock and loses facts for such a reader; a store that may meet it refuses to work.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    InternalError,
    Notification,
    OperationalError,
    StoredEvent,
)
from eventsourcing.persistence import Tracking as RecordedTracking

from shared.adapters.eventstore import postgres_tables as tables
from shared.adapters.eventstore.events import from_event, to_event
from shared.adapters.postgres.connection import states
from shared.adapters.threads import PatientThreads
from shared.adapters.together import Together
from shared.adapters.unsafe import UNSAFE_SETTING, unsafe_settings
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Logged, Tracking

STORE_TIMEOUT_S = 5.0
"""So long a call takes at most; what it asked for may be done later all the same."""
CONNECTIONS_MAX = 4
"""How many connections a store makes at most, each for a thread."""
WAITING_MAX = 500
GROUP_FACTS_MAX = 500
"""So many facts of several callers at most are recorded by one transaction."""

UNSAFE_FUNCTIONS = "es\\_insert\\_events\\_%"

_STATE = """
    select to_regclass(%(events)s) is not null and to_regclass(%(tracking)s) is not null
            and to_regclass(%(traces)s) is not null as migrated,
        exists (select from pg_proc where proname like %(functions)s) as unsafe
"""
# The names are compared by their code points, whatever the collation of the database. Each step
# goes from one stream to the next in the primary key, however many facts lie between them, and so
# they come in their order; to sort them would be to find them all first.
_STREAMS = """
    with recursive streams (name) as (
        (select originator_id collate "C" from {events}
            where originator_id collate "C" >= %(prefix)s and originator_id collate "C" > %(after)s
            order by originator_id collate "C" limit 1)
        union all
        select (select originator_id collate "C" from {events}
            where originator_id collate "C" > streams.name
            order by originator_id collate "C" limit 1)
        from streams where starts_with(streams.name, %(prefix)s)
    )
    select name from streams where starts_with(name, %(prefix)s) limit %(limit)s
"""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Append:
    """Facts to be recorded, and those that have to be there for it."""

    facts: Sequence[Stored]
    behind: Sequence[Stored]


class PostgresEventStore:
    """An event store in a service's database; `name` begins the names of its tables.

    `environment` is what the process was started with: the library's unsafe way to record cannot be
    asked for there. Where it is `traced`, the log tells the traces of its facts.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
        connections_max: int = CONNECTIONS_MAX,
        traced: bool = False,
    ) -> None:
        _refuse_unsafe_setting(environment)
        self._name = name
        self._traced = traced
        self._datastore = tables.datastore(url, name, connections_max=connections_max)
        self._recorder: tables.Recorder | None = None
        self._opening = Lock()
        self._threads = PatientThreads(
            f"{name}-store", connections_max, timeout_s=STORE_TIMEOUT_S, waiting_max=WAITING_MAX
        )
        self._appending = Together(
            self._append_all,
            weigh=lambda asked: len(asked.facts),
            weight_max=GROUP_FACTS_MAX,
            waiting_max=WAITING_MAX,
            timeout_s=STORE_TIMEOUT_S,
            full=lambda: Unavailable("database-unavailable"),
        )

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, durably, or nothing."""
        asked = _Append(facts, [behind] if behind is not None else ())
        if tracking is not None:
            await self._run(lambda recorder: _append(recorder, asked, tracking))
        elif facts:
            await self._appending.ask(asked)

    async def _append_all(self, appends: Sequence[_Append]) -> Sequence[None]:
        facts = [fact for append in appends for fact in append.facts]
        behind = [fact for append in appends for fact in append.behind]
        await self._run(lambda recorder: _append(recorder, _Append(facts, behind), None))
        return [None] * len(appends)

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream with a version above `after`, in their order."""
        events: Sequence[StoredEvent] = await self._run(
            lambda recorder: recorder.select_events(stream, gt=after, limit=limit)
        )
        return [from_event(event) for event in events]

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""
        events: Sequence[StoredEvent] = await self._run(
            lambda recorder: recorder.select_events(stream, desc=True, limit=1)
        )
        return from_event(events[0]) if events else None

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Up to `limit` facts with a position above `after`; none is skipped."""
        events: Sequence[Notification] = await self._run(
            lambda recorder: recorder.select_notifications(after, limit, inclusive_of_start=False)
        )
        traces = await self._traces(events) if events and self._traced else {}
        return [Logged(event.id, from_event(event, traces.get(event.id, ""))) for event in events]

    async def _traces(self, events: Sequence[Notification]) -> Mapping[int, str]:
        first, last = events[0].id, events[-1].id
        return await self._run(lambda recorder: recorder.select_traces(first, last))

    def connections(self) -> Mapping[str, int]:
        """How many connections there are, by their state."""
        return states(self._datastore.pool)

    async def end(self) -> int:
        """The last position of the log; 0 while it is empty."""
        position: int | None = await self._run(tables.Recorder.max_notification_id)
        return position or 0

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come; 0 if it never began."""
        return await self._run(lambda recorder: _tracked(recorder, consumer))

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` streams whose name begins with `prefix` and sorts behind `after`."""
        query = _STREAMS.format(events=f"{tables.SCHEMA}.{tables.events_table(self._name)}")
        values = {"prefix": prefix, "after": after, "limit": limit}

        def select(recorder: tables.Recorder) -> Sequence[str]:
            with recorder.datastore.cursor() as cursor:
                cursor.execute(query, values)
                return [row["name"] for row in cursor.fetchall()]

        return await self._run(select)

    async def close(self) -> None:
        """Finish what was begun and close; every later call raises `Unavailable`."""
        await self._threads.close()
        await asyncio.to_thread(self._datastore.close)

    async def _run(self, work: Callable[[tables.Recorder], Result]) -> Result:
        try:
            return await self._threads.run(lambda: work(self._open()))
        except (InterfaceError, OperationalError, InternalError) as error:
            raise Unavailable("database-unavailable") from error

    def _open(self) -> tables.Recorder:
        """The recorder, which asks the database for its types when it is made."""
        with self._opening:
            if self._recorder is None:
                self._check_database()
                self._recorder = tables.recorder(self._datastore, self._name)
            return self._recorder

    def _check_database(self) -> None:
        values = {
            "events": f"{tables.SCHEMA}.{tables.events_table(self._name)}",
            "tracking": f"{tables.SCHEMA}.{tables.tracking_table(self._name)}",
            "traces": f"{tables.SCHEMA}.{tables.traces_table(self._name)}",
            "functions": UNSAFE_FUNCTIONS,
        }
        with self._datastore.cursor() as cursor:
            cursor.execute(_STATE, values)
            state = cursor.fetchone()
        assert state is not None, "the state of a database is one row"
        if not state["migrated"]:
            raise Unavailable("database-not-migrated")
        if state["unsafe"]:
            raise Refused("database-functions-enabled", setting=UNSAFE_SETTING)


def _refuse_unsafe_setting(environment: Mapping[str, str]) -> None:
    for setting in unsafe_settings(environment):
        raise Refused("database-functions-enabled", setting=setting)


def _append(recorder: tables.Recorder, asked: _Append, tracking: Tracking | None) -> None:
    facts = asked.facts
    try:
        positions = recorder.insert_events(
            [to_event(fact) for fact in facts],
            traces=[fact.trace for fact in facts],
            behind=[to_event(fact) for fact in asked.behind],
            tracking=tracking and RecordedTracking(tracking.consumer, tracking.position),
        )
    except IntegrityError as error:
        if tracking is not None and _tracked(recorder, tracking.consumer) >= tracking.position:
            raise Conflict("already-tracked", consumer=tracking.consumer) from error
        raise Conflict("version-taken", stream=facts[0].stream) from error
    assert len(positions or ()) == len(facts), "each fact has a position in the log"


def _tracked(recorder: tables.Recorder, consumer: str) -> int:
    return recorder.max_tracking_id(consumer) or 0
