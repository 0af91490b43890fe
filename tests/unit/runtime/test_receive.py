"""Hearing the topic: an inbox keeps what came, once and in order, and loses nothing of it."""

import logging

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.parked import ParkedStream
from shared.runtime.receive import READ_FACTS_MAX, Inbox
from tests.support.delivered import OTHER, STREAM, alarms, body, fact, inbox, parked, topic
from tests.support.failing import everything, stream_of


async def test_what_came_is_kept_in_its_order_with_its_bytes() -> None:
    store = MemoryEventStore()

    await inbox(store).receive(topic(body(1), body(1, OTHER), body(2)))

    assert await everything(store) == [fact(1), fact(1, OTHER), fact(2)]


async def test_a_fact_of_the_future_is_kept_like_any_other() -> None:
    store = MemoryEventStore()
    poison = b'{"id":"submission/2021/so-y-te@1","type":"future.Fact.v9","data":12}'

    await inbox(store).receive(topic(poison, body(2)))

    assert [each.body for each in await stream_of(store, STREAM)] == [poison, body(2)]


async def test_the_position_moves_with_what_was_kept() -> None:
    store = MemoryEventStore()

    await inbox(store).receive(topic(body(1), body(2)))

    assert await inbox(store).position(0) == 2


async def test_each_partition_has_a_position_of_its_own() -> None:
    store = MemoryEventStore()
    one = inbox(store)

    await one.receive(topic(body(1), body(2)))
    await one.receive(topic(body(1, OTHER), after=6, partition=3))

    assert [await one.position(partition) for partition in (0, 1, 2, 3)] == [2, 0, 0, 7]


async def test_what_nobody_here_wants_is_skipped_and_the_position_moves() -> None:
    store = MemoryEventStore()

    await inbox(store).receive(topic(body(1, "result/2021"), body(2, "result/2021")))

    assert await everything(store) == []
    assert await inbox(store).position(0) == 2


# --- Repetitions


@pytest.mark.parametrize("again", [[1], [2, 1], [1, 2, 2]])
async def test_what_is_told_again_is_kept_once_and_without_alarm(
    again: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryEventStore()
    one = inbox(store)

    await one.receive(topic(body(1), body(2), body(1)))
    await one.receive(topic(*map(body, again), after=3))
    await inbox(store).receive(topic(*map(body, again), after=3 + len(again)))

    assert await everything(store) == [fact(1), fact(2)]
    assert alarms(caplog, logging.WARNING) == []


TOLD_AGAIN = f"{STREAM}@2 was told again with other bytes; the first stays"


@pytest.mark.parametrize("first", [[1, 2], [2], [2, 1], [3, 2], [2, 3, 1]])
@pytest.mark.parametrize("when", ["in the same batch", "later", "after a restart"])
async def test_other_bytes_for_what_is_kept_or_parked_are_kept_aside_and_the_first_stay(
    first: list[int], when: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryEventStore()
    one = inbox(store)
    told = [body(version) for version in first]
    altered = [body(2, variant="altered"), body(2)]

    if when == "in the same batch":
        await one.receive(topic(*told, *altered))
    else:
        await one.receive(topic(*told))
        later = inbox(store) if when == "after a restart" else one
        await later.receive(topic(*altered, after=len(told)))

    assert alarms(caplog) == [TOLD_AGAIN]
    aside, *others = await stream_of(store, ALTERED + STREAM)
    assert (aside.version, aside.body, others) == (1, body(2, variant="altered"), [])
    kept = [*await stream_of(store, STREAM), *await stream_of(store, PARKED + STREAM)]
    assert {each.body for each in kept if each.version == 2} == {body(2)}


async def test_whatever_differs_is_kept_aside_in_the_order_in_which_it_came() -> None:
    store = MemoryEventStore()
    one = inbox(store)
    await one.receive(topic(body(1), body(2), body(2, variant="a"), body(1, variant="b")))

    await one.receive(topic(body(2, variant="a"), after=4))
    await inbox(store).receive(topic(body(1, OTHER), body(1, variant="c"), after=5))

    aside = await stream_of(store, ALTERED + STREAM)
    variants = [body(2, variant="a"), body(1, variant="b"), body(2, variant="a")]
    assert [each.body for each in aside] == [*variants, body(1, variant="c")]
    assert [each.version for each in aside] == [1, 2, 3, 4]


async def test_what_was_freed_in_another_batch_is_compared_with_its_bytes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryEventStore()
    one = inbox(store)
    await one.receive(topic(body(2)))

    await one.receive(topic(body(1), body(2, variant="altered"), after=1))

    assert alarms(caplog) == [TOLD_AGAIN]
    assert await stream_of(store, STREAM) == [fact(1), fact(2)]


# --- Gaps


async def test_behind_a_gap_a_stream_waits_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryEventStore()
    one = inbox(store)

    await one.receive(topic(body(1), body(3), body(1, OTHER), body(4)))

    assert await parked(store) == (ParkedStream(STREAM, f"{STREAM}@2", 2, 3, 4),)
    assert await stream_of(store, STREAM) == [fact(1)]
    assert await stream_of(store, OTHER) == [fact(1, OTHER)]
    assert [each.body for each in await stream_of(store, PARKED + STREAM)] == [body(3), body(4)]
    assert alarms(caplog, logging.WARNING) == [
        f"{STREAM}@3 waits: a fact before it is missing",
        f"{STREAM}@4 waits: a fact before it is missing",
    ]


@pytest.mark.parametrize("restart", [False, True])
async def test_the_missing_fact_frees_in_order_what_waited(restart: bool) -> None:  # noqa: FBT001 - a parameter of the test
    store = MemoryEventStore()
    one = inbox(store)
    await one.receive(topic(body(4), body(2), body(3), body(6)))

    repaired = inbox(store) if restart else one
    await repaired.receive(topic(body(1), after=4))

    assert await stream_of(store, STREAM) == [fact(1), fact(2), fact(3), fact(4)]
    assert await parked(store) == (ParkedStream(STREAM, f"{STREAM}@5", 1, 6, 6),)


async def test_what_waits_already_is_no_news_after_a_restart() -> None:
    store = MemoryEventStore()
    await inbox(store).receive(topic(body(3)))

    await inbox(store).receive(topic(body(3), after=1))

    assert await parked(store) == (ParkedStream(STREAM, f"{STREAM}@1", 1, 3, 3),)


async def test_however_much_waits_a_restart_forgets_nothing_of_it() -> None:
    store = MemoryEventStore()
    last = READ_FACTS_MAX + 2
    await inbox(store).receive(topic(*map(body, range(2, last + 1))))

    restarted = inbox(store)
    await restarted.receive(topic(body(1), after=last))

    assert len(await stream_of(store, STREAM)) == last
    assert await parked(store) == ()


# --- Records that name no place


async def test_a_record_that_names_no_place_is_kept_by_its_position(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryEventStore()

    await inbox(store).receive(topic(body(1), b"\xff", body(2), after=6, partition=3))

    assert await everything(store) == [
        fact(1),
        Stored(f"{UNREADABLE}topic/3", 8, "unreadable", b"\xff"),
        fact(2),
    ]
    assert [alarm.partition(": ")[0] for alarm in alarms(caplog)] == [
        "a record of the topic names no place"
    ]


# --- Failures, and other members of the group


async def test_who_comes_to_want_more_hears_all_of_it_from_the_beginning() -> None:
    store = MemoryEventStore()
    told = topic(body(1), b"no fact", body(1, OTHER), body(2))
    before = Inbox(store, lambda stream: stream == STREAM)
    await before.receive(told)

    wider = Inbox(store, lambda stream: stream.startswith("submission/"), edition=2)
    assert await wider.position(0) == 0
    await wider.receive(told)

    kept = [each.id for each in await everything(store)]
    assert kept == [f"{STREAM}@1", f"{UNREADABLE}topic/0@2", f"{STREAM}@2", f"{OTHER}@1"]
    assert await wider.position(0) == len(told)
    assert not await parked(store)
