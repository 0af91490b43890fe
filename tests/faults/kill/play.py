"""The play: chapter after chapter of the cycle, each through a number of lives of the system."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same lives
from typing import Any

import httpx

from tests.faults.judged import steps
from tests.faults.judged.client import World
from tests.faults.judged.cycle import ITEMS
from tests.faults.judged.diary import Diary
from tests.faults.kill import cycle as the
from tests.faults.kill import people
from tests.faults.kill.council import Member, Publisher
from tests.faults.kill.lives import STARTING, WORKING, Death, Lives

LIFE_S_MAX = 0.8
FUSED_LIFE_S_MAX = 1.5  # Then whoever waits for the moment stops waiting, and kills.
CHAPTER_S_MAX = 240
TIMEOUT_S = 30.0

# Each with how often it may come by before it is the last one.
EVERYDAY = {
    "store.append": 20,
    "store.track": 10,
    "inbox.append": 15,
    "topic.publish": 10,
    "documents.put": 40,
}
DECLARING = {
    "files.put": 3,
    "uploads.put": 3,
    "seals.seal": 4,
    "urn.grant": 1,
    "urn.spend": 8,
    "urn.drop": 3,
    "urn.draw": 2,
    "urn.discard": 2,
}
CLOSING = {"urn.shut": 1, "urn.draw": 2, "urn.discard": 2, "store.append": 2}

Crowd = Sequence[Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Who is at work at what time, and how often the system dies of what meanwhile."""

    title: str
    now: str
    kills: int
    moments: dict[str, int]
    crowd: Callable[["Cast"], Crowd]


class Cast:
    """Everybody who plays."""

    def __init__(self, world: World[Lives]) -> None:
        self.world = world
        first, second, third = the.AGENCIES
        self.officers = (
            people.Officer(world, "officer-1", first, ITEMS[:2]),
            people.Officer(world, "officer-2", first, ITEMS[2:]),
        )
        self.whole = people.Officer(world, "officer-3", second)
        self.late = people.Officer(world, "officer-4", third)
        self.surveyors = tuple(people.Surveyor(world, name) for name in the.QUESTIONNAIRES)
        (one, one_home), (two, two_home) = the.MEMBERS
        self.members = (
            Member(world, one, one_home, (first, second)),
            Member(world, two, two_home, (third,)),
        )
        self.publisher = Publisher(world)


CHAPTERS = (
    Chapter(
        "open",
        the.CYCLE.declaring,
        3,
        {"store.append": 8, "topic.publish": 4, "inbox.append": 6, "documents.put": 12},
        lambda cast: [open_all(cast.world)],
    ),
    Chapter(
        "declare and answer",
        the.CYCLE.declaring,
        24,
        {**EVERYDAY, **DECLARING},
        lambda cast: [
            *(officer.declare() for officer in cast.officers),
            cast.whole.declare_sheets(),
            cast.late.declare(),
            *(surveyor.ask() for surveyor in cast.surveyors),
        ],
    ),
    Chapter(
        "lock",
        the.CYCLE.locking,
        3,
        EVERYDAY,
        lambda cast: [
            cast.officers[0].lock(),
            cast.whole.lock(),
            cast.late.declare(),
            *(surveyor.ask() for surveyor in cast.surveyors),
        ],
    ),
    Chapter(
        "overdue",
        the.CYCLE.overdue,
        2,
        {"store.append": 3, "topic.publish": 2, "inbox.append": 3},
        lambda cast: [surveyor.ask() for surveyor in cast.surveyors],
    ),
    Chapter(
        "appraise",
        the.CYCLE.appraising,
        8,
        {**EVERYDAY, "seals.seal": 4, "urn.spend": 8},
        lambda cast: [
            *(member.appraise() for member in cast.members),
            *(surveyor.ask() for surveyor in cast.surveyors),
        ],
    ),
    Chapter(
        "close the survey",
        the.CYCLE.survey_over,
        4,
        CLOSING,
        lambda _: [],
    ),
    Chapter(
        "approve and publish",
        the.CYCLE.decided,
        5,
        {"store.append": 4, "topic.publish": 3, "inbox.append": 3, "seals.seal": 1},
        lambda cast: [_conclude(cast)],
    ),
)
KILLS = sum(chapter.kills + 1 for chapter in CHAPTERS)
"""Each chapter ends with one more."""

COMMITTED = (
    "after store.append",
    "after files.put",
    "after uploads.put",
    "after urn.drop",
    "after urn.grant",
    "after urn.spend",
)
"""Between commit and reply; they come twice as often as the others."""

MOMENTS = sorted(
    {
        f"{side} {call}"
        for chapter in CHAPTERS
        for call in chapter.moments
        for side in ("before", "after")
    }
)


async def open_all(world: World[Lives]) -> None:
    """Everything that has to be there before anybody can begin."""
    await steps.open_cycle(world, the.CYCLE)
    await steps.assign(world, the.CYCLE, the.MEMBERS)
    await steps.open_surveys(world, the.CYCLE)


async def _conclude(cast: Cast) -> None:
    for member in cast.members:
        await member.approve()
    await cast.publisher.publish()


@asynccontextmanager
async def stage(data: Path, seed: int) -> AsyncIterator[World[Lives]]:
    """A system on an empty data directory, and nobody who calls yet."""
    lives = Lives(data)
    async with httpx.AsyncClient(timeout=TIMEOUT_S, verify=False) as http:  # noqa: S501 - no TLS
        try:
            yield World(lives, http, Diary(), Random(seed))
        finally:
            await lives.clean_up()


async def play(world: World[Lives]) -> None:
    """The whole cycle; afterwards the system runs, and everybody has got their answers."""
    cast = Cast(world)
    for chapter in CHAPTERS:
        await _play(chapter, cast)
    await world.system.start()


async def _play(chapter: Chapter, cast: Cast) -> None:
    world, lives = cast.world, cast.world.system
    world.over = False
    moments = _shuffled(chapter, world)
    crowd = asyncio.create_task(_gather(chapter, cast))
    try:
        async with asyncio.timeout(CHAPTER_S_MAX):
            for number in range(chapter.kills):
                await lives.live(_death(moments[number % len(moments)], chapter, world))
            await lives.start_warm()
            world.over = True
            await crowd
            await lives.kill()
    finally:
        crowd.cancel()


async def _gather(chapter: Chapter, cast: Cast) -> None:
    await steps.go_to(cast.world, chapter.now)
    async with asyncio.TaskGroup() as group:
        for task in chapter.crowd(cast):
            group.create_task(task)


def _shuffled(chapter: Chapter, world: World[Lives]) -> list[str]:
    exact = [f"{side} {call}" for call in chapter.moments for side in ("before", "after")]
    again = [moment for moment in exact if moment in COMMITTED]
    moments = [*exact, *again, STARTING, WORKING]
    world.chance.shuffle(moments)
    return moments


def _death(moment: str, chapter: Chapter, world: World[Lives]) -> Death:
    chance = world.chance
    match moment:
        case "while it starts":
            return Death(moment, chance.uniform(0.4, 1.1) * world.system.start_s)
        case "at work, at any moment":
            return Death(moment, chance.uniform(0.02, LIFE_S_MAX))
        case _:
            most = chapter.moments[moment.split()[1]]
            return Death(moment, FUSED_LIFE_S_MAX, chance.randint(1, most))
