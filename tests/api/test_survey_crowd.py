"""More answers than can be put in: some are told to come again at once, and none is lost."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import httpx

from shared.adapters.chance import SecretChance
from shared.adapters.postgres.urn import urn as postgres_urn
from shared.adapters.slips import SLIPS_WAITING_MAX
from shared.adapters.sqlite import SqliteUrn
from shared.adapters.sqlite.urn import urn as sqlite_urn
from shared.adapters.sqlite.urn.putting import Cast, Spend
from shared.adapters.web.rooms import REQUESTS_MAX, Room
from shared.kernel.errors import Problem
from tests.support.opened import opened
from tests.support.survey_office import ASKED_OF_CITIZENS, CITIZENS, code_of, open_office

WAITING_MAX = SLIPS_WAITING_MAX
TOO_MANY = 20


class StillUrn(SqliteUrn):
    """An urn that stands still, with the first who came, until it may move."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SecretChance())
        self.stands = asyncio.Event()
        self.may_move = asyncio.Event()

    async def _put_all(self, wanted: Sequence[Spend | Cast]) -> Sequence[Problem | None]:
        self.stands.set()
        await self.may_move.wait()
        return await super()._put_all(wanted)


async def test_as_many_as_are_too_many_are_told_to_come_again_and_all_others_are_taken(
    tmp_path: Path,
) -> None:
    async with opened(StillUrn(tmp_path / "urn.db")) as urn, open_office(urn) as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        first, *others = await office.invite(1 + WAITING_MAX + TOO_MANY)
        asking = {asyncio.create_task(office.answer(first)): first}
        await urn.stands.wait()
        asking |= {asyncio.create_task(office.answer(token)): token for token in others}

        refused: set[asyncio.Task[httpx.Response]] = set()
        while len(refused) < TOO_MANY:
            answered, _ = await asyncio.wait(
                asking.keys() - refused, return_when=asyncio.FIRST_COMPLETED
            )
            refused |= answered
        assert {code_of(each.result()) for each in refused} == {(429, "too-many-answers")}
        assert {each.result().headers["retry-after"] for each in refused} == {"5"}
        assert len(refused) == TOO_MANY
        assert await office.waiting() == 0

        urn.may_move.set()
        taken = await asyncio.gather(*(asking.keys() - refused))
        again = await asyncio.gather(*(office.answer(asking[each]) for each in refused))

        assert {answer.status_code for answer in (*taken, *again)} == {201}
        assert await office.waiting() == len(asking) == 1 + WAITING_MAX + TOO_MANY


def test_a_door_lets_more_in_than_an_urn_keeps_waiting() -> None:
    for urn in (sqlite_urn, postgres_urn):
        assert Room(REQUESTS_MAX).strangers_max > urn.SLIPS_MAX + urn.SLIPS_WAITING_MAX
