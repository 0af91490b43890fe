"""An inbox whose store fails, or that another member fills: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Tracking
from shared.runtime.keep import ALTERED
from shared.runtime.parked import ParkedStream
from tests.support.delivered import STREAM, body, fact, inbox, parked, topic
from tests.support.failing import FailingEventStore, Fate, everything, stream_of


@pytest.mark.parametrize("fate", ["fails", "works, and the answer is lost"])
async def test_after_a_failure_nothing_is_lost_and_nothing_doubled(fate: Fate) -> None:
    store = FailingEventStore(fate)
    one = inbox(store)
    deliveries = topic(body(1), body(3), body(2), body(5))

    with pytest.raises(Unavailable):
        await one.receive(deliveries)
    assert bool(await everything(store)) == (await one.position(0) == 4)
    rest = [*deliveries, *topic(body(4), after=4)][await one.position(0) :]
    await one.receive(rest)

    assert await stream_of(store, STREAM) == [fact(version) for version in range(1, 6)]


async def test_what_failed_may_be_received_again_at_once() -> None:
    store = FailingEventStore("fails")
    one = inbox(store)

    with pytest.raises(Unavailable):
        await one.receive(topic(body(1), body(3)))
    await one.receive(topic(body(1), body(3)))

    assert await stream_of(store, STREAM) == [fact(1)]
    assert await parked(store) == (ParkedStream(STREAM, f"{STREAM}@2", 1, 3, 3),)


class _Hanging(MemoryEventStore):
    """A store whose first append never ends."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        if not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()
        await super().append(facts, tracking=tracking, behind=behind)


async def test_who_is_cancelled_forgets_what_was_not_recorded() -> None:
    store = _Hanging()
    one = inbox(store)
    receiving = asyncio.create_task(one.receive(topic(body(1))))
    await store.reached.wait()

    receiving.cancel()
    await asyncio.wait([receiving])
    await one.receive(topic(body(1)))

    assert await everything(store) == [fact(1)]


@pytest.mark.parametrize("came", [[body(1)], [body(1), body(2), body(3)]])
async def test_what_another_member_received_is_not_received_again(came: list[bytes]) -> None:
    store = MemoryEventStore()
    one, other = inbox(store), inbox(store)
    assert await other.position(0) == 0
    await one.receive(topic(body(1), body(2)))

    with pytest.raises(Conflict, match="already-tracked"):
        await other.receive(topic(*came))

    assert await everything(store) == [fact(1), fact(2)]


async def test_what_is_known_to_be_received_is_passed_over() -> None:
    store = MemoryEventStore()
    one = inbox(store)
    await one.receive(topic(body(1), body(1, variant="altered")))

    for each in (one, inbox(store)):
        await each.receive(topic(body(1), body(1, variant="altered"), body(2)))

    assert await stream_of(store, STREAM) == [fact(1), fact(2)]
    assert len(await stream_of(store, ALTERED + STREAM)) == 1


async def test_who_gets_a_partition_back_knows_what_another_member_received() -> None:
    store = MemoryEventStore()
    one, other = inbox(store), inbox(store)
    await one.receive(topic(body(1), body(4)))
    await other.receive(topic(body(2), after=2))

    assert await one.position(0) == 3
    await one.receive(topic(body(3), after=3))

    assert await stream_of(store, STREAM) == [fact(version) for version in range(1, 5)]
    assert await parked(store) == ()
