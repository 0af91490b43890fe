"""The play of the story by HTTP, with many callers at once: each scene begins when one is over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from random import Random  # noqa: TID251 - seeded: the same seed says the same things again
from typing import Any

import httpx

from tests.faults.judged import steps
from tests.faults.judged.client import AnySystem, World
from tests.faults.judged.cycle import Cycle
from tests.faults.judged.diary import Diary
from tests.faults.real import story
from tests.faults.real.people import Member, Officer, Surveyor, Typist, Watcher

SCENE_S_MAX = 240
TIMEOUT_S = 30.0

Crowd = Sequence[Coroutine[Any, Any, None]]


class Cast:
    """Everybody who plays."""

    def __init__(self, world: World[Any], cycle: Cycle) -> None:
        self.world = world
        self.cycle = cycle
        self._members = [
            Member(world, cycle, member, agencies) for member, agencies in story.APPRAISED_BY
        ]
        self._heads = {
            agency: Officer(world, cycle, "head", agency) for agency in cycle.every_agency
        }
        self._publisher = steps.Publisher(world, cycle)
        self._elsewhere = self._surveyors(story.CERTIFIED)

    def open(self) -> Crowd:
        """The cycle is opened, which needs submission alone."""
        return [steps.open_cycle(self.world, self.cycle)]

    def open_surveys(self) -> Crowd:
        """The surveys are opened, once the survey has heard of the cycle."""
        return [steps.open_surveys(self.world, self.cycle)]

    def declare(self) -> Crowd:
        """Agencies declare and prove; people answer."""
        world, cycle = self.world, self.cycle
        first, second = slice(2), slice(2, None)
        return [
            Officer(world, cycle, "first", story.TWO_OFFICERS, first).declare(),
            Officer(world, cycle, "second", story.TWO_OFFICERS, second).declare(),
            Officer(world, cycle, "officer", story.WHOLE_SHEET).declare_sheets(),
            Officer(world, cycle, "officer", story.LATE).declare(),
            Officer(world, cycle, "officer", story.ALONE).declare(),
            Officer(world, cycle, "officer", story.LATE_TOO).declare(),
            *(surveyor.ask() for name in story.ASKED for surveyor in self._surveyors(name)),
        ]

    def lock(self) -> Crowd:
        """Some agencies close their sheets; what was answered on paper is typed in."""
        return [
            *(self._heads[agency].lock() for agency in story.LOCKING),
            *(Typist(self.world, self.cycle, name).enter() for name in story.ON_PAPER),
            *(surveyor.take_over(1) for surveyor in self._elsewhere),
        ]

    def see_locked(self) -> Crowd:
        """The calendar closes the sheets of the others."""
        return [self._heads[agency].see_locked() for agency in self.cycle.every_agency]

    def assign(self) -> Crowd:
        """The council is given its criteria, once it has heard of the cycle."""
        return [steps.assign(self.world, self.cycle, story.MEMBERS)]

    def ask(self) -> Crowd:
        """The council asks, and the agencies explain."""
        explaining = [self._heads[agency].explain() for agency in self.cycle.every_agency]
        return [*(member.ask() for member in self._members), *explaining]

    def decide(self) -> Crowd:
        """The council decides; on one item two members together."""
        return self._decide(1)

    def see_closed(self) -> Crowd:
        """The calendar closes the surveys."""
        return [steps.see_surveys_closed(self.world, self.cycle)]

    def decide_again(self) -> Crowd:
        """In its second round the council changes some of its decisions."""
        return self._decide(2)

    def conclude(self) -> Crowd:
        """Everything is approved, published, and corrected once."""
        return [self._conclude()]

    def _decide(self, time: int) -> Crowd:
        agency, _ = story.NOTHING
        first = self._members[0]
        return [*(member.decide(time) for member in self._members), first.second(agency)]

    async def _conclude(self) -> None:
        for member in self._members:
            await member.approve()
        await self._publisher.publish(1)
        for surveyor in self._elsewhere:
            await surveyor.take_over(2)
        await self._publisher.see_change()
        await self._publisher.publish(2, "Cục Thống kê đính chính kết quả khảo sát.")

    def _surveyors(self, name: str) -> Sequence[Surveyor]:
        tier, _ = self.cycle.questionnaires[name]
        return [
            Surveyor(self.world, self.cycle, name, about) for about in self.cycle.agencies[tier]
        ]


def _scenes(cycle: Cycle) -> Sequence[tuple[str, Callable[[Cast], Crowd]]]:
    """When each begins, and who is on the stage."""
    return (
        (cycle.declaring, Cast.open),
        (cycle.declaring, Cast.open_surveys),
        (cycle.declaring, Cast.declare),
        (cycle.locking, Cast.lock),
        (cycle.overdue, Cast.see_locked),
        (cycle.appraising, Cast.assign),
        (cycle.appraising, Cast.ask),
        (cycle.appraising, Cast.decide),
        (cycle.survey_over, Cast.see_closed),
        (cycle.decided, Cast.decide_again),
        (cycle.decided, Cast.conclude),
    )


async def _nothing(_: str) -> None:
    """Nothing happens between the scenes."""


async def play(
    world: World[Any], cycle: Cycle, between: Callable[[str], Awaitable[None]] = _nothing
) -> None:
    """The whole cycle; afterwards everybody has got their answers.

    `between` is told the name of each scene before it begins.
    """
    cast = Cast(world, cycle)
    await steps.go_to(world, cycle.declaring)  # Or else tokens are of the cycle before, and expire.
    async with asyncio.TaskGroup() as group:
        group.create_task(Watcher(world, cycle).watch())
        for at, scene in _scenes(cycle):
            await between(scene.__name__)
            async with asyncio.timeout(SCENE_S_MAX):
                await steps.go_to(world, at)
                await _all_of(scene(cast))
        world.over = True


async def _all_of(crowd: Crowd) -> None:
    async with asyncio.TaskGroup() as group:
        for task in crowd:
            group.create_task(task)


@asynccontextmanager
async def callers_of(system: AnySystem, seed: int) -> AsyncIterator[World[AnySystem]]:
    """Somebody who calls a system, and asks again for as long as it is away."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S, verify=False) as http:  # noqa: S501 - no TLS
        yield World(system, http, Diary(), Random(seed), patient=True)
