"""Everybody in a world, and how they need one another."""

import asyncio
from functools import partial

from services.submission.application import Opening
from shared.events.appraisal import Member
from shared.events.envelope import Context
from shared.runtime.handle import Outcome
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.caller import LOOK_EVERY_S, TRIES_MAX, Caller
from tests.faults.simulator.council import Council
from tests.faults.simulator.officers import Officers
from tests.faults.simulator.survey import Survey
from tests.faults.simulator.world import World

REOPENED = 2


class People:
    """They play a cycle, from its opening to its publication."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reopened = frozenset(world.chance.sample(the.AGENCIES, REOPENED))
        self._late = world.chance.choice(the.AGENCIES)
        self._scoring = set(the.AGENCIES)

    async def play(self) -> None:
        """Everything that happens before the faults stop."""
        await self._open(the.CYCLE, the.OPENING)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._open(the.OTHER_CYCLE, the.OTHER_OPENING))
            group.create_task(self._assign())
            group.create_task(Survey(self._world).run())
            for agency in the.AGENCIES:
                group.create_task(self._agency(agency))
        await self._publish()

    async def _open(self, cycle: str, opening: Opening) -> None:
        by = the.ADMINISTRATOR
        caller = Caller(self._world, "submission", by, the.SCORING_AT)
        await caller.insist(
            f"open-{cycle}", lambda it, context: it.cycles.open(by, cycle, opening, context)
        )

    async def _assign(self) -> None:
        caller = Caller(self._world, "appraisal", the.ADMINISTRATOR, the.SCORING_AT)
        for code in the.DECLARED:
            await caller.insist(f"assign-{code}", partial(_assign, code))

    async def _agency(self, agency: str) -> None:
        officers, council = Officers(self._world, agency), Council(self._world, agency)
        await officers.fill_in()
        if agency != self._late:
            await officers.lock()
        self._scoring.discard(agency)
        if not self._scoring:
            self._world.clock.set(the.APPRAISING_AT)  # The system locks the one that is late.
        await council.appraise()
        declaration = ""
        if agency in self._reopened:
            await council.give_back()
            declaration = await officers.change_and_lock_again()
        await council.approve(declaration)

    async def _publish(self) -> None:
        """Approve what was seen and publish it, unless a fact was told again with other bytes.

        What was approved before that stays approved, and saying so again is no news.
        """
        council = Caller(self._world, "ranking", the.MEMBERS[0], the.APPRAISING_AT)
        office = Caller(self._world, "ranking", the.ADMINISTRATOR, the.APPRAISING_AT)
        before = False
        for attempt in range(TRIES_MAX):
            digest, hindered = await council.until(_present)
            approved = await council.say(f"approve/{attempt}", partial(_approve, digest))
            if hindered == {"entry-altered"}:
                assert before or not approved, "nothing is approved that was told in two ways"
                return
            before = before or approved is not None
            if approved and await office.say(f"publish/{attempt}", _publish):
                return
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError("nothing is ever published")


async def _assign(code: str, it: services.Appraisal, context: Context) -> Outcome:
    members = [Member(id=member.id, agency=member.agency) for member in the.MEMBERS]
    place = (the.TIER, code)
    return await it.appraisals.assign(the.ADMINISTRATOR, the.CYCLE, place, members, context)


async def _present(it: services.Ranking) -> tuple[str, set[str]]:
    present = await it.rankings.hindrances(the.MEMBERS[0], the.CYCLE)
    return present["digest"], {hindrance["code"] for hindrance in present["hindrances"]}


async def _approve(digest: str, it: services.Ranking, context: Context) -> Outcome:
    return await it.rankings.approve(the.MEMBERS[0], the.CYCLE, digest, context)


async def _publish(it: services.Ranking, context: Context) -> Outcome:
    first = (the.CYCLE, 1)
    return await it.rankings.publish(the.ADMINISTRATOR, first, the.DECISION, None, context)
