"""The council and the administration: they decide, approve, publish, and correct what they did."""

import asyncio
from typing import Any

from tests.faults.kill import cycle as the
from tests.faults.kill.client import LOOK_EVERY_S, WAIT_S_MAX, Client, World

DECISION = {"number": "12/QĐ-HĐTĐ", "on": "2022-01-20"}


class Member:
    """A member of the council, who appraises every item of some agencies."""

    def __init__(self, world: World, name: str, home: str, agencies: tuple[str, ...]) -> None:
        self._client = Client(world, name, "council", home)
        self._world = world
        self._agencies = agencies

    async def appraise(self) -> None:
        """Decide on everything, and again and again until it is over."""
        for agency in self._agencies:
            await self._client.until_found(the.appraisal(agency))
        await self._decide_on_all()
        while not self._world.over:
            agency = self._world.chance.choice(self._agencies)
            await self._decide(agency, self._world.chance.choice(the.ITEMS))
            await self._client.think()

    async def approve(self) -> None:
        """Close each agency."""
        for agency in self._agencies:
            await self._client.post(f"{the.appraisal(agency)}/approval", DECISION)

    async def _decide_on_all(self) -> None:
        for agency in self._agencies:
            for item in the.ITEMS:
                await self._decide(agency, item)

    async def _decide(self, agency: str, item: str) -> None:
        path = f"{the.appraisal(agency)}/items/{item}"
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
        others = [
            points for points in the.POINTS if points not in {shown["self"], shown["awarded"]}
        ]
        return {
            "decision": "reject",
            "declaration": declaration,
            "awarded": self._world.chance.choice(others),
            "reason": f"Lý do {self._world.chance.randrange(1000)}",
            "legal_basis": "Quyết định 2366/QĐ-UBND, Phụ lục",
        }


class Publisher:
    """The council's chair and the administration, who make the result public."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chair = Client(world, "chair", "council", "so-tai-chinh")
        self._administrator = Client(world, "publisher", "administrator")
        self._surveyor = Client(world, "examiner", "survey-officer")

    async def publish(self) -> None:
        """Publish; then take out an answer, and publish that as a correction, until it is over."""
        revision = 1
        await self._publish(revision, {"decision": DECISION})
        while not self._world.over:
            position, revision = revision - 1, revision + 1
            excluded = {"batch": 1, "positions": [position], "reason": "Phiếu không hợp lệ."}
            path = f"{the.survey(the.QUESTIONNAIRES[0])}/exclusions"
            if not (await self._surveyor.post(path, excluded)).taken:
                return
            because = f"Đã loại phiếu thứ {position}."
            await self._publish(revision, {"decision": DECISION, "because": because})

    async def _publish(self, revision: int, body: dict[str, Any]) -> None:
        """What the council has seen may have changed when it says so; then it looks again."""
        async with asyncio.timeout(WAIT_S_MAX):
            while True:
                seen = (await self._chair.get(the.ranking("hindrances"))).body
                digest = {"digest": seen["digest"]}
                if not seen["hindrances"] and seen["digest"] not in {None, ""}:
                    await self._chair.post(the.ranking("approvals"), digest)
                    path = the.ranking(f"publications/{revision}")
                    if (await self._administrator.put(path, body)).taken:
                        return
                await asyncio.sleep(LOOK_EVERY_S)
