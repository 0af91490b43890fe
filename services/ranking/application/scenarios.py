"""What is asked of a result that is no result: what if, and how sure is it.

Both are computed and forgotten; nothing is written. They take long, so that they are computed
beside everything else, one after the other.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from services.ranking import domain, views
from services.ranking.application.asked import (
    Moment,
    as_published,
    is_withdrawn,
    require_result,
    revision_of,
    tier_of,
)
from services.ranking.application.rankings import Shelf
from services.ranking.domain import Publication
from shared.count.ledger import Ledger
from shared.count.sample import Drawing, Resample, Sample, sample_of
from shared.count.state import CycleState
from shared.count.table import tables
from shared.count.whatif import Change, supposed
from shared.events import ranking
from shared.kernel.actor import Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.index import Table

ASKING_MAX = 8
"""How many are computed or wait for it at once; whoever comes then is asked to come back."""
REMEMBERED_MAX = 64
"""How many rank ranges are remembered: everybody who asks for a published result has the same."""

ROUNDS_MIN = 100
"""With fewer rounds nothing can be said of 95 % of them."""
ROUNDS_DEFAULT = 2_000
ROUNDS_MAX = 10_000
DRAWS_MAX = 100_000_000
"""Rounds by kinds of answers: so many are drawn in about ten seconds."""
SEED_DIGITS = 12
"""How much of the ledger's root is the seed that everybody has who does not choose one."""

Body = Mapping[str, Any]
Result = TypeVar("Result")


class Workbench(Protocol):
    """Where long computations are done while others have their turn."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """What the work comes to, or whatever it raises."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What scenarios are computed with."""

    bench: Workbench
    resample: Resample


@dataclass(frozen=True, slots=True)
class WantedDrawing:
    """The seed, and how often is to be drawn; what is not said follows from the ledger."""

    seed: int | None = None
    rounds: int | None = None

    @property
    def is_said(self) -> bool:
        """Whether anything is wanted that not everybody has."""
        return self.seed is not None or self.rounds is not None


_Key = tuple[str, str, int, str | None, WantedDrawing]


class Scenarios:
    """Suppositions and uncertainties, of all cycles."""

    def __init__(self, shelf: Shelf, tools: Tools) -> None:
        self._own = shelf.own
        self._ledgers = shelf.ledgers
        self._documents = shelf.documents
        self._tools = tools
        self._asking = 0
        self._one = asyncio.Lock()
        self._kept: OrderedDict[_Key, Body] = OrderedDict()

    async def what_if(
        self,
        by: Actor,
        cycle: str,
        tier: str | None,
        at: int | datetime | None,
        changes: Sequence[Change],
    ) -> Body:
        """The tables under changes, beside those of the same moment: of a tier, or of all.

        For who may see provisional results, also where they are published: a table that nobody
        has decided on is not for everybody to show around.
        """
        permit(by, "read-provisional")
        async with self._turn():
            ledger = await self._ledger(cycle, at)
            before, state = ledger.count().tables, ledger.replay.state.fork()
            known = [table.tier for table in before]
            shown = known if tier is None else [tier_of(tier, known)]
            work = partial(_supposed, views.head(ledger), state, before, changes, shown)
            return await self._tools.bench.run(work)

    async def rank_ranges(
        self, by: Actor, cycle: str, tier: str | None, moment: Moment, wanted: WantedDrawing
    ) -> Body:
        """How far each rank of a tier hangs on who was asked, beside the rank itself.

        A published result has them for everybody, by the seed of its ledger: they belong to what
        was published. Everything else is for who may see provisional results.
        """
        if wanted.is_said or (moment.at is not None and moment.revision is None):
            permit(by, "read-provisional")
        if moment.revision is None and may(by, "read-provisional") is None:
            return await self._of_ledger(cycle, tier, moment.at, wanted)
        result = await self._own.load(ranking.result_of(cycle), domain.decider)
        publication = revision_of(result, cycle, moment.revision)
        withdrawn = await is_withdrawn(self._documents, cycle)
        require_result(by, cycle, withdrawn=withdrawn)
        ranges = await self._of_publication(cycle, tier, publication, wanted)
        return {**ranges, **as_published(publication, withdrawn=withdrawn)}

    # ------------------------------------------------------------------------- rank ranges

    async def _of_ledger(
        self, cycle: str, tier: str | None, at: int | datetime | None, wanted: WantedDrawing
    ) -> Body:
        async with self._turn():
            ledger = await self._ledger(cycle, at)
            key = (cycle, ledger.replay.root, ledger.records, tier, wanted)
            if key not in self._kept:
                self._keep(key, await self._ranges(ledger, tier, wanted))
            return self._kept[key]

    async def _of_publication(
        self, cycle: str, tier: str | None, publication: Publication, wanted: WantedDrawing
    ) -> Body:
        """Those of the entries that were published; whoever asks for known ones waits for nobody.

        Raises `Unavailable("publication-not-reproduced")` where the ledger comes to another result.
        """
        basis = publication.basis
        key = (cycle, basis.root, basis.position, tier, wanted)
        if key in self._kept:
            return self._kept[key]
        async with self._turn():
            if key not in self._kept:
                ledger = await self._ledgers.at(cycle, basis.position)
                if ledger.count().basis != basis:
                    revision = str(publication.revision)
                    raise Unavailable("publication-not-reproduced", revision=revision)
                self._keep(key, await self._ranges(ledger, tier, wanted))
            return self._kept[key]

    async def _ranges(self, ledger: Ledger, tier: str | None, wanted: WantedDrawing) -> Body:
        counted = {table.tier: table for table in ledger.count().tables}
        table = counted[tier_of(tier, list(counted))]
        seed = int(ledger.replay.root[:SEED_DIGITS], base=16)
        wanted = WantedDrawing(seed if wanted.seed is None else wanted.seed, wanted.rounds)
        state, head = ledger.replay.state.fork(), views.head(ledger)
        work = partial(_drawn, head, state, table, wanted, self._tools.resample)
        return await self._tools.bench.run(work)

    def _keep(self, key: _Key, ranges: Body) -> None:
        self._kept[key] = ranges
        while len(self._kept) > REMEMBERED_MAX:
            self._kept.popitem(last=False)

    # ----------------------------------------------------------------------------- helpers

    async def _ledger(self, cycle: str, at: int | datetime | None) -> Ledger:
        """A ledger now or as it once was; it is used before the next `await`."""
        return await (self._ledgers.now(cycle) if at is None else self._ledgers.as_of(cycle, at))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._asking >= ASKING_MAX:
            raise Unavailable("scenarios-busy", maximum=str(ASKING_MAX))
        self._asking += 1
        try:
            async with self._one:
                yield
        finally:
            self._asking -= 1


def _supposed(
    head: Body,
    state: CycleState,
    before: Sequence[Table],
    changes: Sequence[Change],
    shown: Sequence[str],
) -> Body:
    changed = supposed(state, changes)
    pairs = [
        (was, would_be)
        for was, would_be in zip(before, tables(changed), strict=True)
        if was.tier in shown
    ]
    return views.what_if_body(head, changed, pairs)


def _drawn(
    head: Body, state: CycleState, table: Table, wanted: WantedDrawing, resample: Resample
) -> Body:
    sample = sample_of(state, table)
    assert wanted.seed is not None, "it follows from the ledger"
    drawing = Drawing(wanted.seed, _rounds(sample, wanted.rounds))
    return views.ranges_body(head, state, table, sample, drawing, resample(sample, drawing))


def _rounds(sample: Sample, wanted: int | None) -> int:
    """How often is drawn: as said, or as often as can be waited for."""
    most = min(ROUNDS_MAX, max(ROUNDS_MIN, DRAWS_MAX // max(1, sample.kinds)))
    if wanted is not None and wanted > most:
        raise Refused("rounds-too-many", rounds=str(wanted), maximum=str(most))
    return min(ROUNDS_DEFAULT, most) if wanted is None else wanted
