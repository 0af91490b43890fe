"""Handling commands at once: the store says who was first, and nobody's claim is lost."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.events.envelope import Context
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Tracking
from shared.runtime.handle import ATTEMPTS_MAX, CACHED_STREAMS_MAX, Handler
from tests.support.claims import AT, STREAM, amounts, claim, decider, stored
from tests.support.failing import FailingEventStore, everything, stream_of

CONTEXT = Context(AT)
KEYED = Context(AT, idempotency_key="a-key", request_digest="a-digest")


class Rivalled(MemoryEventStore):
    """A store in which somebody else is faster, as often as they have something to say."""

    def __init__(self, *rival: str) -> None:
        super().__init__()
        self._rival = list(rival)
        self.attempts = 0

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        self.attempts += 1
        if self._rival:
            await super().append([stored(facts[0].version, self._rival.pop(0))])
        await super().append(facts, tracking=tracking, behind=behind)


class Counting(MemoryEventStore):
    """A store that counts lost races, and the facts that it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0
        self.read: Counter[str] = Counter()

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        try:
            await super().append(facts, tracking=tracking, behind=behind)
        except Conflict:
            self.lost += 1
            raise

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream."""
        facts = await super().stream(stream, after=after, limit=limit)
        self.read[stream] += len(facts)
        return facts


class Hanging(MemoryEventStore):
    """A store that hangs on a stream until it is let go."""

    def __init__(self, stream: str) -> None:
        super().__init__()
        self._hangs_on = stream
        self.let_go = asyncio.Event()

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        if facts[0].stream == self._hangs_on:
            await self.let_go.wait()
        await super().append(facts, tracking=tracking, behind=behind)


async def test_who_was_slower_decides_again_on_what_the_faster_one_recorded() -> None:
    store = Rivalled("1", "2")

    outcome = await Handler(store).handle(STREAM, decider, claim("1", "3"), CONTEXT)

    assert outcome.facts == (f"{STREAM}@3",)
    assert amounts(await everything(store)) == ["1", "2", "3"]


async def test_what_the_faster_one_recorded_may_make_it_no_news() -> None:
    store = Rivalled("1")

    outcome = await Handler(store).handle(STREAM, decider, claim("1"), CONTEXT)

    assert outcome.facts == ()
    assert amounts(await everything(store)) == ["1"]


async def test_a_race_may_be_lost_all_but_once() -> None:
    store = Rivalled(*map(str, range(1, ATTEMPTS_MAX)))

    outcome = await Handler(store).handle(STREAM, decider, claim("100"), CONTEXT)

    assert outcome.facts == (f"{STREAM}@{ATTEMPTS_MAX}",)


async def test_after_too_many_lost_races_the_stream_is_busy() -> None:
    store = Rivalled(*map(str, range(1, ATTEMPTS_MAX + 1)))

    with pytest.raises(Conflict, match="busy") as conflict:
        await Handler(store).handle(STREAM, decider, claim("100"), CONTEXT)

    assert conflict.value.details == {"stream": STREAM}
    assert store.attempts == ATTEMPTS_MAX
    assert "100" not in amounts(await everything(store))


async def test_a_lost_race_is_the_only_conflict_that_is_tried_again() -> None:
    store = Rivalled()
    await store.append([], tracking=Tracking("react", 1))
    store.attempts = 0

    with pytest.raises(Conflict, match="already-tracked"):
        await Handler(store).handle(
            STREAM, decider, claim("1"), CONTEXT, tracking=Tracking("react", 1)
        )

    assert store.attempts == 1


async def test_callers_of_one_handler_take_turns_and_lose_no_race() -> None:
    store = Counting()
    handler = Handler(store)
    callers = [
        handler.handle(STREAM, decider, claim(str(points)), CONTEXT)
        for points in range(4 * ATTEMPTS_MAX)
    ]

    await asyncio.gather(*callers)

    assert store.lost == 0
    assert amounts(await everything(store)) == [str(points) for points in range(4 * ATTEMPTS_MAX)]


async def test_handlers_of_several_processes_race_and_nothing_is_lost_or_doubled() -> None:
    store = Counting()
    handlers = [Handler(store) for _ in range(4)]
    callers = [
        handler.handle(STREAM, decider, claim("shared", str(place)), CONTEXT)
        for place, handler in enumerate(handlers)
    ]

    await asyncio.gather(*callers)

    assert store.lost > 0
    assert sorted(amounts(await everything(store))) == ["0", "1", "2", "3", "shared"]


async def test_one_request_that_two_processes_get_at_once_is_recorded_once() -> None:
    store = MemoryEventStore()
    callers = [Handler(store).handle(STREAM, decider, claim("1", "2"), KEYED) for _ in range(2)]

    one, other = await asyncio.gather(*callers)

    assert one == other
    assert amounts(await everything(store)) == ["1", "2"]


async def test_nobody_waits_for_another_stream() -> None:
    store = Hanging(STREAM)
    handler = Handler(store)
    waiting = asyncio.create_task(handler.handle(STREAM, decider, claim("1"), CONTEXT))
    await asyncio.sleep(0.01)

    async with asyncio.timeout(10):
        await handler.handle("submission/2021/so-noi-vu", decider, claim("1"), CONTEXT)

    assert not waiting.done()
    store.let_go.set()
    await waiting


async def test_who_fails_lets_the_next_one_pass() -> None:
    store = FailingEventStore("fails")
    handler = Handler(store)
    callers = [
        handler.handle(STREAM, decider, claim(points), CONTEXT) for points in ("1", "-1", "2")
    ]

    failed, refused, outcome = await asyncio.gather(*callers, return_exceptions=True)

    assert isinstance(failed, Unavailable)
    assert isinstance(refused, Refused)
    assert not isinstance(outcome, BaseException)
    assert amounts(await everything(store)) == ["2"]


async def test_who_goes_away_lets_the_next_one_pass() -> None:
    store = Hanging(STREAM)
    handler = Handler(store)
    first = asyncio.create_task(handler.handle(STREAM, decider, claim("1"), CONTEXT))
    second = asyncio.create_task(handler.handle(STREAM, decider, claim("2"), CONTEXT))
    await asyncio.sleep(0.01)

    first.cancel()
    store.let_go.set()
    await second

    assert first.cancelled()
    assert amounts(await everything(store)) == ["2"]


# --- What is kept between decisions


async def test_a_folded_stream_is_kept_and_only_its_last_fact_and_the_news_are_read() -> None:
    store = Counting()
    await store.append([stored(version, str(version)) for version in range(1, 11)])
    handler = Handler(store)

    for _ in range(5):
        await handler.load(STREAM, decider)
    await store.append([stored(11, "11")])

    claims = await handler.load(STREAM, decider)

    assert len(claims) == 11
    assert store.read[STREAM] == 10 + 4 + 2


async def test_only_the_streams_used_last_are_kept() -> None:
    store = Counting()
    streams = [f"submission/2021/a{place}" for place in range(CACHED_STREAMS_MAX + 1)]
    await store.append([stored(at, f"{at}", stream) for stream in streams for at in (1, 2)])
    handler = Handler(store)
    first, second, *others = streams

    for stream in (first, second, first, *others):
        await handler.load(stream, decider)
    before = store.read.copy()
    states = [await handler.load(stream, decider) for stream in (others[-1], first, second)]

    assert store.read - before == {others[-1]: 1, first: 1, second: 2}
    assert states == [("1", "2")] * 3


async def test_names_that_nobody_wrote_to_push_nothing_out() -> None:
    store = Counting()
    await store.append([stored(1, "1"), stored(2, "2")])
    handler = Handler(store)
    await handler.load(STREAM, decider)

    for place in range(CACHED_STREAMS_MAX + 1):
        await handler.load(f"submission/2021/made-up-{place}", decider)

    assert await handler.load(STREAM, decider) == ("1", "2")
    assert store.read[STREAM] == 2 + 1


@given(st.lists(st.tuples(st.integers(0, 1), st.lists(st.integers(0, 5), max_size=3))))
async def test_what_a_handler_keeps_changes_no_outcome(
    commands: list[tuple[int, list[int]]],
) -> None:
    keeping, forgetting = MemoryEventStore(), MemoryEventStore()
    handlers = [Handler(keeping), Handler(keeping)]

    for place, points in commands:
        command = claim(*map(str, points))
        kept = await handlers[place].handle(STREAM, decider, command, CONTEXT)
        fresh = await Handler(forgetting).handle(STREAM, decider, command, CONTEXT)
        assert kept == fresh

    assert await stream_of(keeping, STREAM) == await stream_of(forgetting, STREAM)
