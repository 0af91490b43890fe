"""Show: from a service's own log to its documents.

Each document is a fold of the facts that concern it, guarded by the position of the last one. Two
projectors on one log do no harm: a document takes a fact once, whoever is first, and a document
that is ahead is left alone. Reading through `Projector.fresh` shows every write acknowledged
before the reading began.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from shared.events import codec
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View
from shared.ports import Document, Documents, EventStore, Logged

BATCH_FACTS_MAX = 500
POSITIONS = "positions"

INCOMPLETE = "incomplete"
"""The member of a body that names the facts which its view could not show."""

INCOMPLETE_FACTS_MAX = 10

_log = logging.getLogger(__name__)


class Projector:
    """Keeps the views of one service up to date, each with a position of its own."""

    def __init__(
        self, store: EventStore, documents: Documents, views: Sequence[View[Recorded]]
    ) -> None:
        self._store = store
        self._documents = documents
        self._views = views
        self._shown: int | None = None
        self._turn = asyncio.Lock()

    async def fresh(self) -> Documents:
        """The documents, once they show everything that is in the log now."""
        end = await self._store.end()
        async with self._turn:
            while await self._position() < end:
                await self._advance()
        return self._documents

    async def step(self) -> int:
        """Project one batch; returns how many facts it had, 0 when everything is shown."""
        async with self._turn:
            return await self._advance()

    async def lag(self) -> int:
        """How many facts are still to be shown, at most: positions may have holes."""
        return await self._store.end() - min((await self._positions()).values(), default=0)

    async def _position(self) -> int:
        """How far every view has come, and remember it, so that an idle step reads no documents."""
        self._shown = min((await self._positions()).values(), default=0)
        return self._shown

    async def _positions(self) -> Mapping[str, int]:
        names = [view.collection for view in self._views]
        known = await self._documents.many(POSITIONS, names)
        return {name: known[name].position if name in known else 0 for name in names}

    async def _advance(self) -> int:
        shown = await self._position() if self._shown is None else self._shown
        batch = await self._store.log(after=shown, limit=BATCH_FACTS_MAX)
        if not batch:
            return 0
        positions = await self._positions()
        facts = [(entry.position, codec.decode(entry.fact.body)) for entry in batch]
        for view in self._views:
            behind = [fact for fact in facts if fact[0] > positions[view.collection]]
            await _project(self._documents, view, behind)
        await self._mark(batch)
        self._shown = batch[-1].position
        return len(batch)

    async def _mark(self, batch: Sequence[Logged]) -> None:
        reached = batch[-1].position
        marks = [Document(view.collection, reached, {}) for view in self._views]
        await self._documents.put(POSITIONS, marks)


async def _project(
    documents: Documents, view: View[Recorded], facts: Sequence[tuple[int, Recorded]]
) -> None:
    concerned = [(position, fact, view.keys(fact)) for position, fact in facts]
    wanted = sorted({key for _, _, keys in concerned for key in keys})
    known = dict(await documents.many(view.collection, wanted))
    changed: dict[str, Document] = {}
    for position, fact, keys in concerned:
        for key in keys:
            before = known.get(key)
            if before is not None and before.position >= position:
                continue
            body = _applied(view, key, before.body if before else None, fact)
            known[key] = changed[key] = Document(key, position, body)
    if changed:
        await documents.put(view.collection, list(changed.values()))


def _applied(view: View[Recorded], key: str, body: Body | None, fact: Recorded) -> Body | None:
    """The next body. Where a view fails at a fact, its document says so, and the others go on."""
    missing = list((body or {}).get(INCOMPLETE, ()))
    try:
        applied = view.apply(key, body, fact)
    except Exception:  # noqa: BLE001 - one document must not take all readings with it
        _log.exception("%s of %s cannot show %s", view.collection, key, fact.id)
        applied = body or {}
        missing = [*missing[: INCOMPLETE_FACTS_MAX - 1], fact.id]
    return {**applied, INCOMPLETE: missing} if missing and applied is not None else applied
