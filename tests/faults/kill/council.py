"""The council and the administration: they decide, approve, publish, and correct what they did."""

from typing import Any

from tests.faults.judged import steps
from tests.faults.judged.client import Client, World
from tests.faults.judged.cycle import ITEMS, other_points
from tests.faults.kill import cycle as the
from tests.faults.kill.lives import Lives


class Member:
    """A member of the council, who appraises every item of some agencies."""

    def __init__(
        self, world: World[Lives], name: str, home: str, agencies: tuple[str, ...]
    ) -> None:
        self._client = Client(world, name, "council", home)
        self._world = world
        self._agencies = agencies

    async def appraise(self) -> None:
        """Decide on everything, and again and again until it is over."""
        for agency in self._agencies:
            await self._client.until_found(the.CYCLE.appraisal(agency))
        await self._decide_on_all()
        while not self._world.over:
            agency = self._world.chance.choice(self._agencies)
            await self._decide(agency, self._world.chance.choice(ITEMS))
            await self._client.think()

    async def approve(self) -> None:
        """Close each agency."""
        for agency in self._agencies:
            await self._client.post(f"{the.CYCLE.appraisal(agency)}/approval", steps.DECISION)

    async def _decide_on_all(self) -> None:
        for agency in self._agencies:
            for item in ITEMS:
                await self._decide(agency, item)

    async def _decide(self, agency: str, item: str) -> None:
        path = f"{the.CYCLE.appraisal(agency)}/items/{item}"
        shown = (await self._client.get(path)).body
        decided = await self._client.put(
            f"{path}/decision", self._decision(shown), tag=shown["version"]
        )
        if not decided.taken:
            self._world.diary.complain(f"a decision met {decided.status} {decided.body}")

    def _decision(self, shown: dict[str, Any]) -> dict[str, Any]:
        declaration = shown["declaration"]
        if not declaration or self._world.chance.random() < 0.4:
            return {"decision": "recognise", "declaration": declaration}
        others = [each for each in other_points(shown["self"]) if each != shown["awarded"]]
        return {
            "decision": "reject",
            "declaration": declaration,
            "awarded": self._world.chance.choice(others),
            "reason": f"Lý do {self._world.chance.randrange(1000)}",
            "legal_basis": "Quyết định 2366/QĐ-UBND, Phụ lục",
        }


class Publisher:
    """Who makes the result public, and corrects it."""

    def __init__(self, world: World[Lives]) -> None:
        self._world = world
        self._surveyor = Client(world, "examiner", "survey-officer")
        self._publisher = steps.Publisher(world, the.CYCLE)

    async def publish(self) -> None:
        """Publish; then take out an answer, and publish that as a correction, until it is over."""
        await self._publisher.publish(1)
        revision, position = 2, 0
        while not self._world.over:
            excluded = {"batch": 1, "positions": [position], "reason": "Phiếu không hợp lệ."}
            path = f"{the.CYCLE.survey(the.QUESTIONNAIRES[0])}/exclusions"
            if not (await self._surveyor.post(path, excluded)).taken:
                return
            because = f"Đã loại phiếu thứ {position}."
            revision += await self._publisher.publish(revision, because)
            position += 1
