"""The ledger as it is written: whatever fails and however often, the numbers are the same."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ledger import entry
from shared.ports import Delivery, Tracking
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.number import LEDGER, Numberer, entries

BEGINNING = datetime(2021, 10, 15, tzinfo=UTC)
CYCLES = ("2020", "2021")


def body(stream: str, version: int, variant: str = "") -> bytes:
    return f'{{"id":"{stream}@{version}","type":"a.Fact.v1","x":"{variant}"}}'.encode()


def topic(*bodies: bytes) -> list[Delivery]:
    return [
        Delivery(0, position, BEGINNING + timedelta(seconds=position), "2021", each)
        for position, each in enumerate(bodies, start=1)
    ]


bodies = st.lists(
    st.builds(
        body,
        st.builds("submission/{}/{}".format, st.sampled_from(CYCLES), st.sampled_from("ab")),
        st.integers(1, 5),
        st.sampled_from(("", "", "", "other")),
    )
    | st.just(b"poison"),
    max_size=30,
)


async def kept(store: MemoryEventStore) -> list[Stored]:
    return [logged.fact for logged in await store.log(after=0, limit=1_000)]


async def facts(store: MemoryEventStore, stream: str) -> list[bytes]:
    return [each.fact async for _, each in entries(store, stream)]


@given(bodies)
async def test_one_by_one_or_at_once_the_ledger_is_the_same(bodies: list[bytes]) -> None:
    at_once, one_by_one = MemoryEventStore(), MemoryEventStore()
    deliveries = topic(*bodies)

    if deliveries:
        await Numberer(at_once).receive(deliveries)
    slow = Numberer(one_by_one)
    for delivery in deliveries:
        await slow.receive([delivery])

    assert await kept(at_once) == await kept(one_by_one)


@given(bodies, st.lists(st.booleans(), min_size=30, max_size=30))
async def test_a_new_beginning_at_any_point_changes_nothing(
    bodies: list[bytes], restarts: list[bool]
) -> None:
    through, restarted = MemoryEventStore(), MemoryEventStore()
    one, other = Numberer(through), Numberer(restarted)

    for delivery, restart in zip(topic(*bodies), restarts, strict=False):
        await one.receive([delivery])
        if restart:
            other = Numberer(restarted)
        await other.receive([delivery])

    assert await kept(through) == await kept(restarted)
    assert await Numberer(restarted).position(0) == len(bodies)


@given(bodies)
async def test_two_who_take_turns_number_as_one(bodies: list[bytes]) -> None:
    alone, shared = MemoryEventStore(), MemoryEventStore()
    one, pair = Numberer(alone), [Numberer(shared), Numberer(shared)]

    for turn, delivery in enumerate(topic(*bodies)):
        await one.receive([delivery])
        given_to = pair[turn % 2]
        assert await given_to.position(0) == turn
        await given_to.receive([delivery])

    assert await kept(alone) == await kept(shared)


class _FailingStore(MemoryEventStore):
    """Fails once, after or before it has recorded."""

    def __init__(self, *, recorded: bool) -> None:
        super().__init__()
        self._recorded = recorded
        self._failures = 1

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        if self._failures and not self._recorded:
            self._failures -= 1
            raise Unavailable("database-unavailable")
        await super().append(facts, tracking=tracking, behind=behind)
        if self._failures:
            self._failures -= 1
            raise Unavailable("database-unavailable")


@pytest.mark.parametrize("recorded", [False, True])
async def test_a_failure_loses_nothing_and_doubles_nothing(recorded: bool) -> None:  # noqa: FBT001 - a parameter of the test
    deliveries = topic(*(body("cycle/2021", version) for version in (1, 2, 3)))
    store = _FailingStore(recorded=recorded)
    numberer = Numberer(store)

    with pytest.raises(Unavailable):
        await numberer.receive(deliveries)
    rest = deliveries[await numberer.position(0) :]
    if rest:
        await numberer.receive(rest)

    assert await facts(store, f"{LEDGER}2021") == [each.body for each in deliveries]


async def test_what_failed_may_be_received_again_at_once() -> None:
    deliveries = topic(*(body("cycle/2021", version) for version in (1, 2, 3)))
    store = _FailingStore(recorded=False)
    numberer = Numberer(store)

    with pytest.raises(Unavailable):
        await numberer.receive(deliveries)
    await numberer.receive(deliveries)

    assert await facts(store, f"{LEDGER}2021") == [each.body for each in deliveries]


async def test_facts_are_numbered_in_the_order_of_the_topic_with_their_bytes() -> None:
    store = MemoryEventStore()
    first, second = body("submission/2021/b", 1), body("submission/2021/a", 1)

    await Numberer(store).receive(topic(first, second, first))

    assert await facts(store, f"{LEDGER}2021") == [first, second]


async def test_each_cycle_has_numbers_of_its_own() -> None:
    store = MemoryEventStore()

    await Numberer(store).receive(topic(body("cycle/2020", 1), body("cycle/2021", 1)))

    assert [(each.stream, each.version) for each in await kept(store)] == [
        (f"{LEDGER}2020", 1),
        (f"{LEDGER}2021", 1),
    ]


async def test_what_waits_is_kept_beside_the_ledger_and_numbered_when_the_gap_closes() -> None:
    store = MemoryEventStore()
    first, second, third = (body("cycle/2021", version) for version in (1, 2, 3))

    await Numberer(store).receive(topic(third, second, first))

    assert await facts(store, f"{PARKED}2021") == [third, second]
    assert await facts(store, f"{LEDGER}2021") == [first, second, third]


async def test_a_freed_fact_has_the_time_at_which_it_was_freed() -> None:
    store = MemoryEventStore()
    deliveries = topic(body("cycle/2021", 2), body("cycle/2021", 1))

    await Numberer(store).receive(deliveries)

    times = [entry.from_bytes(each.body).at for each in await kept(store)]
    assert times == [each.appended_at for each in (deliveries[0], deliveries[1], deliveries[1])]


async def test_a_clock_that_goes_back_does_not_take_the_ledger_with_it() -> None:
    store = MemoryEventStore()
    [first, second] = topic(body("cycle/2021", 1), body("cycle/2021", 2))
    late = Delivery(0, 1, second.appended_at + timedelta(days=1), "2021", first.body)

    await Numberer(store).receive([late, second])

    times = [entry.from_bytes(each.body).at for each in await kept(store)]
    assert times == [late.appended_at, late.appended_at]


@pytest.mark.parametrize("parked", [False, True])
async def test_other_bytes_for_a_known_fact_are_kept_aside_and_the_first_stay(parked: bool) -> None:  # noqa: FBT001 - a parameter of the test
    store = MemoryEventStore()
    version = 2 if parked else 1
    first, altered = body("cycle/2021", version), body("cycle/2021", version, "altered")

    await Numberer(store).receive(topic(first, altered, first))

    assert await facts(store, f"{ALTERED}2021") == [altered]
    assert await facts(store, f"{PARKED if parked else LEDGER}2021") == [first]


async def test_a_record_that_names_no_place_is_kept_by_its_position() -> None:
    store = MemoryEventStore()

    await Numberer(store).receive(topic(body("cycle/2021", 1), b"\xff"))

    [_, unreadable] = await kept(store)
    assert (unreadable.stream, unreadable.version) == (f"{UNREADABLE}topic/0", 2)
    assert entry.from_bytes(unreadable.body).fact == b"\xff"


async def test_a_fact_that_cannot_be_decoded_is_numbered_like_any_other() -> None:
    store = MemoryEventStore()
    poison = b'{"id":"cycle/2021@1","type":"future.Fact.v9","data":12}'

    await Numberer(store).receive(topic(poison, body("cycle/2021", 2)))

    assert await facts(store, f"{LEDGER}2021") == [poison, body("cycle/2021", 2)]
