"""What an event store promises, held against memory, SQLite and PostgreSQL."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import EventStore, Logged, Tracking
from tests.ports.stored import SHEET, fact, facts
from tests.support.opened import opened


async def test_a_stream_is_read_as_it_was_written(store: EventStore) -> None:
    written = [fact(1, body="điểm".encode()), fact(2, body=b"\x00\xff")]

    await store.append(written)

    assert await store.stream(SHEET, limit=10) == written


async def test_a_stream_is_read_by_version_in_parts(store: EventStore) -> None:
    await store.append(facts(1, 2, 3, 4))
    await store.append(facts(1, stream="cycle/2021"))

    assert await store.stream(SHEET, after=1, limit=2) == facts(2, 3)


async def test_versions_may_come_with_gaps_and_in_any_order(store: EventStore) -> None:
    await store.append(facts(7))
    await store.append(facts(9, 5))

    assert await store.stream(SHEET, after=4, limit=10) == facts(5, 7, 9)
    assert await store.last(SHEET) == fact(9)


async def test_the_last_fact_is_that_of_its_stream(store: EventStore) -> None:
    await store.append(facts(1, 2))
    await store.append(facts(1, stream="cycle/2021"))

    assert await store.last(SHEET) == fact(2)
    assert await store.last("submission/2021/so-noi-vu") is None


async def test_an_unknown_stream_is_empty(store: EventStore) -> None:
    assert await store.stream(SHEET, limit=10) == []


@pytest.mark.parametrize(
    ("prefix", "after", "limit", "names"),
    [
        ("", "", 9, ["a", "b-", "b/1", "b/2", "b0", "c"]),
        ("b/", "", 9, ["b/1", "b/2"]),
        ("b", "b/1", 2, ["b/2", "b0"]),
        ("b/", "b/2", 9, []),
        ("b.", "", 9, []),
        ("d", "", 9, []),
    ],
)
async def test_streams_are_found_by_their_names_each_once_and_in_order(
    prefix: str, after: str, limit: int, names: list[str], store: EventStore
) -> None:
    for stream in ("c", "b/2", "b0", "a", "b/1", "b-"):
        await store.append(facts(1, 2, stream=stream))

    assert await store.streams(prefix, after=after, limit=limit) == names


async def test_the_log_has_every_fact_in_the_order_of_commitment(store: EventStore) -> None:
    await store.append(facts(1, stream="b"))
    await store.append([*facts(1, stream="c"), *facts(1, stream="a")])

    log = await store.log(after=0, limit=10)

    assert [entry.fact.stream for entry in log] == ["b", "c", "a"]
    positions = [entry.position for entry in log]
    assert positions == sorted(set(positions))
    assert positions[0] >= 1


async def test_the_log_goes_on_behind_a_position(store: EventStore) -> None:
    await store.append(facts(1, 2, 3, 4))
    log = await store.log(after=0, limit=10)

    assert await store.log(after=log[1].position, limit=1) == log[2:3]
    assert await store.log(after=log[3].position, limit=1) == []


async def test_the_end_is_the_last_position(store: EventStore) -> None:
    at_first = await store.end()
    await store.append(facts(1, 2))

    assert at_first == 0
    assert await store.end() == (await store.log(after=0, limit=10))[-1].position


async def test_a_version_is_taken_once(store: EventStore) -> None:
    await store.append(facts(1))

    with pytest.raises(Conflict) as conflict:
        await store.append([fact(1, body=b"other")])

    assert conflict.value.code == "version-taken"
    assert await store.stream(SHEET, limit=10) == facts(1)


async def test_nothing_is_recorded_where_one_version_is_taken(store: EventStore) -> None:
    await store.append(facts(2))

    with pytest.raises(Conflict, match="version-taken"):
        await store.append([*facts(1, stream="cycle/2021"), *facts(1, 2)])

    assert [entry.fact for entry in await store.log(after=0, limit=10)] == facts(2)


async def test_a_version_cannot_come_twice_in_one_append(store: EventStore) -> None:
    with pytest.raises(Conflict, match="version-taken"):
        await store.append(facts(1, 1))

    assert await store.end() == 0


async def test_what_was_decided_behind_a_fact_is_recorded_where_that_is_there(
    store: EventStore,
) -> None:
    await store.append(facts(1, 2))
    await store.append(facts(3, 4), behind=fact(2))
    await store.append(facts(1, stream="cycle/2021"), behind=fact(4))
    await store.append([], tracking=Tracking("react", 4), behind=fact(3))

    assert await store.stream(SHEET, limit=10) == facts(*range(1, 5))
    assert await store.tracked("react") == 4


@pytest.mark.parametrize(
    ("decided", "tracking"),
    [(facts(4), None), (facts(4), Tracking("react", 4)), ([], Tracking("react", 4))],
)
@pytest.mark.parametrize("lost", [fact(3), fact(2, body=b"another"), fact(1, stream="cycle/2021")])
async def test_what_was_decided_behind_a_fact_that_is_not_there_is_not_recorded(
    store: EventStore, decided: Sequence[Stored], tracking: Tracking | None, lost: Stored
) -> None:
    await store.append(facts(1, 2))

    with pytest.raises(Conflict, match="version-missing"):
        await store.append(decided, tracking=tracking, behind=lost)

    assert [entry.fact for entry in await store.log(after=0, limit=10)] == facts(1, 2)
    assert await store.tracked("react") == 0


async def test_who_appends_beside_one_behind_what_is_lost_is_recorded_all_the_same(
    store: EventStore,
) -> None:
    await store.append(facts(1))
    elsewhere = fact(1, stream="cycle/2021")
    outcomes = await asyncio.gather(
        store.append(facts(2), behind=fact(1)),
        store.append([elsewhere]),
        store.append(facts(3, stream="cycle/2021"), behind=fact(2, stream="cycle/2021")),
        store.append(facts(9, stream="unreadable/facts/0")),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), Conflict, type(None)]
    assert await store.last(SHEET) == fact(2)


async def test_who_reads_on_from_the_last_fact_finds_it_and_what_comes_behind(
    store: EventStore,
) -> None:
    await store.append(facts(1, 2))
    found = [await store.stream(SHEET, after=1, limit=9) for _ in range(2)]
    await store.append(facts(3))

    assert found == [facts(2), facts(2)]
    assert await store.stream(SHEET, after=1, limit=9) == facts(2, 3)
    assert await store.stream(SHEET, after=2, limit=9) == facts(3)


async def test_nothing_at_all_may_be_appended(store: EventStore) -> None:
    await store.append([])

    assert await store.end() == 0


async def test_of_twenty_that_want_a_version_one_gets_it(store: EventStore) -> None:
    attempts = (store.append([fact(1, body=b"%d" % number)]) for number in range(20))

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert outcomes.count(None) == 1
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [conflict.code for conflict in conflicts] == ["version-taken"] * 19
    assert await store.last(SHEET) == fact(1, body=b"%d" % outcomes.index(None))


async def test_who_follows_the_log_misses_nothing_of_many_writers(store: EventStore) -> None:
    async def write(stream: str) -> None:
        for version in range(1, 26):
            await store.append(facts(version, stream=stream))

    async def follow() -> list[Logged]:
        seen: list[Logged] = []
        while len(seen) < 100:
            seen += await store.log(after=seen[-1].position if seen else 0, limit=7)
            await asyncio.sleep(0)
        return seen

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        following = group.create_task(follow())
        for stream in "abcd":
            group.create_task(write(stream))

    assert following.result() == await store.log(after=0, limit=1_000)


async def test_who_found_nothing_new_finds_what_comes_then(store: EventStore) -> None:
    await store.append(facts(1, 2), tracking=Tracking("react", 4))
    end = await store.end()
    nothing = [*await store.stream(SHEET, after=2, limit=9), *await store.log(after=end, limit=9)]
    reached = await store.tracked("react")

    await store.append(facts(3), tracking=Tracking("react", 5))

    assert (nothing, reached) == ([], 4)
    assert await store.stream(SHEET, after=2, limit=9) == facts(3)
    assert [logged.fact for logged in await store.log(after=end, limit=9)] == facts(3)
    assert await store.tracked("react") == 5


async def test_a_version_below_the_last_is_found_too(store: EventStore) -> None:
    await store.append(facts(9))
    assert await store.stream(SHEET, after=9, limit=9) == []

    await store.append(facts(5))

    assert await store.stream(SHEET, after=4, limit=9) == facts(5, 9)


async def test_a_store_that_was_closed_is_away(store: EventStore) -> None:
    async with opened(store):
        pass

    with pytest.raises(Unavailable, match="database-unavailable"):
        await store.append(facts(1))
    with pytest.raises(Unavailable, match="database-unavailable"):
        await store.stream(SHEET, limit=1)
