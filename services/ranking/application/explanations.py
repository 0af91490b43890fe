"""Where the numbers of an agency come from: read from the ledger, and proved against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.ranking import domain, views
from services.ranking.application.asked import (
    Moment,
    as_published,
    is_withdrawn,
    place_of,
    require_result,
    revision_of,
    row_of,
)
from services.ranking.application.notes import Kept, Notes
from services.ranking.application.rankings import Shelf
from services.ranking.application.trees import Trees
from services.ranking.domain import Publication
from services.ranking.views import Anchor, Cited, Known
from shared.count.ledger import Ledger
from shared.events import codec, ranking
from shared.kernel.actor import Actor
from shared.kernel.authority import may
from shared.kernel.errors import Unavailable
from shared.ledger.entry import Entry
from shared.ledger.levels import LevelTree

RUN_ENTRIES_MAX = 200
RUN_GAP_MAX = 16
"""Entries that lie closer are read in one go, with those between them."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Log:
    """What the facts are proved by: the trees, what was signed of them, and whose they are."""

    trees: Trees
    notes: Notes
    origin: str


class Explanations:
    """Explains the rows of all tables."""

    def __init__(self, shelf: Shelf, log: Log) -> None:
        self._own = shelf.own
        self._ledgers = shelf.ledgers
        self._documents = shelf.documents
        self._log = log

    async def of(self, by: Actor, at: tuple[str, str], part: str, moment: Moment) -> Body:
        """The explanation of an agency `at` (cycle, agency), or of a part of its row.

        What counts now says which publication it is, as long as its table is what was published,
        and up to which fact that was counted: what was said since changed no number of it.
        It is permitted to whom the row is. Raises `Missing("explained-part-unknown")` where no
        area, criterion or item of the scheme has that code.
        """
        cycle, agency = at
        ledger, publication = await self._asked(by, cycle, agency, moment)
        withdrawn = await is_withdrawn(self._documents, cycle)
        if publication:
            require_result(by, cycle, withdrawn=withdrawn)
        known = views.known_of(ledger, *row_of(ledger, agency), part)
        if may(by, "read-turnout") is None:
            known = replace(known, small=frozenset())
        entries = await self._entries(cycle, sorted(known.numbers.values()))
        tree = await self._log.trees.of(cycle, known.size)
        anchor = await self._anchor(cycle, known, tree)
        body = views.explanation_body(
            known,
            [_cited(tree, known, number, entry) for number, entry in entries.items()],
            anchor,
            sees_others=publication is not None or may(by, "read-provisional") is None,
            with_people=may(by, "read-provisional", agency=agency) is None,
        )
        if publication is None and moment == Moment() and not withdrawn:
            publication = await self._still_stated(cycle, ledger)
        said = _stated(publication, withdrawn=withdrawn) if publication else {}
        return {**body, "part": part, "withdrawn": withdrawn, **said}

    async def provenance(self, by: Actor, at: tuple[str, str], part: str, moment: Moment) -> Body:
        """The same as PROV-JSON."""
        return views.provenance_body(await self.of(by, at, part, moment), self._log.origin)

    async def _asked(
        self, by: Actor, cycle: str, agency: str, moment: Moment
    ) -> tuple[Ledger, Publication | None]:
        """The ledger that answers, and the publication where it is one."""
        match place_of(by, agency, moment):
            case "present":
                return await self._ledgers.now(cycle), None
            case "published":
                result = await self._own.load(ranking.result_of(cycle), domain.decider)
                publication = revision_of(result, cycle, moment.revision)
                ledger = await self._ledgers.at(cycle, publication.basis.position)
                if ledger.count().basis != publication.basis:
                    revision = str(publication.revision)
                    raise Unavailable("publication-not-reproduced", revision=revision)
                return ledger, publication
            case place:
                return await self._ledgers.as_of(cycle, place), None

    async def _still_stated(self, cycle: str, ledger: Ledger) -> Publication | None:
        """The last publication, if what counts now is the very table that it stated."""
        result = await self._own.load(ranking.result_of(cycle), domain.decider)
        last = result.publications[-1] if result.publications else None
        if last is None or last.basis.digest != ledger.count().basis.digest:
            return None
        return last

    async def _entries(self, cycle: str, numbers: Sequence[int]) -> Mapping[int, Entry]:
        read: dict[int, Entry] = {}
        for run in runs(numbers):
            first, limit = run[0], run[-1] - run[0] + 1
            page = await self._ledgers.page(cycle, after=first - 1, limit=limit)
            read |= {number: page[number - first] for number in run}
        return read

    async def _anchor(self, cycle: str, known: Known, tree: LevelTree) -> Anchor:
        """The first checkpoint that covers all that was counted; else the newest one."""
        if tree.root(known.size).hex() != known.root:
            raise Unavailable("ledger-not-as-counted", size=str(known.size))
        signed = await self._log.notes.checkpoints(cycle)
        covering = [kept for kept in signed if kept.checkpoint.size >= known.size]
        kept = min(covering, key=_size, default=signed[-1] if signed else None)
        if kept is None:
            return Anchor(known.size, tree.root(known.size), None, ())
        sizes = sorted((known.size, _size(kept)))
        # The tree may be one that was read before the checkpoint was signed.
        tree = await self._log.trees.of(cycle, sizes[1])
        path = tree.consistency(*sizes)
        return Anchor(known.size, tree.root(known.size), _checkpoint(kept), path)


def _stated(publication: Publication, *, withdrawn: bool) -> Body:
    said = as_published(publication, withdrawn=withdrawn)
    return {**said, "published_to": publication.basis.position}


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers in groups of which each is read in one go."""
    runs: list[list[int]] = []
    for number in numbers:
        near = runs and number - runs[-1][-1] <= RUN_GAP_MAX
        if near and number - runs[-1][0] < RUN_ENTRIES_MAX:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _cited(tree: LevelTree, known: Known, number: int, entry: Entry) -> Cited:
    return Cited(
        number=number,
        at=entry.at,
        recorded=codec.decode(entry.fact),
        leaf=tree.leaf(number - 1),
        path=tree.inclusion(number - 1, known.size),
    )


def _size(kept: Kept) -> int:
    return kept.checkpoint.size


def _checkpoint(kept: Kept) -> Body:
    checkpoint = kept.checkpoint
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "at": kept.at.isoformat(),
    }
