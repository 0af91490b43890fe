"""What is made again from what was kept has to be what is there already.

The views of each service, the numbers of the ledger, and ranking's documents.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from services.ranking.application import Came, Manner, Rebuilder, Source, Stores
from shared.adapters.alone import Alone
from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.kernel.view import View
from shared.ports import Delivery, Documents, EventStore, Message, Subscription
from shared.runtime.number import Numberer
from shared.runtime.project import Projector
from shared.runtime.react import STOPPED
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiving
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.remains import LIMIT, Remains, by_stream
from tests.faults.simulator.topic import NOISE
from tests.faults.simulator.world import NAMES

RECORDS_AT_ONCE_MAX = 40
SOURCES: Sequence[Source] = ("topic", "ledger")

Shown = dict[str, tuple[int, Any]]


async def views_are_folds(remains: Remains) -> AsyncIterator[str]:
    """What is shown live is what the facts come to, folded without any machinery."""
    for name in NAMES:
        for view in services.VIEWS[name]:
            live = await _shown(remains.world.kept[name].documents, view.collection)
            if live != _folded(view, remains.recorded[name]):
                yield f"{view.collection} is not what its facts come to"


async def views_are_rebuilt(remains: Remains) -> AsyncIterator[str]:
    """What is shown live is what a rebuild makes of the log; one service by turns."""
    name = NAMES[remains.world.seed % len(NAMES)]
    kept, views = remains.world.kept[name], services.VIEWS[name]
    rebuilt = await Projector(kept.store, MemoryDocuments(), views).fresh()
    for view in views:
        live = await _shown(kept.documents, view.collection)
        if live != await _shown(rebuilt, view.collection):
            yield f"{view.collection} is not what a rebuild makes of it"


async def numbers_stay(remains: Remains) -> AsyncIterator[str]:
    """Numbering the topic again, in other portions and without faults, gives the same ledgers."""
    again = await _received_again(remains, Numberer)
    for stream in sorted({*again, *remains.numbered}):
        if again.get(stream) != remains.numbered.get(stream):
            yield f"numbering again gives another {stream}"


async def inboxes_stay(remains: Remains) -> AsyncIterator[str]:
    """And so is what a service heard: streams, what waited, and what was set aside."""
    for name, heard in remains.heard.items():
        again = await _received_again(remains, partial(Inbox, wanted=services.is_wanted(name)))
        kept = {s: facts for s, facts in by_stream(heard).items() if not s.startswith(STOPPED)}
        for stream in sorted({*again, *kept}):
            if again.get(stream) != kept.get(stream):
                yield f"receiving again gives {name} another {stream}"


async def _received_again(
    remains: Remains, make: Callable[[EventStore], Receiving]
) -> dict[str, list[Stored]]:
    store, chance = MemoryEventStore(), remains.world.chance
    receiving = make(store)
    for partition in remains.world.topic.partitions:
        start = 0
        while start < len(partition):
            end = start + chance.randrange(1, RECORDS_AT_ONCE_MAX)
            await receiving.receive(partition[start:end])
            start = end
    return by_stream([logged.fact for logged in await store.log(after=0, limit=LIMIT)])


async def ranking_is_rebuilt(remains: Remains) -> AsyncIterator[str]:
    """What ranking shows is what a rebuild makes, of the ledger and of the topic."""
    board, kept = remains.world.running("ranking").board, remains.world.kept["ranking"]
    await board.show_all()
    topic = _Records(remains.records)
    stores = Stores(kept.store, kept.inbox, topic, kept.documents, Alone())
    for source in SOURCES:
        manner = Manner(source, "if-equal")
        async for told in Rebuilder(stores, f"the judge's, from the {source}").make(
            [the.CYCLE], manner
        ):
            if isinstance(told, Came) and not told.serves:
                others = f"others of {', '.join(told.differing)}"
                found = told.stopped or ("a place not met" if told.is_unmet else others)
                yield f"a rebuild from the {source} comes to {found}"


class _Records:
    """The topic as it was left, without what names no place: a rebuild would stop at that."""

    def __init__(self, records: Sequence[Delivery]) -> None:
        self._left = [record for record in records if record.body != NOISE]

    async def publish(self, _: Sequence[Message]) -> None:
        """A rebuild says nothing."""
        raise AssertionError("a rebuild publishes nothing")

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """Everything from the beginning."""
        assert group, "a reader has a name"
        assert [await position_of(number) for number in (0, 1)] == [0, 0]
        yield self

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records."""
        assert timeout_s > 0, "one who waits says how long"
        limit = min(limit, RECORDS_AT_ONCE_MAX)
        fetched, self._left = self._left[:limit], self._left[limit:]
        return fetched

    async def behind(self) -> Mapping[int, int | None]:
        """How many are left."""
        return {0: len(self._left)}


async def _shown(documents: Documents, collection: str) -> Shown:
    page = await documents.page(collection, prefix="", limit=LIMIT)
    return {document.id: (document.position, document.body) for document in page}


def _folded(view: View[Recorded], facts: Sequence[Recorded]) -> Shown:
    folded: Shown = {}
    for position, fact in enumerate(facts, start=1):
        for key in view.keys(fact):
            _, body = folded.get(key, (0, None))
            folded[key] = (position, view.apply(key, body, fact))
    return {key: shown for key, shown in folded.items() if shown[1] is not None}


REBUILDS: tuple[Callable[[Remains], AsyncIterator[str]], ...] = (
    views_are_folds,
    views_are_rebuilt,
    numbers_stay,
    inboxes_stay,
    ranking_is_rebuilt,
)
