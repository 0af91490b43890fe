"""Red flags as they once were: read on from what was kept, while others ask about the present."""

import asyncio
from collections.abc import Sequence
from random import Random  # noqa: TID251 - seeded: the same places in every run

from services.ranking.application import Wanted
from services.ranking.application.red_flags import FORMER_MAX
from services.ranking.views import flag_body, watch_body
from shared.count.flags import Watch
from shared.count.history import DISTANCE_ENTRIES_MIN
from shared.events.codec import Stored
from tests.support.flagged import DECLARED, LATE, ROUND_2
from tests.support.flagging import AUDITOR, Followed, keep, told, watching
from tests.support.small_cycle import CYCLE

WAIT_S = 5.0


async def test_flags_of_any_place_are_those_of_a_ledger_that_ends_there() -> None:
    store, story = Followed(), told()
    await keep(store, story)
    red_flags = watching(store)
    for number in (5, 2, 0, len(story.entries), 4):
        alone = Watch(CYCLE)
        for kept in story.entries[:number]:
            alone.take(kept)
        found, watched = await red_flags.read(AUDITOR, CYCLE, Wanted(limit=99, at=number))
        assert [each.id for each in found] == [flag.id for flag in alone.flags()]
        assert watched["counted_to"] == number


class Barred(Followed):
    """A store in which nobody reads a ledger from its beginning, as long as it is barred."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        self.free.set()
        self.somebody_waits = asyncio.Event()

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        if after == 0:
            self.somebody_waits.set()
            await self.free.wait()
        return await super().stream(stream, after=after, limit=limit)


async def test_who_asks_about_the_present_does_not_wait_for_the_past() -> None:
    store, story = Barred(), told()
    await keep(store, story)
    red_flags = watching(store)
    await red_flags.read(AUDITOR, CYCLE, Wanted())
    store.free.clear()
    store.somebody_waits.clear()

    past = asyncio.create_task(red_flags.read(AUDITOR, CYCLE, Wanted(at=7)))
    await store.somebody_waits.wait()
    async with asyncio.timeout(WAIT_S):
        _, present = await red_flags.read(AUDITOR, CYCLE, Wanted())
    assert not past.done()
    store.free.set()

    assert present["counted_to"] == len(story.entries)
    assert (await past)[1]["counted_to"] == 7


async def test_who_turns_pages_at_some_places_in_turn_has_each_read_once() -> None:
    store = Followed()
    await keep(store, told())
    red_flags = watching(store)
    places = range(1, 1 + FORMER_MAX)
    for at in places:
        await red_flags.read(AUDITOR, CYCLE, Wanted(at=at))
    store.read_after.clear()

    for at in places:
        await red_flags.read(AUDITOR, CYCLE, Wanted(at=at))
    assert store.read_after == []
    await red_flags.read(AUDITOR, CYCLE, Wanted(at=FORMER_MAX + 1))
    store.read_after.clear()
    await red_flags.read(AUDITOR, CYCLE, Wanted(at=1))

    assert store.read_after == [0]


async def test_the_past_of_a_long_ledger_is_read_on_from_a_state_that_was_kept() -> None:
    store, story = Followed(), told()
    while len(story.entries) < 2 * DISTANCE_ENTRIES_MIN + 50:
        story.decide("0", ROUND_2, item=DECLARED[len(story.entries) % len(DECLARED)])
        story.declare("1.1", "4", LATE)
    await keep(store, story)
    red_flags, alone = watching(store), Watch(CYCLE)
    await red_flags.read(AUDITOR, CYCLE, Wanted())
    places = sorted(Random(5).sample(range(len(story.entries) + 1), 6))

    for number in places:
        store.read_after.clear()
        found, watched = await red_flags.read(AUDITOR, CYCLE, Wanted(limit=99, at=number))

        for kept in story.entries[alone.size : number]:
            alone.take(kept)
        assert [each.body for each in found] == [flag_body(flag) for flag in alone.flags()]
        assert watched == watch_body(CYCLE, alone)
        assert store.read_after[0] == number // DISTANCE_ENTRIES_MIN * DISTANCE_ENTRIES_MIN
