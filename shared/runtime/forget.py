"""Forget: what the facts of `privacy/` say is done by every service with what it keeps apart.

Each deletes the keys that it has, and the entry of its directory; of others it has none, and
nothing happens. A fact is done before its place is recorded, and is safe to do twice. One that this
version cannot read stops its stream, and no other: what comes behind it may rest on it.
"""

import logging
from collections.abc import Sequence

from shared.events import codec, ranking
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import Directory, EventStore, Seals, Tracking
from shared.runtime.pulse import Progress
from shared.runtime.react import named

BATCH_FACTS_MAX = 100
CONSUMER = "forget"
HELD = "log-unreadable"
"""What it is called elsewhere too that facts wait behind one that cannot be read."""

_log = logging.getLogger(__name__)


class Forgetter:
    """Does in one service what `orders`, its inbox or its own facts, say is to be forgotten."""

    def __init__(
        self, orders: EventStore, store: EventStore, seals: Seals, directory: Directory
    ) -> None:
        self._orders = orders
        self._store = store
        self._seals = seals
        self._directory = directory
        self._unread: set[str] = set()

    async def step(self) -> int:
        """Do what was not done yet; returns how many facts that were."""
        done = 0
        async for stream in named(self._orders, ranking.PRIVACY):
            done += await self._follow(stream)
        return done

    async def progress(self) -> Progress:
        """How many of the facts were done, and how many there are.

        It is held where a stream has next a fact that this version cannot read.
        """
        reached = end = 0
        held = ""
        async for stream in named(self._orders, ranking.PRIVACY):
            done = await self._store.tracked(_consumer(stream))
            last = await self._orders.last(stream)
            reached, end = reached + done, end + (last.version if last else 0)
            waiting = await self._orders.stream(stream, after=done, limit=1)
            if waiting and not self._readable(waiting):
                held = HELD
        return Progress(reached, end, held)

    async def _follow(self, stream: str) -> int:
        consumer = _consumer(stream)
        reached = await self._store.tracked(consumer)
        batch = await self._orders.stream(stream, after=reached, limit=BATCH_FACTS_MAX)
        readable = self._readable(batch)
        for order in readable:
            await self._obey(order)
        if readable:
            await self._reach(Tracking(consumer, batch[len(readable) - 1].version))
        return len(readable)

    def _readable(self, batch: Sequence[Stored]) -> Sequence[object]:
        """What the facts say before the first that this version cannot read."""
        orders: list[object] = []
        for fact in batch:
            try:
                orders.append(codec.decode(fact.body).data)
            except codec.Unreadable as error:
                self._tell(fact.id, error)
                break
        return orders

    def _tell(self, unread: str, error: codec.Unreadable) -> None:
        """Say it once: it is met with every step."""
        if unread not in self._unread:
            _log.error("%s cannot be read, and nothing behind it is forgotten: %s", unread, error)
        self._unread.add(unread)

    async def _obey(self, order: object) -> None:
        match order:
            case ranking.TextsShredded(texts=texts):
                for text in texts:
                    await self._seals.shred(text.key)
            case ranking.PersonForgotten(person=person):
                await self._directory.forget(person)
            case _:
                pass

    async def _reach(self, tracking: Tracking) -> None:
        try:
            await self._store.append([], tracking=tracking)
        except Conflict as conflict:
            if conflict.code != "already-tracked":
                raise


def _consumer(stream: str) -> str:
    return f"{CONSUMER}/{stream}"
