"""The event store: recorders of the `eventsourcing` library, at recorder level, with our bytes."""
