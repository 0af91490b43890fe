"""The tables of an event store on PostgreSQL, and the library's recorder over them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresDatastore, PostgresProcessRecorder

from shared.adapters.postgres.connection import (
    AGE_S_MAX,
    CONNECTION_TIMEOUT_S,
    CONNECTIONS_MIN,
    IDLE_IN_TRANSACTION_TIMEOUT_S,
    IDLE_S_MAX,
    LOCK_TIMEOUT_S,
    POOL_WORKERS,
    RECONNECT_S,
    parameters,
)
from shared.kernel.errors import Conflict, Unavailable

CREATION_CONNECTIONS = 1
TRACES_KEPT = 100_000
"""Of so many positions the traces are kept; whoever follows the log has passed those before."""
TRACES_FORGOTTEN_EVERY = 1_000

SCHEMA = "public"

_IS_BY_CODE_POINT = """
    select from pg_attribute join pg_collation on pg_collation.oid = attcollation
    where attrelid = to_regclass(%s) and attname = 'originator_id' and collname = 'C'
"""
_SORT_BY_CODE_POINT = """
    alter table {events} alter column originator_id type text collate "C"
"""
_CREATE_TRACES = """
    create table if not exists {traces} (position bigint primary key, trace text not null)
"""
_KEEP_TRACE = "insert into {traces} (position, trace) values (%s, %s)"
_FORGET_TRACES = "delete from {traces} where position <= %s"
_TRACES = "select position, trace from {traces} where position between %s and %s"
# Asked in the transaction that has the table for itself, after its facts stand in it.
_MISSING = """
    select stream from unnest(%s::text[], %s::bigint[], %s::bytea[]) as fact (stream, version, body)
    where not exists (
        select from {events}
        where originator_id = stream and originator_version = version and state = body
    )
    limit 1
"""
_DROP_FUNCTION = "drop function if exists {schema}.{function}({schema}.{type}[])"


def events_table(name: str) -> str:
    """The table that holds the facts of a store; its recorder notifies a channel of that name."""
    assert name.isidentifier(), f"a store's name begins the names of its tables: {name}"
    return f"{name}_events"


def tracking_table(name: str) -> str:
    """The table that holds how far the consumers of a store have come."""
    assert name.isidentifier(), f"a store's name begins the names of its tables: {name}"
    return f"{name}_tracking"


def traces_table(name: str) -> str:
    """The table that holds the traces of the newest facts of a store, by their positions."""
    assert name.isidentifier(), f"a store's name begins the names of its tables: {name}"
    return f"{name}_traces"


def datastore(
    url: str,
    purpose: str,
    *,
    connections_max: int,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> PostgresDatastore:
    """Connections as the library keeps them; none is made before one is needed."""
    told = parameters(url, purpose, settings)
    made = PostgresDatastore(
        told["dbname"],
        told["host"],
        told["port"],
        told["user"],
        told["password"],
        connect_timeout=CONNECTION_TIMEOUT_S,
        idle_in_transaction_session_timeout=IDLE_IN_TRANSACTION_TIMEOUT_S,
        pool_size=CONNECTIONS_MIN,
        max_overflow=connections_max - CONNECTIONS_MIN,
        max_waiting=0,  # Whoever waits for a connection has a thread, and those are few.
        conn_max_age=AGE_S_MAX,
        pre_ping=True,
        lock_timeout=LOCK_TIMEOUT_S,
        schema=SCHEMA,
        pool_open_timeout=None,
        get_password_func=None,
        single_row_tracking=True,
        originator_id_type="text",
        enable_db_functions=False,
    )
    # What the library passes on to neither the pool nor libpq is told them here.
    assert isinstance(made.pool.kwargs, dict), "the library hands over parameters, no function"
    made.pool.kwargs.update(told)
    made.pool.max_idle = IDLE_S_MAX
    made.pool.reconnect_timeout = RECONNECT_S
    made.pool.num_workers = POOL_WORKERS
    return made


def _unretried(method: Callable[..., Any]) -> Any:  # noqa: ANN401 - the same method
    """The method as it was before the library made it one that tries again."""
    once = inspect.unwrap(method)
    assert once is not method, "the library tells what it has wrapped"
    return once


class Recorder(PostgresProcessRecorder):
    """The library's recorder, which records all that it is given or nothing, and tries once.

    The library itself commits what came before a statement that the driver does not send, such as
    one with a text that PostgreSQL cannot hold: a tracking without its facts, which are lost then.
    It also tries again, ten times, what failed on a broken connection. Here calls have a time
    limit, and an append that was recorded, while its acknowledgement was lost, would come back as a
    conflict with itself: so those that are called here are the ones beneath that decorator.
    """

    select_events = _unretried(PostgresProcessRecorder.select_events)
    select_notifications = _unretried(PostgresProcessRecorder.select_notifications)
    max_notification_id = _unretried(PostgresProcessRecorder.max_notification_id)
    max_tracking_id = _unretried(PostgresProcessRecorder.max_tracking_id)

    traces = ""
    """The table of traces."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        traces: Sequence[str] = (),
        behind: Sequence[StoredEvent] = (),
        **kwargs: Any,  # noqa: ANN401 - as the library declares it
    ) -> Sequence[int] | None:
        """The positions of the facts; whatever is raised, nothing was recorded, or all was.

        `traces` are those of the facts, if any has one; `behind` are those that have to be there
        as they are, or else `Conflict("version-missing")` is raised.
        """
        with (
            self.datastore.get_connection() as connection,
            connection.pipeline() as pipeline,
            connection.transaction(),
        ):
            with connection.cursor() as cursor:
                self._insert_events(cursor, stored_events, **kwargs)
            if not (stored_events or behind):
                return None
            with connection.cursor() as cursor, connection.cursor() as looking:
                if stored_events:
                    self._insert_stored_events(cursor, stored_events, **kwargs)
                if behind:
                    looking.execute(self._missing(), _in_columns(behind))
                pipeline.sync()  # What the server refuses is raised here, by its own name.
                if behind and (missing := looking.fetchone()):
                    raise Conflict("version-missing", stream=missing["stream"])
                if not stored_events:
                    return None
                positions = self._fetch_ids_after_insert_events(cursor, stored_events, **kwargs)
                if positions and any(traces):
                    self._keep(cursor, positions, traces)
                return positions

    def _missing(self) -> str:
        return _MISSING.format(events=f"{SCHEMA}.{self.events_table_name}")

    def _keep(
        self,
        cursor: Any,  # noqa: ANN401 - of the driver, which has another door
        positions: Sequence[int],
        traces: Sequence[str],
    ) -> None:
        """Keep the traces of facts, and forget those of long ago."""
        rows = [row for row in zip(positions, traces, strict=True) if row[1]]
        cursor.executemany(_KEEP_TRACE.format(traces=self.traces), rows)
        if any(position % TRACES_FORGOTTEN_EVERY == 0 for position in positions):
            oldest = (positions[-1] - TRACES_KEPT,)
            cursor.execute(_FORGET_TRACES.format(traces=self.traces), oldest)

    def select_traces(self, first: int, last: int) -> Mapping[int, str]:
        """The traces of the facts at these positions, and between, that have one."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(_TRACES.format(traces=self.traces), (first, last))
            return {row["position"]: row["trace"] for row in cursor.fetchall()}


def _in_columns(events: Sequence[StoredEvent]) -> Sequence[Sequence[Any]]:
    rows = [(event.originator_id, event.originator_version, event.state) for event in events]
    return [list(column) for column in zip(*rows, strict=True)]


def recorder(connections: PostgresDatastore, name: str) -> Recorder:
    """The recorder of a store; it asks the database for a type when it is made."""
    made = Recorder(
        connections,
        events_table_name=events_table(name),
        tracking_table_name=tracking_table(name),
    )
    made.traces = f"{SCHEMA}.{traces_table(name)}"
    return made


def create_tables(url: str, name: str, *, lock_timeout: str = f"{LOCK_TIMEOUT_S}s") -> None:
    """Make what a store needs, as the library does it, but for two things.

    Streams are compared by the code points of their names, and the library's function that records
    without a lock is not made, or taken away. Made already, nothing happens; two may not do it at
    once. Raises `Unavailable` where others hold a table for longer than `lock_timeout`.
    """
    settings = {"lock_timeout": lock_timeout}
    opening = datastore(url, "migration", connections_max=CREATION_CONNECTIONS, settings=settings)
    try:
        with opening as connections:
            made = recorder(connections, name)
            del made.sql_create_statements[made.create_insert_function_statement_index]
            made.create_table()
            _amend(made)
            with connections.transaction(commit=True) as cursor:
                cursor.execute(_CREATE_TRACES.format(traces=made.traces))
    except (InterfaceError, OperationalError) as error:
        raise Unavailable("database-unavailable") from error


def _amend(made: PostgresProcessRecorder) -> None:
    function, kind = made.pg_function_name_insert_events, made.stored_event_type_name
    events = f"{SCHEMA}.{made.events_table_name}"
    with made.datastore.transaction(commit=True) as cursor:
        cursor.execute(_DROP_FUNCTION.format(schema=SCHEMA, function=function, type=kind))
        if not cursor.execute(_IS_BY_CODE_POINT, (events,)).fetchall():
            cursor.execute(_SORT_BY_CODE_POINT.format(events=events))
