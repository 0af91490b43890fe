"""The event store: recorders of the `eventsourcing` library, at recorder level, with our bytes."""

from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.eventstore.sqlite import SqliteEventStore

__all__ = ["PostgresEventStore", "SqliteEventStore"]
