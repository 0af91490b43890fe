"""The job that the rebuild and those beside it do, each in a process of its own.

Read the facts of a topic, decode them, fold them with our fold, count the table at the end, and
write a document for each agency. The clock runs from the first record to the last document, so
that nobody pays for joining a group. What a process found out it prints as one line of JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.adapters.sqlite import SqliteDocuments
from shared.count import fold
from shared.count.canonical import canonical, digest
from shared.count.state import CycleState
from shared.count.table import tables
from shared.events import codec
from shared.events.envelope import Recorded
from shared.ports import Document

CYCLE = "2021"
AGENCIES = "bench_agency"
STATUS = Path("/proc/self/status")
KIB = 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the facts are, how many, and where documents are to be written."""

    servers: str
    topic: str
    facts: int
    folder: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """As a process is given it."""
        return (self.servers, self.topic, str(self.facts), self.folder)


def wanted() -> Wanted:
    """What this process was given."""
    servers, topic, facts, folder = sys.argv[1:5]
    return Wanted(servers, topic, int(facts), folder)


@dataclass(frozen=True, slots=True)
class Done:
    """What a process came to; `digest` is that of the canonical table, where it has one."""

    facts: int
    wall_s: float
    processor_s: float
    memory_bytes: int
    digest: str = ""


class Watch:
    """How long it takes from the first record on."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._began is None:
            self._began = (time.perf_counter(), time.process_time())

    def tell(self, facts: int, digest: str = "") -> None:
        """Stop, and print what was found."""
        assert self._began is not None, "a record came"
        wall, processor = time.perf_counter(), time.process_time()
        taken = (wall - self._began[0], processor - self._began[1])
        done = Done(facts, *taken, memory_at_most(), digest)
        sys.stdout.write(json.dumps(asdict(done)) + "\n")
        sys.stdout.flush()


def memory_at_most() -> int:
    """The most memory that this process had, in bytes, as proc(5) tells it.

    What getrusage(2) tells instead begins with that of the process which started this one.
    """
    [told] = [line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM")]
    return int(told.split()[1]) * KIB


class Job:
    """Decode, fold, and at the end count and write."""

    def __init__(self, asked: Wanted) -> None:
        self._asked = asked
        self._state = CycleState(CYCLE)
        self._folded = 0
        self.watch = Watch()

    @property
    def is_done(self) -> bool:
        """Whether all facts were folded."""
        return self._folded >= self._asked.facts

    def take(self, body: bytes) -> bool:
        """Read the next fact; true where it was the last one."""
        self.watch.start()
        return self.fold(codec.decode(body))

    def fold(self, recorded: Recorded) -> bool:
        """The same for one that was decoded."""
        self.watch.start()
        fold.apply(self._state, recorded)
        self._folded += 1
        return self.is_done

    def tell(self) -> None:
        """Count, and tell what was found, with no documents."""
        self.watch.tell(self._folded, digest(self._counted()))

    async def write(self) -> None:
        """Count, write a document for each agency, and tell what was found."""
        text = self._counted()
        path = Path(self._asked.folder) / f"{time.monotonic_ns()}.db"
        documents = SqliteDocuments(path)
        rows = [row for tier in json.loads(text)["tiers"] for row in tier["agencies"]]
        drawn = [Document(f"{CYCLE}/{row['agency']}", self._folded, row) for row in rows]
        await documents.put(AGENCIES, drawn)
        await documents.close()
        self.watch.tell(self._folded, digest(text))

    def write_now(self) -> None:
        """The same where no event loop runs."""
        asyncio.run(self.write())

    def _counted(self) -> bytes:
        assert self.is_done, "nothing is counted before all is folded"
        return canonical(CYCLE, tables(self._state))
