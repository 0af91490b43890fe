"""Requests that come together are dealt with together, and each has an outcome of its own."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.adapters.together import Deal, Together
from shared.kernel.errors import Conflict, Crowded, Refused, Unavailable
from tests.support import quick_time

SHORT_S = 0.05
LONG_S = 10.0


class Desk:
    """Deals with numbers: 0 is refused, and two in a round may not be the same as one before."""

    def __init__(self) -> None:
        self.rounds: list[Sequence[int]] = []
        self.done: list[int] = []
        self.open = asyncio.Event()
        self.open.set()

    async def deal(self, numbers: Sequence[int]) -> Sequence[Exception | None]:
        self.rounds.append(numbers)
        await self.open.wait()
        if 13 in numbers:
            raise Unavailable("database-unavailable")
        wanted = [number for number in numbers if number]
        if len(set(wanted)) < len(wanted) or set(wanted) & set(self.done):
            raise Conflict("version-taken")
        self.done += wanted
        return [None if number else Refused("token-spent") for number in numbers]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def together(
    desk: Desk,
    *,
    weight_max: int = 100,
    waiting_max: int = 100,
    timeout_s: float = LONG_S,
    deal: Deal[int] | None = None,
) -> Together[int]:
    return Together(
        deal or desk.deal,
        weigh=lambda number: number,
        weight_max=weight_max,
        waiting_max=waiting_max,
        timeout_s=timeout_s,
        full=lambda: Crowded("too-many-answers"),
    )


async def ask_all(asked: Together[int], *numbers: int) -> Sequence[BaseException | None]:
    """The first one begins a round, during which the others come."""
    first = asyncio.create_task(asked.ask(numbers[0]))
    await asyncio.sleep(0)
    return await asyncio.gather(
        first, *(asked.ask(number) for number in numbers[1:]), return_exceptions=True
    )


async def test_who_comes_alone_waits_for_nobody(desk: Desk) -> None:
    asked = together(desk)

    await asked.ask(1)
    await asked.ask(2)

    assert desk.rounds == [[1], [2]]


async def test_those_who_come_meanwhile_make_one_round(desk: Desk) -> None:
    outcomes = await ask_all(together(desk), 1, 2, 3, 4)

    assert outcomes == [None] * 4
    assert desk.rounds == [[1], [2, 3, 4]]


async def test_a_round_weighs_no_more_than_it_may(desk: Desk) -> None:
    await ask_all(together(desk, weight_max=7), 1, 2, 5, 30, 3, 4)

    assert desk.rounds == [[1], [2, 5], [30], [3, 4]]


async def test_each_has_its_own_outcome(desk: Desk) -> None:
    outcomes = await ask_all(together(desk), 1, 0, 2)

    assert [type(outcome) for outcome in outcomes] == [type(None), Refused, type(None)]
    assert desk.done == [1, 2]


async def test_a_round_that_cannot_be_together_is_parted_until_it_can(desk: Desk) -> None:
    outcomes = await ask_all(together(desk), 1, 2, 1, 2, 3)

    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        type(None),
        Conflict,
        Conflict,
        type(None),
    ]
    assert desk.rounds == [[1], [2, 1, 2, 3], [2, 1], [2], [1], [2, 3], [2], [3]]
    assert desk.done == [1, 2, 3]


async def test_where_the_server_is_away_all_of_the_round_are_told(desk: Desk) -> None:
    outcomes = await ask_all(together(desk), 1, 2, 13)

    assert [type(outcome) for outcome in outcomes] == [type(None), Unavailable, Unavailable]
    assert desk.rounds == [[1], [2, 13]]


async def test_after_a_failure_it_goes_on(desk: Desk) -> None:
    asked = together(desk)
    await ask_all(asked, 13, 1)

    await asked.ask(2)

    assert desk.done == [1, 2]


async def test_who_is_cancelled_before_the_round_is_left_out(desk: Desk) -> None:
    asked = together(desk)
    desk.open.clear()
    tasks = [asyncio.create_task(asked.ask(1))]
    await asyncio.sleep(SHORT_S)
    tasks += [asyncio.create_task(asked.ask(number)) for number in (2, 3)]
    await asyncio.sleep(SHORT_S)

    tasks[0].cancel()
    tasks[1].cancel()
    await asyncio.sleep(0)
    desk.open.set()
    await tasks[2]

    assert desk.done == [1, 3]


def test_who_waits_too_long_is_told_and_left_out(desk: Desk) -> None:
    async def main() -> Sequence[BaseException | None]:
        asked = together(desk, timeout_s=SHORT_S)
        desk.open.clear()
        outcomes = await ask_all(asked, 1, 2)
        desk.open.set()
        await asked.ask(3)
        return outcomes

    outcomes = quick_time.run(main())

    assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
    assert desk.done == [1, 3]


async def test_no_more_wait_than_may(desk: Desk) -> None:
    outcomes = await ask_all(together(desk, waiting_max=2), 1, 2, 3, 4)

    assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [Crowded]


async def test_all_of_a_round_are_told_at_once_where_outcomes_are_missing(desk: Desk) -> None:
    async def deal(numbers: Sequence[int]) -> Sequence[Exception | None]:
        return [None for _ in numbers[1:]]

    asked = together(desk, deal=deal)

    outcomes = await ask_all(asked, 1, 2)

    assert [type(outcome) for outcome in outcomes] == [AssertionError] * 2
