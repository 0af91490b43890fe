"""Show: from a service's own log to its documents.

Each document is a fold of the facts that concern it, guarded by the position of the last one. Two
projectors on one log do no harm: a document takes a fact once, whoever is first, and a document
that is ahead is left alone. Reading through `Projector.fresh` shows every write acknowledged
before the reading began.

A fact that this version cannot read was written by a newer one, which may be at work beside it or
come back. Which documents it concerns nobody here can tell; so nothing behind it is written into
the documents, and who can read it goes on from there and misses nothing. What stands behind it is
shown all the same, from memory: a document that a later fact of the same stream concerns names the
unreadable one among those that it could not show.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from shared.events import codec
from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.kernel.view import Body, View
from shared.ports import Document, Documents, EventStore, Logged
from shared.runtime.overlay import Overlay
from shared.runtime.pulse import Progress
from shared.runtime.turn import Turn

BATCH_FACTS_MAX = 500
BEYOND_FACTS_MAX = 20_000
"""How many facts are shown from memory at most, behind one that cannot be read."""

POSITIONS = "positions"

INCOMPLETE = "incomplete"
"""The member of a body that names the facts which its view could not show."""

INCOMPLETE_FACTS_MAX = 10

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Beyond:
    """What is shown from memory, behind the documents that end at the position `after`.

    `unread` names, by stream, the facts that could not be read.
    """

    documents: Overlay
    after: int
    reached: int
    facts: int = 0
    unread: dict[str, list[str]] = field(default_factory=dict)


class Projector:
    """Keeps the views of one service up to date, each with a position of its own."""

    def __init__(
        self, store: EventStore, documents: Documents, views: Sequence[View[Recorded]]
    ) -> None:
        self._store = store
        self._documents = documents
        self._views = views
        self._shown: int | None = None
        self._beyond: _Beyond | None = None
        self._unread = ""
        self._turn = Turn()

    async def fresh(self) -> Documents:
        """The documents, once they show everything that is in the log now.

        Raises `Unavailable("log-unreadable")` where too much lies behind a fact that this version
        cannot read. While a server is away all who wait for one another fail together.
        """
        end = await self._store.end()
        async with self._turn.taken():
            while (position := await self._position()) < end:
                if not await self._advance():
                    return await self._look_beyond(position, end)
            self._beyond = None
        return self._documents

    async def step(self) -> int:
        """Project one batch; returns how many facts it had, 0 when there is none to be shown."""
        async with self._turn.taken():
            return await self._advance()

    async def progress(self) -> Progress:
        """Up to where the log of the store is shown by all views.

        It is held where the next is a fact that this version cannot read: nothing that this process
        does gets past it, however often it is restarted.
        """
        reached = min((await self._positions()).values(), default=0)
        end = await self._store.end()
        waiting = await self._store.log(after=reached, limit=1) if reached < end else ()
        is_held = any(_unreadable(each) for each in waiting)
        return Progress(reached, end, "log-unreadable" if is_held else "")

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
        facts = self._readable(batch)
        if not facts:
            self._shown = None  # Somebody else may get past what stands here.
            return 0
        positions = await self._positions()
        if min(positions.values(), default=shown) < shown:
            self._shown = None  # Documents were lost: what they showed is shown again.
            return await self._advance()
        for view in self._views:
            behind = [fact for fact in facts if fact[0] > positions[view.collection]]
            await _project(self._documents, view, behind)
        reached = facts[-1][0]
        await self._mark(reached)
        self._shown = reached
        return len(facts)

    def _readable(self, batch: Sequence[Logged]) -> list[tuple[int, Recorded]]:
        """The facts before the first that this version cannot read."""
        facts: list[tuple[int, Recorded]] = []
        for entry in batch:
            try:
                facts.append((entry.position, codec.decode(entry.fact.body)))
            except codec.Unreadable as error:
                self._tell(entry.fact.id, error)
                break
        return facts

    def _tell(self, unread: str, error: codec.Unreadable) -> None:
        """Say it once: it is met with every step."""
        if self._unread != unread:
            _log.error("%s cannot be read, and nothing behind it is kept: %s", unread, error)
        self._unread = unread

    async def _mark(self, reached: int) -> None:
        marks = [Document(view.collection, reached, {}) for view in self._views]
        await self._documents.put(POSITIONS, marks)

    # --- Behind a fact that cannot be read

    async def _look_beyond(self, position: int, end: int) -> Documents:
        """What the documents would show if nothing stood in their way, up to the end."""
        beyond = self._beyond
        if beyond is None or beyond.after != position:
            beyond = self._beyond = _Beyond(Overlay(self._documents), position, position)
        while beyond.reached < end:
            batch = await self._store.log(after=beyond.reached, limit=BATCH_FACTS_MAX)
            await self._show_beyond(beyond, batch)
        return beyond.documents

    async def _show_beyond(self, beyond: _Beyond, batch: Sequence[Logged]) -> None:
        facts = []
        for entry in batch:
            try:
                facts.append((entry.position, codec.decode(entry.fact.body)))
            except codec.Unreadable:
                beyond.unread.setdefault(entry.fact.stream, []).append(entry.fact.id)
        if beyond.facts + len(facts) > BEYOND_FACTS_MAX:
            raise Unavailable("log-unreadable", fact=self._unread)
        for view in self._views:
            await _project(beyond.documents, view, facts, beyond.unread)
        beyond.facts, beyond.reached = beyond.facts + len(facts), batch[-1].position


def _unreadable(logged: Logged) -> bool:
    try:
        codec.decode(logged.fact.body)
    except codec.Unreadable:
        return True
    return False


async def _project(
    documents: Documents,
    view: View[Recorded],
    facts: Sequence[tuple[int, Recorded]],
    unread: Mapping[str, Sequence[str]] = MappingProxyType({}),
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
            body = _with_missing(body, unread.get(fact.stream, ()))
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
        missing.append(fact.id)
    return _with_missing(applied, missing)


def _with_missing(body: Body | None, missing: Sequence[str]) -> Body | None:
    """The body, with the names of some facts that it does not show."""
    if body is None or not missing:
        return body
    named = dict.fromkeys([*body.get(INCOMPLETE, ()), *missing])
    return {**body, INCOMPLETE: list(named)[-INCOMPLETE_FACTS_MAX:]}
