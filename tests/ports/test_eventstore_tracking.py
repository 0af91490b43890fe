"""How far a consumer has come is recorded with what it did, or not at all, in every event store."""

import asyncio
from contextlib import suppress

import pytest

from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import EventStore, Tracking
from tests.ports.stored import SHEET, facts


async def test_facts_and_tracking_are_recorded_together(store: EventStore) -> None:
    await store.append(facts(1), tracking=Tracking("react", 17))

    assert await store.tracked("react") == 17
    assert await store.end() >= 1


async def test_a_consumer_that_never_began_is_at_0(store: EventStore) -> None:
    await store.append([], tracking=Tracking("relay", 1))

    assert await store.tracked("react") == 0


async def test_tracking_needs_no_facts(store: EventStore) -> None:
    await store.append([], tracking=Tracking("relay", 3))
    await store.append([], tracking=Tracking("relay", 9))

    assert await store.tracked("relay") == 9
    assert await store.end() == 0


@pytest.mark.parametrize("position", [16, 17])
async def test_a_consumer_does_not_go_back(store: EventStore, position: int) -> None:
    await store.append([], tracking=Tracking("react", 17))

    with pytest.raises(Conflict) as conflict:
        await store.append(facts(1), tracking=Tracking("react", position))

    assert conflict.value.code == "already-tracked"
    assert await store.stream(SHEET, limit=10) == []
    assert await store.tracked("react") == 17


async def test_a_taken_version_leaves_the_tracking_where_it_was(store: EventStore) -> None:
    await store.append(facts(1), tracking=Tracking("react", 1))

    with pytest.raises(Conflict, match="version-taken"):
        await store.append(facts(1), tracking=Tracking("react", 2))

    assert await store.tracked("react") == 1


@pytest.mark.parametrize(
    "unusual",
    [
        Stored(SHEET, 1, "submission.\0.v1", b"{}"),
        Stored(SHEET, 1, "submission.\ud800.v1", b"{}"),
        Stored(f"{SHEET}\0", 1, "submission.ScoreSubmitted.v1", b"{}"),
        Stored(SHEET, 2**64, "submission.ScoreSubmitted.v1", b"{}"),
    ],
    ids=["NUL in the type", "half a character", "NUL in the stream", "a version beyond 63 bits"],
)
async def test_what_a_store_cannot_hold_leaves_the_tracking_where_it_was(
    store: EventStore, unusual: Stored
) -> None:
    """A store may hold it; but not its tracking without it."""
    with suppress(Exception):
        await store.append([*facts(1, stream="cycle/2021"), unusual], tracking=Tracking("react", 1))

    kept = await store.log(after=0, limit=10)
    assert (len(kept), await store.tracked("react")) in {(0, 0), (2, 1)}
    await store.append(facts(3), tracking=Tracking("react", 2))


async def test_what_was_dealt_with_is_called_so_although_its_version_is_taken_too(
    store: EventStore,
) -> None:
    await store.append(facts(1), tracking=Tracking("react", 1))

    with pytest.raises(Conflict, match="already-tracked"):
        await store.append(facts(1), tracking=Tracking("react", 1))


async def test_of_twenty_that_track_a_position_one_does(store: EventStore) -> None:
    tracking = Tracking("react", 5)
    attempts = (
        store.append(facts(1, stream=f"survey/{number}"), tracking=tracking) for number in range(20)
    )

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert outcomes.count(None) == 1
    assert len(await store.log(after=0, limit=100)) == 1
