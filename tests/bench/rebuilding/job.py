"""The job that the rebuild and those beside it do, each in a process of its own.

Read the facts of a topic, give each its place in the ledger and its leaf in the tree, decode it,
fold it, count the table at the end, and put every document that ranking shows of it. The clock runs
from the first record to the last document, so that nobody pays for joining a group. What a process
found out it prints as one line of JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from services.ranking.application.drawing import made_of
from shared.adapters.sqlite import SqliteDocuments
from shared.count import fold
from shared.count.canonical import canonical, digest
from shared.count.ledger import Ledger
from shared.count.state import CycleState
from shared.count.table import tables
from shared.events import codec
from shared.events.envelope import Recorded
from shared.ledger.entry import Entry
from shared.ports import Document

CYCLE = "2021"
AT = datetime(2021, 11, 22, 1, tzinfo=UTC)
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


class Loop:
    """What a bare loop does: decode and fold, and count at the end. It places and draws nothing."""

    def __init__(self, asked: Wanted) -> None:
        self._asked = asked
        self._state = CycleState(CYCLE)
        self._folded = 0
        self.watch = Watch()

    def take(self, body: bytes) -> bool:
        """Read the next fact; true where it was the last one."""
        self.watch.start()
        fold.apply(self._state, codec.decode(body))
        self._folded += 1
        return self._folded >= self._asked.facts

    def tell(self) -> None:
        """Count, and tell what was found."""
        self.watch.tell(self._folded, digest(canonical(CYCLE, tables(self._state))))


class Job:
    """The whole job by the same parts of ours: place, hash, decode and fold, count, draw and put.

    What only the rebuild does beside that: it numbers by itself, and holds each fact against the
    entry that is kept under its number.
    """

    def __init__(self, asked: Wanted) -> None:
        self._asked = asked
        self._ledger = Ledger(CYCLE)
        self.watch = Watch()

    @property
    def is_done(self) -> bool:
        """Whether all facts were taken."""
        return self._ledger.replay.size >= self._asked.facts

    def take(self, body: bytes, recorded: Recorded | None = None) -> bool:
        """Read the next fact, decoded or not; true where it was the last one."""
        self.watch.start()
        self._ledger.take(Entry(AT, body), recorded)
        return self.is_done

    async def write(self) -> None:
        """Count, draw every view, put all documents, and tell what was found."""
        assert self.is_done, "nothing is counted before all is folded"
        documents = SqliteDocuments(Path(self._asked.folder) / f"{time.monotonic_ns()}.db")
        drawn: dict[str, list[Document]] = {}
        for (collection, key), body in made_of(self._ledger, {}).items():
            drawn.setdefault(collection, []).append(Document(key, self._asked.facts, body))
        for collection, of_collection in drawn.items():
            await documents.put(collection, of_collection)
        await documents.close()
        self.watch.tell(self._asked.facts, self._ledger.count().basis.digest)

    def write_now(self) -> None:
        """The same where no event loop runs."""
        asyncio.run(self.write())
