"""One cycle made again: its entries read strictly, and held against what serves of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.ranking import views
from services.ranking.application.drawing import Drawn, Made, draw, made_of, put_beside
from services.ranking.application.generations import (
    CYCLES,
    DRAWN,
    SHOWN_VERSION,
    Generation,
    named,
)
from shared.count.ledger import Ledger
from shared.count.table import assess_one
from shared.events.envelope import Recorded
from shared.kernel.errors import Refused
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.entry import Entry
from shared.ports import Document, Documents
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER

LOOKS_MAX = 20
LOOK_S = 0.1
"""So often, and so far apart, is looked for a moment at which nobody is drawing."""
PAGE_DOCUMENTS = 500
NOWHERE = -1
"""Where a document was counted to that does not say so: no ledger comes to that place."""

Place = tuple[str, str]


class End(NamedTuple):
    """Where a cycle's ledger ended at one moment: how many entries of each kind it had."""

    ledger: int = 0
    parked: int = 0
    altered: int = 0

    @property
    def records(self) -> int:
        """How many there were of all kinds."""
        return sum(self)


@dataclass(frozen=True, slots=True)
class Served:
    """What is drawn of a cycle and serves, at one moment.

    It was drawn from so many entries, `counted_to` of them numbered. It is not comparable where
    there is nothing yet, or where it is of another version, and so of another shape.
    """

    bodies: Mapping[Place, views.Body]
    records: int
    counted_to: int
    is_comparable: bool

    @property
    def beside(self) -> int:
        """How many entries were read for it that have no number."""
        return max(0, self.records - self.counted_to) if self.counted_to != NOWHERE else 0

    def differing(self, made: Made) -> Sequence[str]:
        """The documents that are not the same in both, by name."""
        living = {place: body for place, body in made.items() if body is not None}
        places = self.bodies.keys() | living.keys()
        return sorted(
            "/".join(place) for place in places if self.bodies.get(place) != living.get(place)
        )


class Making:
    """A cycle on its way from nothing to an end that was recorded when it began."""

    def __init__(
        self,
        cycle: str,
        end: End,
        generation: Generation,
        served: Served,
        signed: Checkpoint | Refused | None = None,
    ) -> None:
        self.cycle = cycle
        self.end = end
        self.generation = generation
        self.ledger = Ledger(cycle)
        self.stopped: Refused | None = signed if isinstance(signed, Refused) else None
        """What it stopped at, for good."""
        self.compared: int | None = None
        """How many documents were compared, if any could be."""
        self.differing: Sequence[str] = ()
        """Which of them are not the same."""
        self._served = served
        self._signed = signed if isinstance(signed, Checkpoint) else None
        self._read = {LEDGER: 0, PARKED: 0, ALTERED: 0}
        self._records = 0
        self._drawn: Drawn = {}
        if self._signed is not None and self._signed.size > end.ledger:
            size, left = str(self._signed.size), str(end.ledger)
            self.stopped = Refused("ledger-cut", size=size, left=left)

    @property
    def reached(self) -> End:
        """How far it was read."""
        return End(*self._read.values())

    @property
    def is_at_end(self) -> bool:
        """Whether it was read to its end; nobody gives it an entry behind that."""
        return self._records == self.end.records

    @property
    def signed_to(self) -> int | None:
        """The number up to which the newest checkpoint speaks of the ledger; None without one."""
        return self._signed.size if self._signed else None

    @property
    def served_to(self) -> int | None:
        """The number up to which what serves was counted; None where nothing can be compared."""
        return self._served.counted_to if self._served.is_comparable else None

    @property
    def is_unmet(self) -> bool:
        """Whether the place that serves was not met so far, so that nothing was compared."""
        return self._served.is_comparable and self.compared is None

    @property
    def beside_first(self) -> int:
        """How many entries without a number belong before the place that serves."""
        return self._served.beside

    async def read(self, kind: str, number: int, kept: Entry) -> None:
        """Read the next entry of a kind, and compare where this is what serves.

        Raises `Refused("rebuild-stopped")` where it is not as an entry has to be.
        """
        if self.take(kind, number, kept):
            await self.compare()

    def take(self, kind: str, number: int, kept: Entry, recorded: Recorded | None = None) -> bool:
        """The same without the comparison; whether this is the place for it.

        `recorded` is what the entry says, where that was read already.
        """
        read, ledger = self._read, self.ledger
        if number != read[kind] + 1:
            raise self.stop(kind, read[kind] + 1, "entry-missing")
        try:
            self._fold(kind, kept, recorded)
        except Exception as error:
            raise self.stop(kind, number, type(error).__name__) from error
        if len(ledger.replay.faults):
            fault = ledger.replay.faults[-1]
            raise self.stop(kind, number, fault.code, fault.fact)
        read[kind] = number
        self._records += 1
        served = self._served
        here = self._records == served.records and read[LEDGER] == served.counted_to
        return here and served.is_comparable

    def hold_against_checkpoint(self) -> None:
        """See that this is what was signed; raises `Refused("ledger-rewritten")` where not."""
        assert self._signed is not None, "who calls this has met the place of a checkpoint"
        assert self._signed.size == self.ledger.replay.size, "it is that place"
        if self.ledger.replay.root != self._signed.root.hex():
            raise Refused("ledger-rewritten", size=str(self._signed.size))

    async def compare(self) -> None:
        """Compare what was read so far with what was drawn from the very same."""
        self.differing = self._served.differing(await self.made())
        self.compared = len(self._served.bodies)

    async def made(self) -> Made:
        """The documents that it comes to; others have their turn between two agencies.

        Raises `Refused("rebuild-stopped")` where it comes to none.
        """
        try:
            return await self._drawn_now()
        except Exception as error:
            raise self.stop(LEDGER, self.reached.ledger, type(error).__name__) from error

    def stop(self, kind: str, number: int, because: str, fact: str = "") -> Refused:
        """What is said of the entry at which it stops."""
        place = f"{kind}{self.cycle}@{number}"
        return Refused("rebuild-stopped", entry=place, fact=fact or "?", because=because)

    async def _drawn_now(self) -> Made:
        for _ in range(len(self.ledger.replay.state.roster)):
            assess_one(self.ledger.replay.state)
            await asyncio.sleep(0)
        for table in self.ledger.count().tables:
            for row in table.rows:
                draw(self.ledger, self._drawn, table, row)
                await asyncio.sleep(0)
        return made_of(self.ledger, self._drawn)

    def _fold(self, kind: str, kept: Entry, recorded: Recorded | None) -> None:
        match kind:
            case "ledger/":
                self.ledger.take(kept, recorded)
            case "parked/":
                self.ledger.park(kept)
            case _:
                self.ledger.set_aside(kept)


async def put(documents: Documents, making: Making, made: Made) -> None:
    """Put what was made into its generation."""
    await put_beside(documents, making.cycle, making.generation, made, making.reached.records)


async def look(documents: Documents, cycle: str, generation: Generation) -> Served:
    """What serves of a cycle, at a moment at which nobody is drawing it.

    What stands still all the while without being of one drawing serves like that: it was damaged,
    or left by who died over it. Raises `Refused("serving-unsteady")` where it goes on changing:
    no server is away, and other cycles need not wait for this one.
    """
    first: Mapping[Place, Document] | None = None
    stands_still = True
    for _ in range(LOOKS_MAX):
        before = await _whole(documents, cycle, generation)
        found = await _bodies(documents, cycle, generation)
        position = before.position if before else 0
        if before == await _whole(documents, cycle, generation) and position >= max(
            (each.position for each in found.values()), default=0
        ):
            break
        first = found if first is None else first
        stands_still = stands_still and found == first
        await asyncio.sleep(LOOK_S)
    else:
        if not stands_still:
            raise Refused("serving-unsteady", cycle=cycle)
    return _served(cycle, generation, position, found)


def _served(
    cycle: str, generation: Generation, position: int, found: Mapping[Place, Document]
) -> Served:
    bodies = {place: each.body for place, each in found.items() if each.body is not None}
    whole = bodies.get((CYCLES, cycle))
    is_comparable = whole is not None and generation.version == SHOWN_VERSION
    counted_to = whole.get("counted_to") if whole else None
    known = counted_to if isinstance(counted_to, int) else NOWHERE
    return Served(bodies, position, known, is_comparable)


async def _whole(documents: Documents, cycle: str, generation: Generation) -> Document | None:
    return await documents.get(named(CYCLES, cycle, generation), cycle)


async def _bodies(
    documents: Documents, cycle: str, generation: Generation
) -> Mapping[Place, Document]:
    found: dict[Place, Document] = {}
    for collection in DRAWN:
        name, after = named(collection, cycle, generation), ""
        while page := await documents.page(name, prefix=cycle, after=after, limit=PAGE_DOCUMENTS):
            after = page[-1].id
            of_cycle = (each for each in page if each.id.partition("/")[0] == cycle)
            found |= {(collection, each.id): each for each in of_cycle}
    return found
