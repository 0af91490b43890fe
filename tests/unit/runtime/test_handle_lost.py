"""Handling where a database fell back to a copy, and has lost some of what it had confirmed."""

from collections.abc import Sequence

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.events.envelope import Context
from shared.ports import Tracking
from shared.runtime.handle import Handler
from tests.support.claims import AT, STREAM, amounts, claim, decider, stored
from tests.support.failing import everything, stream_of

PLAIN = Context(AT)
KEYED = Context(AT, idempotency_key="a-key", request_digest="a-digest")


class Copied(MemoryEventStore):
    """A store that falls back to a copy of its first facts, if need be just before it records."""

    def __init__(self) -> None:
        super().__init__()
        self.falls_to: int | None = None
        self.rival: Stored | None = None

    def fall_back(self, kept: int) -> None:
        """Have only the first of the facts of the log."""
        log, self._log = self._log, self._log[:kept]
        for logged in log[kept:]:
            del self._facts[logged.fact.stream, logged.fact.version]
            self._versions[logged.fact.stream].remove(logged.fact.version)

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        kept, self.falls_to = self.falls_to, None
        if kept is not None:
            self.fall_back(kept)
            if self.rival is not None:
                await super().append([self.rival])
        await super().append(facts, tracking=tracking, behind=behind)


@pytest.fixture
async def store() -> Copied:
    return Copied()


@pytest.fixture
async def handler(store: Copied) -> Handler:
    """Who knows three facts, the last of them by its key."""
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1", "2"), PLAIN)
    await handler.handle(STREAM, decider, claim("3"), KEYED)
    return handler


@pytest.mark.parametrize("kept", [0, 1, 2])
async def test_what_was_lost_is_shown_no_more(store: Copied, handler: Handler, kept: int) -> None:
    store.fall_back(kept)

    assert await handler.load(STREAM, decider) == ("1", "2", "3")[:kept]


@pytest.mark.parametrize("kept", [0, 1, 2])
async def test_a_request_that_was_lost_is_recorded_when_it_is_said_again(
    store: Copied, handler: Handler, kept: int
) -> None:
    store.fall_back(kept)

    outcome = await handler.handle(STREAM, decider, claim("3"), KEYED)

    assert outcome.facts == (f"{STREAM}@{kept + 1}",)
    assert amounts(await everything(store)) == [*("1", "2")[:kept], "3"]


async def test_nothing_is_decided_on_what_others_recorded_otherwise_since(
    store: Copied, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    store.fall_back(1)
    await store.append([stored(2, "5"), stored(3, "6"), stored(4, "7")])

    outcome = await handler.handle(STREAM, decider, claim("2", "6"), PLAIN)

    assert outcome.state == ("1", "5", "6", "7", "2")
    assert caplog.messages == [f"{STREAM} was lost by its store, and is read anew"]


async def test_nothing_is_recorded_behind_what_is_lost_after_it_was_read(
    store: Copied, handler: Handler
) -> None:
    store.falls_to = 1

    outcome = await handler.handle(STREAM, decider, claim("2", "4"), PLAIN)

    assert outcome.facts == (f"{STREAM}@2", f"{STREAM}@3")
    assert [fact.version for fact in await stream_of(store, STREAM)] == [1, 2, 3]
    assert await handler.load(STREAM, decider) == ("1", "2", "4")


async def test_nothing_is_decided_on_what_is_lost_after_it_was_read_and_is_another_by_then(
    store: Copied, handler: Handler
) -> None:
    store.falls_to = 2
    store.rival = stored(3, "9")

    outcome = await handler.handle(STREAM, decider, claim("2", "4"), PLAIN)

    assert outcome.state == ("1", "2", "9", "4")
    assert amounts(await everything(store)) == ["1", "2", "9", "4"]
    assert await handler.load(STREAM, decider) == outcome.state
