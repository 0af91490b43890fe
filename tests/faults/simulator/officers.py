"""The officers of one agency: two of them fill in its sheet at once, and lock it."""

import asyncio
from collections.abc import Sequence

from services.submission.application import Place, Proof
from services.submission.domain.submission import Submission
from shared.events.envelope import split_id
from shared.kernel.actor import Actor
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.caller import Caller
from tests.faults.simulator.world import World

QUARTERS = 8
CHANGES = 10


class Officers:
    """What one agency does with its sheet."""

    def __init__(self, world: World, agency: str) -> None:
        self._by = Actor(f"officer-{agency}", "agency", agency)
        self._caller = Caller(world, "submission", self._by, the.SCORING_AT)
        self._chance = world.chance
        self._agency = agency
        self._said = 0
        self._quarters = 0

    async def fill_in(self) -> None:
        """Declare everything, prove what has to be proved, and change one's mind."""
        first, *others = the.DECLARED
        await asyncio.gather(self._declare_alone(first), self._declare_at_once(others))

    async def lock(self) -> None:
        """Close the sheet."""
        by, place = self._by, self._place()
        await self._caller.insist(
            self._key("lock"), lambda it, context: it.submissions.lock(by, place, context)
        )

    async def change_and_lock_again(self) -> str:
        """Wait until the sheet is open again, and change an item; returns the new declaration."""
        await self._caller.until(self._reopened)
        item = self._chance.choice(the.DECLARED)
        sheet: Submission = await self._caller.ask(self._sheet)
        score = sheet.entry(item).score
        declared = await self._declare(item, score.version if score else None)
        await self.lock()
        return declared

    async def _declare_alone(self, item: str) -> None:
        version = None
        for _ in range(1 + CHANGES // 2):
            declared = await self._declare(item, version)
            version = split_id(declared)[1] if declared else version
            await self._explain(item)
        for proved in the.PROVED:
            await self._prove(proved)

    async def _declare_at_once(self, items: Sequence[str]) -> None:
        version = None
        for _ in range(1 + CHANGES):
            version = await self._declare_together(items, version)

    async def _declare(self, item: str, based_on: int | None) -> str:
        by, place, inputs = self._by, self._place(item), self._inputs()
        outcome = await self._caller.say(
            self._key(f"declare-{item}"),
            lambda it, context: it.submissions.submit_score(by, place, inputs, based_on, context),
        )
        return outcome.facts[0] if outcome and outcome.facts else ""

    async def _declare_together(self, items: Sequence[str], based_on: int | None) -> int | None:
        by, place, scores = self._by, self._place(), {item: self._inputs() for item in items}
        outcome = await self._caller.insist(
            self._key("declare"),
            lambda it, context: it.submissions.submit_scores(by, place, scores, based_on, context),
        )
        return outcome.version

    async def _prove(self, item: str) -> None:
        by, place = self._by, self._place(item)
        proof = Proof("plan", the.DOCUMENT, the.FILE_SHA256, the.FILE_TYPE)
        await self._caller.say(
            self._key(f"prove-{item}"),
            lambda it, context: it.submissions.attach_evidence(by, place, proof, context),
        )

    async def _explain(self, item: str) -> None:
        by, place = self._by, self._place(item)
        key = self._key(f"explain-{item}")
        await self._caller.say(
            key, lambda it, context: it.submissions.give_explanation(by, place, key, context)
        )

    async def _sheet(self, it: services.Submission) -> Submission:
        return await it.shelf.submission(the.CYCLE, self._agency)

    async def _reopened(self, it: services.Submission) -> bool:
        return (await self._sheet(it)).status == "reopened"

    def _inputs(self) -> dict[str, str]:
        """Points that differ from those before, so that each declaration is news."""
        self._quarters = (self._quarters + self._chance.randrange(1, QUARTERS)) % QUARTERS
        return {"points": f"{self._quarters // 4}.{25 * (self._quarters % 4):02}"}

    def _place(self, item: str = "") -> Place:
        return Place(the.CYCLE, self._agency, item)

    def _key(self, what: str) -> str:
        self._said += 1
        return f"{self._agency}/{what}/{self._said}"
