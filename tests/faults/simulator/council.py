"""The council on one agency: two members decide, give the sheet back now and then, and approve."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from fractions import Fraction

from services.appraisal.application import Appraisals, Place, Ruling
from services.appraisal.domain.state import Appraisal, Examined
from services.appraisal.domain.verdict import Verdict
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.runtime.handle import Outcome
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.caller import LOOK_EVERY_S, TRIES_MAX, Caller
from tests.faults.simulator.world import World

SECOND_THOUGHTS = 5
AWARDED = ("0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2")
REASON = "Chưa có văn bản."

Command = Callable[[Appraisals, Actor, Context], Awaitable[Outcome]]


class Council:
    """What the council does with one agency; its first member presides."""

    def __init__(self, world: World, agency: str) -> None:
        self._callers = tuple(
            Caller(world, "appraisal", member, the.APPRAISING_AT) for member in the.MEMBERS
        )
        self._chance = world.chance
        self._place = Place(the.CYCLE, agency)
        self._said = 0

    async def appraise(self) -> None:
        """Decide on every item, both members at once, each on a half; and think again."""
        await self._callers[0].until(self._ready)
        half = len(the.DECLARED) // 2
        for _ in range(1 + SECOND_THOUGHTS):
            first, second = the.DECLARED[:half], the.DECLARED[half:]
            await asyncio.gather(self._decide(0, first), self._decide(1, second))

    async def give_back(self) -> None:
        """Let the agency change its sheet: one proposes it, and another agrees."""
        place, until = self._place, the.REOPENED_UNTIL
        await self._insist(
            0, lambda it, by, context: it.propose_reopening(by, place, REASON, until, context)
        )
        state: Appraisal = await self._callers[1].ask(self._state)
        [action] = [
            code
            for code, action in state.open_actions.items()
            if action.proposed.kind == "reopen-submission"
        ]
        await self._insist(1, lambda it, by, context: it.second(by, place, action, context))

    async def approve(self, declaration: str) -> None:
        """Decide on what is due again, once `declaration` is known, and approve the whole."""
        place = self._place
        if declaration:
            await self._callers[0].until(lambda it: self._knows(it, declaration))
        for _ in range(TRIES_MAX):
            state: Appraisal = await self._callers[0].ask(self._state)
            due = [code for code, examined in state.items.items() if not examined.decision]
            if due:
                await self._decide(0, due)
            elif await self._say(
                0, lambda it, by, context: it.approve(by, place, the.DECISION, context)
            ):
                return
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"{place.agency} is never approved")

    async def _decide(self, member: int, items: Sequence[str]) -> None:
        place = self._place
        state: Appraisal = await self._callers[member].ask(self._state)
        rulings = [self._ruling(state.items[item]) for item in items]
        if self._chance.random() * 4 < 3:
            await self._say(
                member, lambda it, by, context: it.decide_together(by, place, rulings, context)
            )
            return
        for ruling in rulings:
            await self._decide_one(member, ruling)

    async def _decide_one(self, member: int, ruling: Ruling) -> None:
        place = self._place
        await self._say(member, lambda it, by, context: it.decide(by, place, ruling, context))

    def _ruling(self, examined: Examined) -> Ruling:
        item, declaration = examined.given.item, examined.given.declaration
        based_on = examined.version if examined.decision or examined.proposal else None
        if self._chance.random() * 6 < 1:
            return Ruling(Verdict(item, "recognise", declaration, based_on=based_on))
        said = examined.decision.awarded if examined.decision else ""
        claimed = Fraction(examined.given.points)
        others = [
            each for each in AWARDED if each != said and claimed != Fraction(each) >= claimed / 2
        ]
        awarded = self._chance.choice(others)
        verdict = Verdict(item, "reject", declaration, None, awarded, None, "Điều 5", based_on)
        return Ruling(verdict, REASON)

    async def _say(self, member: int, command: Command) -> Outcome | None:
        by = the.MEMBERS[member]
        return await self._callers[member].say(
            self._key(), lambda it, context: command(it.appraisals, by, context)
        )

    async def _insist(self, member: int, command: Command) -> Outcome:
        by = the.MEMBERS[member]
        return await self._callers[member].insist(
            self._key(), lambda it, context: command(it.appraisals, by, context)
        )

    async def _state(self, it: services.Appraisal) -> Appraisal:
        return await it.papers.appraisal(self._place)

    async def _ready(self, it: services.Appraisal) -> bool:
        assigned = await it.papers.assignments(the.CYCLE)
        return len(assigned.members) == len(the.DECLARED) and (await self._state(it)).opened

    async def _knows(self, it: services.Appraisal, declaration: str) -> bool:
        sheet = await it.papers.sheet(self._place)
        known = {presented.declaration for presented in sheet.items.values()}
        given = {each.given.declaration for each in (await self._state(it)).items.values()}
        return sheet.locked and declaration in known & given

    def _key(self) -> str:
        self._said += 1
        return f"{self._place.agency}/{self._said}"
