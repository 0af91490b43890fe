"""Looks are shared by who asks for the same, and what came of them is known for a moment."""

import asyncio
import gc
from datetime import datetime, timedelta

import pytest

from services.survey.application.looks import REFUSALS_MAX, Looks
from shared.adapters.memory import MemoryClock
from shared.kernel.errors import Missing, Problem, Refused, Unavailable
from tests.support.small_cycle import at

AT = ("2021", "citizens")
OTHER = ("2021", "leaders")
KNOWN_S = 1.0
TURNS = 5


class Place:
    """Places that are looked at: each look waits until it is let go, and meets what is there."""

    def __init__(self) -> None:
        self.looks: list[tuple[str, str]] = []
        self.met: dict[tuple[str, str], Problem] = {}
        self.let_go = asyncio.Event()
        self.clock = MemoryClock(at(11, 22))

    def looked(self, refusals_max: int = REFUSALS_MAX) -> Looks[str]:
        return Looks(self._look, self.clock, known_s=KNOWN_S, refusals_max=refusals_max)

    def pass_s(self, seconds: float) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    async def _look(self, place: tuple[str, str], _: datetime) -> str:
        self.looks.append(place)
        await self.let_go.wait()
        if place in self.met:
            raise self.met[place]
        return "/".join(place)


async def all_wait() -> None:
    """Let others get as far as they can."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


@pytest.mark.parametrize("problem", [Refused("survey-closed", closes="2022"), Missing("unknown")])
async def test_a_refusal_is_known_for_a_moment_and_told_in_full_each_time(problem: Problem) -> None:
    place = Place()
    place.met[AT] = problem
    place.let_go.set()
    looks = place.looked()

    for _ in range(3):
        with pytest.raises(type(problem)) as told:
            await looks.at(AT)
        assert (told.value.code, told.value.details) == (problem.code, problem.details)
    asked = len(place.looks)
    place.pass_s(KNOWN_S)
    del place.met[AT]

    assert (asked, await looks.at(AT), len(place.looks)) == (1, "2021/citizens", 2)


async def test_what_was_seen_is_known_for_a_moment() -> None:
    place = Place()
    place.let_go.set()
    looks = place.looked()

    seen = [await looks.at(AT), await looks.at(AT)]
    place.pass_s(KNOWN_S)
    place.met[AT] = Refused("survey-closed")

    with pytest.raises(Refused):
        await looks.at(AT)
    assert seen == ["2021/citizens"] * 2
    assert len(place.looks) == 2


async def test_a_failure_goes_to_all_who_wait_for_that_look_and_is_not_remembered() -> None:
    place = Place()
    place.met[AT] = Unavailable("database-unavailable")
    looks = place.looked()
    waiting = [asyncio.create_task(looks.at(AT)) for _ in range(5)]
    await all_wait()
    place.let_go.set()

    failures = await asyncio.gather(*waiting, return_exceptions=True)
    asked = len(place.looks)
    del place.met[AT]

    assert [str(failure) for failure in failures] == ["database-unavailable"] * 5
    assert (asked, await looks.at(AT)) == (1, "2021/citizens")


async def test_who_looks_at_one_place_waits_for_no_look_at_another() -> None:
    place = Place()
    looks = place.looked()
    stranger = asyncio.create_task(looks.at(OTHER))
    await all_wait()
    asking = asyncio.create_task(looks.at(AT))
    await all_wait()
    looked = list(place.looks)
    place.let_go.set()

    assert (looked, await asking, await stranger) == ([OTHER, AT], "2021/citizens", "2021/leaders")


async def test_who_is_cancelled_takes_the_look_from_nobody() -> None:
    place = Place()
    looks = place.looked()
    first, second = (asyncio.create_task(looks.at(AT)) for _ in range(2))
    await all_wait()
    first.cancel()
    await asyncio.wait([first])
    place.let_go.set()

    assert (first.cancelled(), await second, place.looks) == (True, "2021/citizens", [AT])


async def test_a_look_for_which_nobody_waits_any_more_fails_silently_and_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = Place()
    place.met[AT] = Unavailable("database-unavailable")
    looks = place.looked()
    only = asyncio.create_task(looks.at(AT))
    await all_wait()
    only.cancel()
    await asyncio.wait([only])
    place.let_go.set()
    await all_wait()
    del place.met[AT]

    assert (await looks.at(AT), len(place.looks)) == ("2021/citizens", 2)
    del only
    gc.collect()  # Now asyncio would say that nobody heard of it.
    assert caplog.records == []


async def test_of_too_many_refusals_the_oldest_is_forgotten_and_nothing_that_was_seen() -> None:
    place = Place()
    place.let_go.set()
    looks = place.looked(refusals_max=2)
    made_up = [("2021", f"made-up-{number}") for number in range(3)]
    place.met = dict.fromkeys(made_up, Missing("questionnaire-unknown"))
    await looks.at(AT)

    for name in (*made_up, made_up[2], made_up[1], made_up[0]):
        with pytest.raises(Missing):
            await looks.at(name)
    await looks.at(AT)

    assert place.looks == [AT, *made_up, made_up[0]]
