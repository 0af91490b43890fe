"""Who follows a ledger: nothing is read for nobody, and one looks for all."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, aclosing

import pytest

from services.ranking.application import Entries, Followers, Ledgers, exported, following
from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.actor import Actor
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import EventStore
from shared.runtime.number import LEDGER
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

TOLD = whole_cycle()
AUDITOR = Actor("k-1", "auditor")
PAGE = 4


class Watched(MemoryEventStore):
    """A store that counts how often it is asked where it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = 0

    async def end(self) -> int:
        """The last position of the log."""
        self.ends += 1
        return await super().end()


class WatchedLedgers(Ledgers):
    """Ledgers that count the pages that are read of them."""

    def __init__(self, store: EventStore) -> None:
        super().__init__(store)
        self.pages = 0

    async def page(self, cycle: str, *, after: int, limit: int) -> Sequence[Entry]:
        """Some entries."""
        self.pages += 1
        return await super().page(cycle, after=after, limit=limit)


@pytest.fixture
async def store() -> Watched:
    store = Watched()
    kept = [entry.to_bytes(Entry(OPENED_AT, told.body)) for told in TOLD]
    numbered = enumerate(kept, start=1)
    await store.append(
        [Stored(LEDGER + CYCLE, number, "ledger-entry", body) for number, body in numbered]
    )
    return store


async def test_a_page_is_read_when_it_is_asked_for(
    store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exported, "PAGE_FACTS", PAGE)
    ledgers = WatchedLedgers(store)

    async with aclosing(Followers(ledgers, store).follow(AUDITOR, CYCLE, 1)) as followed:
        first = await anext(followed)
        pages = ledgers.pages
        while isinstance(await anext(followed), Entries):
            pass

    assert first == Entries(2, [told.body for told in TOLD[1 : 1 + PAGE]])
    assert (pages, ledgers.pages) == (1, -(-(len(TOLD) - 1) // PAGE))


async def test_one_looks_for_all_who_follow(
    store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_S", 0.05)
    followers = Followers(Ledgers(store), store)

    async with AsyncExitStack() as stack:
        everyone = [
            await stack.enter_async_context(aclosing(followers.follow(AUDITOR, CYCLE, len(TOLD))))
            for _ in range(20)
        ]
        for followed in everyone:
            await anext(followed)
        before = store.ends
        waiting = [asyncio.create_task(anext(followed)) for followed in everyone]
        await asyncio.sleep(0.3)
        looks = store.ends - before
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert 1 <= looks <= 8
