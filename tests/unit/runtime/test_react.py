"""Reacting: what others said leads to what the policy says, in order, once, whatever fails."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored, decode
from shared.events.envelope import Context, Recorded, caused_by
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Tracking
from shared.runtime.handle import Handler
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.react import BATCH_FACTS_MAX, CONSUMER, STOPPED, Reactor, track_of
from tests.support.claims import AT, STREAM, Claim, amounts, claim, decider, stored
from tests.support.failing import FailingEventStore, Fate, everything

STEPS_MAX = 100
HEARD = "submission/2021/so-noi-vu"


def policy(recorded: Recorded) -> Sequence[Claim]:
    """The points of a fact are the commands that it leads to: "1 2" to two, "" to none."""
    return [claim(points) for points in recorded.data.points.split()]


class Copying:
    """A service that claims what another one claimed."""

    def __init__(self, inbox: MemoryEventStore, store: MemoryEventStore) -> None:
        self.handler = Handler(store)
        self.reactor = Reactor(inbox, store, policy, self.perform)

    async def perform(self, command: Claim, cause: Recorded, tracking: Tracking | None) -> None:
        """Run one command of the policy."""
        context = caused_by(cause, Context(AT))
        await self.handler.handle(STREAM, decider, command, context, tracking=tracking)

    async def react_to_all(self) -> int:
        """Step until nothing is left, as the loop around it does; returns how often it failed."""
        failures = 0
        for _ in range(STEPS_MAX):
            try:
                if not await self.reactor.step():
                    return failures
            except Unavailable:
                failures += 1
        raise AssertionError("it stands still")


async def inbox_of(*points: str) -> MemoryEventStore:
    inbox = MemoryEventStore()
    await inbox.append([stored(place, each, HEARD) for place, each in enumerate(points, start=1)])
    return inbox


async def test_facts_lead_to_commands_in_the_order_in_which_they_were_received() -> None:
    inbox, store = await inbox_of("3", "1", "2"), MemoryEventStore()

    assert await Copying(inbox, store).reactor.step() == 3

    assert amounts(await everything(store)) == ["3", "1", "2"]
    assert await store.tracked(CONSUMER) == 3


async def test_a_fact_may_lead_to_several_commands_and_is_the_cause_of_each() -> None:
    inbox, store = await inbox_of("2 1", "3"), MemoryEventStore()

    await Copying(inbox, store).reactor.step()

    facts = [decode(fact.body) for fact in await everything(store)]
    assert [(fact.data.points, fact.context.causation_id) for fact in facts] == [
        ("2", f"{HEARD}@1"),
        ("1", f"{HEARD}@1"),
        ("3", f"{HEARD}@2"),
    ]


async def test_a_fact_that_leads_to_nothing_is_dealt_with_too() -> None:
    inbox, store = await inbox_of("", ""), MemoryEventStore()

    await Copying(inbox, store).reactor.step()

    assert await everything(store) == []
    assert await store.tracked(CONSUMER) == 2


async def test_what_was_dealt_with_is_not_dealt_with_again_also_by_a_new_process() -> None:
    inbox, store = await inbox_of("1"), MemoryEventStore()
    await Copying(inbox, store).reactor.step()

    assert await Copying(inbox, store).reactor.step() == 0


async def test_a_full_inbox_is_dealt_with_in_batches() -> None:
    points = [str(place) for place in range(BATCH_FACTS_MAX + 1)]
    inbox, store = await inbox_of(*points), MemoryEventStore()
    reactor = Copying(inbox, store).reactor

    steps = [await reactor.step() for _ in range(3)]

    assert steps == [BATCH_FACTS_MAX, 1, 0]
    assert amounts(await everything(store)) == points


# --- What leads to nothing


@pytest.mark.parametrize("points", ["-1", "-1 1", "1 -1", "1 -1 2", "-1 -1"])
async def test_a_command_that_is_refused_is_passed_over_and_the_others_are_not(
    points: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    inbox, store = await inbox_of(points, "3"), MemoryEventStore()

    await Copying(inbox, store).reactor.step()

    allowed = [each for each in (*points.split(), "3") if each != "-1"]
    sentence = f"{HEARD}@1 asked for what is refused here: points-below-zero"
    assert amounts(await everything(store)) == allowed
    assert await store.tracked(CONSUMER) == 2
    assert caplog.messages == [sentence] * points.split().count("-1")


async def test_what_waits_behind_a_gap_leads_to_nothing_until_it_has_its_place() -> None:
    inbox, store = MemoryEventStore(), MemoryEventStore()
    [second, first] = [stored(2, "2", HEARD), stored(1, "1", HEARD)]
    parked = Stored(PARKED + HEARD, 2, second.type, second.body)
    await inbox.append([parked, first, second])

    await Copying(inbox, store).reactor.step()

    assert amounts(await everything(store)) == ["1", "2"]


@pytest.mark.parametrize("place", [UNREADABLE + "0", ALTERED + HEARD])
async def test_what_was_set_aside_leads_to_nothing(
    place: str, caplog: pytest.LogCaptureFixture
) -> None:
    inbox, store = MemoryEventStore(), MemoryEventStore()
    await inbox.append([Stored(place, 1, "any", b"\xff"), stored(1, "1", HEARD)])

    await Copying(inbox, store).reactor.step()

    assert amounts(await everything(store)) == ["1"]
    assert caplog.messages == []


# --- Failures


@pytest.mark.parametrize("problem", [Unavailable("database-unavailable"), Conflict("busy")])
async def test_what_passes_by_itself_is_raised_and_nothing_is_passed(problem: Exception) -> None:
    inbox, store = await inbox_of("", "1 2", "3"), MemoryEventStore()

    async def perform(*_: object) -> None:
        raise problem

    with pytest.raises(type(problem)):
        await Reactor(inbox, store, policy, perform).step()

    assert await store.tracked(CONSUMER) == 0
    assert await inbox.streams(STOPPED, limit=1) == []


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("fate", ["fails", "works, and the answer is lost"])
async def test_a_crash_between_two_commands_repeats_without_effect(place: int, fate: Fate) -> None:
    inbox = await inbox_of("1 2 3", "4")
    before: list[Fate] = ["works"] * place
    store = FailingEventStore(*before, fate)

    with pytest.raises(Unavailable):
        await Copying(inbox, store).reactor.step()
    await Copying(inbox, store).react_to_all()

    assert amounts(await everything(store)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("points", ["1", "1 2"])
async def test_a_fact_is_dealt_with_when_its_last_command_is_recorded(points: str) -> None:
    inbox, store = await inbox_of(points), FailingEventStore()
    store.fates = ["works"] * (len(points.split()) - 1)
    store.fates.append("works, and the answer is lost")

    with pytest.raises(Unavailable):
        await Copying(inbox, store).reactor.step()

    assert await store.tracked(track_of(HEARD)) == 1


texts = st.lists(st.sampled_from(("1", "2", "3", "4", "-1")), max_size=3).map(" ".join)
fates = st.lists(
    st.sampled_from(("works", "works", "fails", "works, and the answer is lost")), max_size=10
)


@given(st.lists(texts, max_size=6), fates)
async def test_whatever_fails_the_outcome_is_that_of_an_undisturbed_reaction(
    points: list[str], fates: list[Fate]
) -> None:
    inbox = await inbox_of(*points)
    undisturbed, disturbed = MemoryEventStore(), FailingEventStore(*fates)

    await Copying(inbox, undisturbed).react_to_all()
    await Copying(inbox, disturbed).react_to_all()

    assert await everything(disturbed) == await everything(undisturbed)
    assert await disturbed.tracked(CONSUMER) == len(points)


# --- Two at once


@pytest.mark.parametrize("points", ["1", "1 2", "1 -1", "-1", ""])
async def test_two_who_react_at_once_do_it_once_and_neither_fails(points: str) -> None:
    inbox, store = await inbox_of(points, "3", points, "4"), MemoryEventStore()

    failures = await asyncio.gather(*(Copying(inbox, store).react_to_all() for _ in range(2)))

    alone = MemoryEventStore()
    await Copying(inbox, alone).react_to_all()
    assert failures == [0, 0]
    assert amounts(await everything(store)) == amounts(await everything(alone))
    assert await store.tracked(CONSUMER) == 4


async def test_what_somebody_else_dealt_with_in_the_meantime_is_passed_over() -> None:
    inbox, store = await inbox_of("1", "2"), MemoryEventStore()
    slow = Copying(inbox, store)

    async def perform(command: Any, cause: Recorded, tracking: Tracking | None) -> None:  # noqa: ANN401 - a command
        await Copying(inbox, store).react_to_all()
        await slow.perform(command, cause, tracking)

    assert await Reactor(inbox, store, policy, perform).step() == 2

    assert amounts(await everything(store)) == ["1", "2"]
    assert await store.tracked(CONSUMER) == 2


async def test_a_command_that_records_nothing_with_its_cause_does_not_keep_the_loop_busy() -> None:
    inbox, store = await inbox_of("1"), MemoryEventStore()

    async def record_nothing(_: Claim, __: Recorded, ___: Tracking | None) -> None:
        return

    reactor = Reactor(inbox, store, policy, record_nothing)

    assert [await reactor.step(), await reactor.step()] == [1, 0]
