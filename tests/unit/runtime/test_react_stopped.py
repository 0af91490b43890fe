"""A fact that cannot be reacted to stops the reactions to its stream, and to no other."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.envelope import Recorded
from shared.kernel.errors import Missing, Problem
from shared.ports import Tracking
from shared.runtime.parked import StoppedStream
from shared.runtime.react import BATCH_FACTS_MAX, CONSUMER, RETRY_S, STOPPED, Reactor, track_of
from tests.support.claims import stored
from tests.support.echo_service import EchoService, policy, said
from tests.support.failing import stream_of
from tests.support.outdated import Outdated
from tests.support.stopped_streams import (
    FAILURES,
    NOW,
    POISON,
    SICK,
    WELL,
    an_inbox,
    ids,
    inbox_with,
    stopped,
)
from tests.support.woven import woven


async def test_a_poison_fact_stops_its_stream_and_the_others_go_on() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    service = EchoService(inbox, store, {POISON: Missing("cycle-unknown")})

    assert await service.reactor.step() == 6

    assert await said(store) == [f"{SICK}@1", *ids(WELL, 1, 2, 3)]
    assert await store.tracked(CONSUMER) == 6


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
async def test_whatever_is_no_refusal_and_does_not_pass_by_itself_is_poison(
    failure: Exception,
) -> None:
    inbox, store = await an_inbox(), MemoryEventStore()

    await EchoService(inbox, store, {POISON: failure}).reactor.step()

    code = failure.code if isinstance(failure, Problem) else type(failure).__name__
    assert await stopped(inbox, store) == (StoppedStream(SICK, POISON, code, waiting=2),)
    [mark] = await stream_of(inbox, STOPPED + SICK)
    assert (mark.version, mark.body) == (2, code.encode())


async def test_a_fact_that_cannot_be_read_is_poison() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()

    await EchoService(Outdated(inbox, [POISON]), store, {}).reactor.step()

    assert await said(store) == [f"{SICK}@1", *ids(WELL, 1, 2, 3)]
    assert await stopped(inbox, store) == (StoppedStream(SICK, POISON, "Unreadable", waiting=2),)


async def test_a_fact_at_which_the_policy_fails_is_poison() -> None:
    def failing(recorded: Recorded) -> Sequence[object]:
        if recorded.id == POISON:
            raise ZeroDivisionError
        return policy(recorded)

    inbox, store = await an_inbox(), MemoryEventStore()
    service = EchoService(inbox, store, {})

    await Reactor(inbox, store, failing, service.perform).step()

    assert await said(store) == [f"{SICK}@1", *ids(WELL, 1, 2, 3)]
    [stop] = await stopped(inbox, store)
    assert stop.because == "ZeroDivisionError"


async def test_what_comes_later_in_the_stream_waits_too() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    service = EchoService(inbox, store, {POISON: KeyError()})
    await service.reactor.step()

    await inbox.append([stored(4, "4", SICK), stored(4, "4", WELL)])
    await service.reactor.step()

    assert await said(store) == [f"{SICK}@1", *ids(WELL, 1, 2, 3, 4)]
    assert service.tried.count(POISON) == 1
    [stop] = await stopped(inbox, store)
    assert stop.waiting == 3


async def test_while_nothing_can_be_done_there_is_nothing_to_do() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    reactor = EchoService(inbox, store, {POISON: KeyError()}, retry_s=NOW).reactor
    await reactor.step()

    assert await reactor.step() == 1  # The mark itself stands in the log.

    assert [await reactor.step(), await reactor.step(), (await reactor.progress()).left] == [
        0,
        0,
        0,
    ]
    assert len(await stream_of(inbox, STOPPED + SICK)) == 1


# --- Going on


async def test_a_newer_version_resumes_in_order_at_its_start() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    await EchoService(inbox, store, {POISON: KeyError()}).reactor.step()
    await inbox.append([stored(4, "4", SICK)])

    newer = EchoService(inbox, store, {})
    await newer.reactor.step()

    assert await said(store, SICK) == ids(SICK, 1, 2, 3, 4)
    assert await stopped(inbox, store) == ()
    assert newer.tried == ids(SICK, 2, 3, 4)


@pytest.mark.parametrize("restart", [False, True])
async def test_a_stream_that_goes_on_takes_what_comes(restart: bool) -> None:  # noqa: FBT001 - a parameter of the test
    inbox, store = await an_inbox(), MemoryEventStore()
    await EchoService(inbox, store, {POISON: KeyError()}).reactor.step()
    newer = EchoService(inbox, store, {})
    await newer.reactor.step()

    await inbox.append([stored(4, "4", SICK), stored(5, "", SICK), stored(6, "6", SICK)])
    await (EchoService(inbox, store, {}) if restart else newer).reactor.step()

    assert await said(store, SICK) == ids(SICK, 1, 2, 3, 4, 6)
    assert await store.tracked(track_of(SICK)) == 6


def test_a_stopped_stream_is_tried_again_after_a_while_and_not_before() -> None:
    async def play() -> list[int]:
        inbox, store = await an_inbox(), MemoryEventStore()
        service = EchoService(inbox, store, {POISON: KeyError()})
        tried = []
        for _ in range(3):
            for _ in range(3):
                await service.reactor.step()
            tried.append(service.tried.count(POISON))
            await asyncio.sleep(RETRY_S)
        return tried

    assert woven(1, play()) == [1, 2, 3]


async def test_however_much_waited_it_is_resumed_in_batches() -> None:
    last = 2 * BATCH_FACTS_MAX + 10
    facts = [stored(version, f"{version}", SICK) for version in range(1, last + 1)]
    inbox, store = await inbox_with(*facts), MemoryEventStore()
    sick = EchoService(inbox, store, {f"{SICK}@1": KeyError()})
    while await sick.reactor.step():
        pass

    newer = EchoService(inbox, store, {})
    steps = [await newer.reactor.step() for _ in range(4)]

    assert steps == [BATCH_FACTS_MAX, BATCH_FACTS_MAX, 10, 0]
    assert await said(store) == ids(SICK, *range(1, last + 1))


async def test_what_was_missing_and_has_come_lets_the_stream_go_on() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    fails: dict[str, Exception] = {POISON: Missing("cycle-unknown")}
    service = EchoService(inbox, store, fails, retry_s=NOW)
    await service.reactor.step()

    fails.clear()
    await service.reactor.step()

    assert await said(store, SICK) == ids(SICK, 1, 2, 3)
    assert await stopped(inbox, store) == ()


async def test_a_stream_may_stop_again_at_a_later_fact() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    await EchoService(inbox, store, {POISON: KeyError()}).reactor.step()

    later = EchoService(inbox, store, {f"{SICK}@3": Missing("cycle-unknown")})
    await later.reactor.step()

    assert await said(store, SICK) == ids(SICK, 1, 2)
    stop = StoppedStream(SICK, f"{SICK}@3", "cycle-unknown", waiting=1)
    assert await stopped(inbox, store) == (stop,)


async def test_what_leads_to_nothing_or_is_refused_is_passed_in_a_stopped_stream_too() -> None:
    facts = [stored(place, points, SICK) for place, points in enumerate(["1", "", "-1", "4"], 1)]
    inbox, store = await inbox_with(*facts), MemoryEventStore()
    await EchoService(Outdated(inbox, [POISON]), store, {}).reactor.step()

    await EchoService(inbox, store, {}).reactor.step()

    assert await said(store) == ids(SICK, 1, 4)
    assert await stopped(inbox, store) == ()


@pytest.mark.parametrize("points", ["", "-1"])
async def test_a_poison_fact_that_leads_to_nothing_after_all_stops_nothing_any_more(
    points: str,
) -> None:
    inbox = await inbox_with(stored(1, "1", SICK), stored(2, points, SICK))
    store = MemoryEventStore()
    await EchoService(Outdated(inbox, [POISON]), store, {}).reactor.step()

    await EchoService(inbox, store, {}).reactor.step()

    assert await stopped(inbox, store) == ()


async def test_what_an_earlier_release_has_passed_is_not_reacted_to_again() -> None:
    inbox, store = await an_inbox(), MemoryEventStore()
    await store.append([], tracking=Tracking(CONSUMER, 2))

    await EchoService(inbox, store, {POISON: KeyError()}).reactor.step()
    await EchoService(inbox, store, {}).reactor.step()

    assert await said(store, SICK) == ids(SICK, 2, 3)
    assert await said(store, WELL) == ids(WELL, 2, 3)


# --- Failures
