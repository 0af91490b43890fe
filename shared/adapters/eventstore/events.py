"""A fact as an event of the library: named by text, its bytes as they are, and no Python class."""

from eventsourcing.persistence import StoredEvent

from shared.events.codec import Stored


def to_event(fact: Stored) -> StoredEvent:
    """The stream is the originator's id, the wire name the topic, and the bytes are the state."""
    assert fact.version >= 1, f"versions count from 1: {fact.id}"
    return StoredEvent(
        originator_id=fact.stream,
        originator_version=fact.version,
        topic=fact.type,
        state=fact.body,
    )


def from_event(event: StoredEvent, trace: str = "") -> Stored:
    """The fact that was recorded, with the trace that was kept beside it."""
    assert isinstance(event.originator_id, str), "streams are named by text"
    return Stored(event.originator_id, event.originator_version, event.topic, event.state, trace)
