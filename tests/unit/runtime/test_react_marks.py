"""Marks of stopped streams: made before a fact is passed, and found by whoever comes later."""

from collections.abc import Awaitable, Callable

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.ports import Tracking
from shared.runtime.react import CONSUMER
from tests.support.claims import Claim, stored
from tests.support.echo_service import EchoService, said
from tests.support.failing import FailingEventStore
from tests.support.stopped_streams import POISON, SICK, WELL, an_inbox, ids, stopped


async def test_while_the_mark_cannot_be_made_the_fact_is_not_passed() -> None:
    inbox, store = FailingEventStore(), MemoryEventStore()
    await inbox.append([stored(1, "1", SICK), stored(1, "1", WELL)])
    service = EchoService(inbox, store, {f"{SICK}@1": KeyError()})
    inbox.fates = ["fails"]

    with pytest.raises(Unavailable):
        await service.reactor.step()
    assert await store.tracked(CONSUMER) == 0

    await service.reactor.step()
    assert await said(store) == [f"{WELL}@1"]
    assert [stop.fact for stop in await stopped(inbox, store)] == [f"{SICK}@1"]


async def test_whoever_finds_a_fact_behind_a_mark_leaves_it_alone() -> None:
    inbox, store = await an_inbox(), FailingEventStore()
    store.fates = ["works", "works", "works", "works", "fails"]
    sick = EchoService(inbox, store, {POISON: KeyError()})
    with pytest.raises(Unavailable):
        await sick.reactor.step()
    assert (await store.tracked(CONSUMER), len(await stopped(inbox, store))) == (0, 1)

    other = EchoService(inbox, store, {POISON: KeyError()})
    await other.reactor.step()

    assert await said(store) == [f"{SICK}@1", *ids(WELL, 1, 2, 3)]
    assert other.tried == [POISON]


class _Meanwhile(MemoryEventStore):
    """A store in which something else happens just before it says how far the log was passed."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come."""
        if consumer == CONSUMER:
            happens, self.meanwhile = self.meanwhile, []
            for each in happens:
                await each()
        return await super().tracked(consumer)


@pytest.mark.parametrize("when", ["between two steps", "within a step"])
async def test_whoever_did_not_see_a_stream_stop_leaves_it_alone(when: str) -> None:
    inbox, store = MemoryEventStore(), _Meanwhile()
    fails = {POISON: KeyError()}
    one, other = EchoService(inbox, store, fails), EchoService(inbox, store, fails)
    await one.reactor.step()

    await inbox.append([stored(version, f"{version}", SICK) for version in (1, 2)])
    store.meanwhile = [other.reactor.step, lambda: inbox.append([stored(3, "3", SICK)])]
    if when == "between two steps":
        await store.tracked(CONSUMER)
    await one.reactor.step()

    assert await said(store) == [f"{SICK}@1"]


async def test_a_mark_of_what_another_version_has_done_meanwhile_stops_nothing() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    newer = EchoService(inbox, store, {})

    class Slow(EchoService):
        """An older version, which is overtaken at the fact that it fails at."""

        async def perform(self, command: Claim, cause: Recorded, tracking: Tracking | None) -> None:
            if cause.id == POISON:
                await newer.reactor.step()
            await super().perform(command, cause, tracking)

    await Slow(inbox, store, {POISON: KeyError()}).reactor.step()

    assert sorted(await said(store)) == [*ids(WELL, 1, 2, 3), *ids(SICK, 1, 2, 3)]
    assert await stopped(inbox, store) == ()
