"""The bare sides: the same bytes through the libraries alone, and nothing of ours around them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteProcessRecorder

from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import Envelope


class Recorder:
    """The recorder that the event store stands on, with the same settings, in this thread."""

    def __init__(self, path: Path) -> None:
        self._datastore = SQLiteDatastore(
            str(path), max_overflow=0, single_row_tracking=True, originator_id_type="text"
        )
        self.recorder = SQLiteProcessRecorder(self._datastore, events_table_name="stored_events")
        self.recorder.create_table()

    def save(self, events: Sequence[StoredEvent], tracking: Tracking | None = None) -> None:
        """One transaction."""
        self.recorder.insert_events(events, tracking=tracking)

    def copy_from(self, other: "Recorder", batch: int) -> int:
        """Copy all of another one, the position in the same transaction; returns how many."""
        position = 0
        while True:
            read = other.recorder.select_notifications(position, batch, inclusive_of_start=False)
            if not read:
                return position
            position = read[-1].id
            self.save(read, Tracking("copy", position))

    def close(self) -> None:
        """Close the file."""
        self._datastore.close()


def events_of(facts: Sequence[Stored]) -> Sequence[StoredEvent]:
    """Facts as the library knows them."""
    return [StoredEvent(fact.stream, fact.version, fact.type, fact.body) for fact in facts]


def batches(facts: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Slices of a size."""
    return (facts[start : start + size] for start in range(0, len(facts), size))


def decoding() -> Callable[[Sequence[Stored]], None]:
    """Typed decoding of envelope and content by msgspec."""
    envelope = msgspec.json.Decoder(Envelope).decode
    content: Mapping[str, Callable[[msgspec.Raw], object]] = {
        name: msgspec.json.Decoder(fact).decode for name, fact in codec.TYPES.items()
    }

    def decode(facts: Sequence[Stored]) -> None:
        for fact in facts:
            read = envelope(fact.body)
            content[read.type](read.data)

    return decode
