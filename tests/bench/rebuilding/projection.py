"""The same job by the ProjectionRunner of eventsourcing.

python -m tests.bench.rebuilding.projection SERVERS TOPIC FACTS FOLDER
The library reads no topic, but the notification log of an application; that of SQLite cannot be
subscribed to, so that the log lies in memory here, filled before the clock runs. That favours it.
"""

import asyncio
import threading
from dataclasses import dataclass

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking
from eventsourcing.popo import POPOApplicationRecorder, POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from shared.events import codec
from shared.events.envelope import Recorded
from shared.runtime.service import FETCH_RECORDS_MAX
from tests.bench import bare_servers
from tests.bench.rebuilding.job import Job, Wanted, wanted

WAIT_S_MAX = 3_600.0


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as an event of the library's."""

    originator_id: str
    originator_version: int
    body: bytes
    recorded: Recorded


class FactMapper(Mapper[str]):
    """Our codec in the place of a class path and a transcoder."""

    def to_domain_event(self, stored_event: StoredEvent) -> Told:
        """Decode a fact."""
        recorded = codec.decode(stored_event.state)
        return Told(recorded.stream, recorded.version, stored_event.state, recorded)


class Log(Application[str]):
    """The application whose events are followed."""

    def construct_mapper(self) -> Mapper[str]:
        """Ours."""
        return FactMapper(self.construct_transcoder())


class Counted(POPOTrackingRecorder):
    """The view: how far it is, and what it comes to."""

    def __init__(self) -> None:
        super().__init__()
        self.job = Job(wanted())
        self.is_whole = threading.Event()

    def take(self, told: Told, tracking: Tracking) -> None:
        """Take one fact in, and keep the place."""
        self.insert_tracking(tracking)
        if self.job.take(told.body, told.recorded):
            self.is_whole.set()


class Counting(Projection[Counted]):
    """Folds every event into the view."""

    def process_event(self, domain_event: Told, tracking: Tracking) -> None:
        """Take one."""
        self.view.take(domain_event, tracking)


_LOG = POPOApplicationRecorder()


class Filled(Log):
    """The application, on a log that was filled."""

    name = "Log"

    def construct_recorder(self) -> POPOApplicationRecorder:
        """The filled one."""
        return _LOG


async def fill(asked: Wanted) -> None:
    """Bring all facts of the topic into the log."""
    left = asked.facts
    async with bare_servers.consuming(asked.servers, asked.topic, 1) as consumer:
        while left:
            bodies = await bare_servers.fetch(consumer, FETCH_RECORDS_MAX)
            heads = map(codec.head, bodies)
            _LOG.insert_events(
                [StoredEvent(each.stream, each.version, "fact", each.body) for each in heads]
            )
            left -= len(bodies)


def main() -> None:
    """Follow the log to its end, and write."""
    asyncio.run(fill(wanted()))
    with ProjectionRunner(
        application_class=Filled, projection_class=Counting, view_class=Counted, env={}
    ) as runner:
        assert runner.view.is_whole.wait(WAIT_S_MAX), "it comes to the end of its log"
        runner.view.job.write_now()


if __name__ == "__main__":
    main()
