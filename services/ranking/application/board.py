"""The board on which the count is shown: ranking's documents, live and made again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.ranking import views
from services.ranking.application.ledgers import BATCH_ENTRIES_MAX, Ledgers
from shared.count.ledger import Ledger
from shared.events.envelope import Recorded
from shared.ports import Document, Documents

TABLES = "ranking_table.v1"
AGENCIES = "ranking_agency.v1"
CYCLES = "ranking_cycle.v1"
REBUILT = ".rebuilt"
"""What is added to a collection's name while it is made again beside the one that serves."""

HIDDEN_BATCHES_MAX = 10
"""How many batches are read at most before what they come to is shown."""

Made = Mapping[tuple[str, str], views.Body | None]
"""Bodies by collection and id; None for what is not shown any more."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A cycle's documents, made again from its ledger up to the number `counted_to`.

    `differing` names those that are not what is served.
    """

    counted_to: int
    documents: int
    differing: tuple[str, ...]


class Board:
    """Puts the documents of every ledger that has changed, as far as they differ from before."""

    def __init__(self, ledgers: Ledgers, documents: Documents) -> None:
        self._ledgers = ledgers
        self._documents = documents
        self._records: dict[str, int] = {}
        self._shown: dict[str, Made] = {}
        self._hidden = 0

    async def step(self) -> int:
        """Read on and show; returns how much there was to do, 0 when everything is shown."""
        read = await self._ledgers.advance()
        self._hidden += 1
        if read == BATCH_ENTRIES_MAX and self._hidden < HIDDEN_BATCHES_MAX:
            return read
        self._hidden = 0
        return read + await self._show()

    async def rebuild(self, cycle: str) -> Rebuilt:
        """Make a cycle's documents again from its ledger alone, beside those that are served."""
        while await self.step():
            pass
        ledger = await self._ledgers.replayed(cycle)
        made = {**_made_of(ledger), **_published(cycle, await self._ledgers.results(cycle))}
        rebuilt = {(name + REBUILT, key): body for (name, key), body in made.items()}
        for name in sorted({name for name, _ in rebuilt}):
            await self._documents.drop(name)
        await self._put(rebuilt, ledger.records)
        differing = [place for place, body in made.items() if not await self._serves(place, body)]
        names = tuple(sorted("/".join(place) for place in differing))
        return Rebuilt(ledger.replay.size, len(made), names)

    async def _show(self) -> int:
        changed = [
            (ledger, ledger.records, _made_of(ledger))
            for cycle, ledger in self._ledgers.read.items()
            if self._records.get(cycle) != ledger.records
        ]
        for ledger, records, made in changed:
            before = self._shown.get(ledger.cycle, {})
            news = {
                place: body
                for place, body in made.items()
                if place not in before or before[place] != body
            }
            await self._put(news, records)
            self._shown[ledger.cycle], self._records[ledger.cycle] = made, records
        return len(changed)

    async def _put(self, made: Made, position: int) -> None:
        """Put collection by collection, in the order of `made`: the cycle's own document last.

        So whoever reads that one first finds everything else at least as new.
        """
        for name in dict.fromkeys(name for name, _ in made):
            documents = [
                Document(key, position, body)
                for (collection, key), body in made.items()
                if collection == name
            ]
            await self._documents.put(name, documents)

    async def _serves(self, place: tuple[str, str], body: views.Body | None) -> bool:
        collection, key = place
        served = await self._documents.get(collection, key)
        return (served.body if served else None) == body


def _made_of(ledger: Ledger) -> Made:
    """Every document that a ledger comes to."""
    cycle, count = ledger.cycle, ledger.count()
    made: dict[tuple[str, str], views.Body | None] = {
        (AGENCIES, f"{cycle}/{agency}"): None for agency in sorted(ledger.replay.state.left)
    }
    for table in count.tables:
        for row in table.rows:
            made[AGENCIES, f"{cycle}/{row.agency}"] = views.agency_body(ledger, table, row)
    for table in count.tables:
        made[TABLES, f"{cycle}/{table.tier}"] = views.table_body(ledger, table)
    made[CYCLES, cycle] = views.cycle_body(ledger)
    return made


def _published(cycle: str, results: Sequence[Recorded]) -> Made:
    view, body = views.PUBLICATIONS, None
    for recorded in results:
        body = view.apply(cycle, body, recorded)
    return {(view.collection, cycle): body} if body else {}
