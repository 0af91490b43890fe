"""Forget: what the facts of `privacy/` say is done by every service with what it keeps apart.

Each deletes the keys that it has, and the entry of its directory; of others it has none, and
nothing happens. A fact is done before its place is recorded, and is safe to do twice.
"""

from shared.events import codec, ranking
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import Directory, EventStore, Seals, Tracking
from shared.runtime.pulse import Progress
from shared.runtime.react import named

BATCH_FACTS_MAX = 100
CONSUMER = "forget"


class Forgetter:
    """Does in one service what `orders`, its inbox or its own facts, say is to be forgotten."""

    def __init__(
        self, orders: EventStore, store: EventStore, seals: Seals, directory: Directory
    ) -> None:
        self._orders = orders
        self._store = store
        self._seals = seals
        self._directory = directory

    async def step(self) -> int:
        """Do what was not done yet; returns how many facts that were."""
        done = 0
        async for stream in named(self._orders, ranking.PRIVACY):
            done += await self._follow(stream)
        return done

    async def progress(self) -> Progress:
        """How many of the facts were done, and how many there are."""
        reached = end = 0
        async for stream in named(self._orders, ranking.PRIVACY):
            reached += await self._store.tracked(_consumer(stream))
            last = await self._orders.last(stream)
            end += last.version if last else 0
        return Progress(reached, end)

    async def _follow(self, stream: str) -> int:
        consumer = _consumer(stream)
        reached = await self._store.tracked(consumer)
        batch = await self._orders.stream(stream, after=reached, limit=BATCH_FACTS_MAX)
        for fact in batch:
            await self._obey(fact)
        if batch:
            await self._reach(Tracking(consumer, batch[-1].version))
        return len(batch)

    async def _obey(self, fact: Stored) -> None:
        match codec.decode(fact.body).data:
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
