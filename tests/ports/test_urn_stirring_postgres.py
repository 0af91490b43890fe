"""Stirring on PostgreSQL beside others: who still sees, who holds a table, who stirs as well."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresDatabase, PostgresUrn, connect
from shared.adapters.postgres.database import Result, Work
from shared.adapters.postgres.rewriting import write_anew
from shared.adapters.postgres.urn.stamping import news, restamp
from shared.adapters.postgres.urn.stirring import STIRRINGS_MAX
from shared.adapters.postgres.urn.turns import KEY
from shared.kernel.errors import Unavailable
from shared.ports import Draft
from tests.support import postgres
from tests.support.postgres_file import asked, stamps_in_file
from tests.support.servers import REAL
from tests.support.urns import (
    AGENCY,
    DAY,
    INVITED,
    LEADERS,
    OTHER,
    PAPER,
    SIPAS,
    draw_from,
    drop,
    invite,
    papers,
    secret,
)

pytestmark = REAL

TOKENS = [f"token-{number:02}" for number in range(40)]
DRAWN = ("urn_answers", "urn_receipts")
PARTS = (*DRAWN, "urn_comments")
USED = "select array_agg(xmin::text::bigint) from urn_rights"
SEE = "select count(*) from pg_class"
PLACE = "select pg_relation_filepath('{}')"
MOMENT_S = 0.5


class Failed(Exception):
    """What was begun is rolled back."""


class Behind(PostgresDatabase):
    """A database where something happens behind each rewriting of the table of receipts."""

    def __init__(self, url: str, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(url)
        self._happens = happens
        self._rewritten = 0

    async def rewrite(self, work: Work[Result]) -> Result:
        result = await super().rewrite(work)
        self._rewritten += 1
        if self._rewritten % len(DRAWN) == 0:
            await self._happens()
        return result


@asynccontextmanager
async def seeing(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """A report reads something else of the database, and takes its time."""
    async with await psycopg.AsyncConnection.connect(url) as report:
        await report.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        await report.execute(SEE)
        yield report


async def answer(urn: PostgresUrn, first: int, end: int) -> None:
    """People use their invitations, one after the other."""
    for number in range(first, end):
        await urn.spend(SIPAS, TOKENS[number], secret(number), day=DAY)


def telling(url: str, tables: tuple[str, ...] = PARTS) -> dict[str, int]:
    """How many rows, dead or alive, bear the stamp of a right."""
    used: Any = asked(USED, url)
    return {table: sum(each in used for each in stamps_in_file(table, url)) for table in tables}


NOTHING = dict.fromkeys(PARTS, 0)


async def test_while_a_report_still_sees_what_came_nothing_is_counted_and_then_nothing_is_left(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await invite(urn, *TOKENS)
        async with seeing(fresh_postgres):
            await answer(urn, 0, 40)
            for held in (urn.stir(), draw_from(urn, 1, [INVITED], most=20), urn.stir()):
                with pytest.raises(Unavailable, match="rows-held"):
                    await held
            assert telling(fresh_postgres) == dict.fromkeys(PARTS, 40)

        drawn = await draw_from(urn, 1, [INVITED], most=20)
        await urn.discard(SIPAS, 1)

        assert drawn is not None
        assert telling(fresh_postgres, DRAWN) == dict.fromkeys(DRAWN, 0)
        await urn.stir()
        assert telling(fresh_postgres) == NOTHING


async def test_a_report_that_began_behind_the_stirring_holds_up_no_counting(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await drop(urn, 4)
        await urn.stir()
        async with seeing(fresh_postgres):
            assert await draw_from(urn, 1, [PAPER], most=2) is not None
            await urn.discard(SIPAS, 1)
            assert await draw_from(urn, 2, [PAPER], most=2) is not None


async def test_people_who_answer_without_a_pause_hold_up_no_counting(fresh_postgres: str) -> None:
    """Somebody is always putting something in, and sees what was there at that moment."""
    async with postgres.urn(fresh_postgres, SecretChance()) as urn, connect(fresh_postgres) as own:
        other, over = PostgresUrn(own, SecretChance()), asyncio.Event()

        async def go_on(agency: str) -> None:
            number = 0
            while not over.is_set():
                number += 1
                slips = papers(1, hash((agency, number)) % 10**9, agency)
                await other.drop(LEADERS, f"{agency} {number}", slips, digest="d")

        people = [asyncio.create_task(go_on(each)) for each in (AGENCY, OTHER)]
        for batch in range(1, 6):
            await drop(urn, 3, first=10 * batch)
            assert await draw_from(urn, batch, [PAPER]) is not None
            await urn.discard(SIPAS, batch)
            await urn.stir()
        over.set()
        await asyncio.gather(*people)


async def stamp_beside(database: PostgresDatabase) -> None:
    """Stamp anew what came, without a turn, as where one was lost; and get no further."""
    for rows in await news(database):
        await restamp(database, rows, rows_max=1_000)


@pytest.mark.parametrize(("times", "is_drawn"), [(1, True), (STIRRINGS_MAX, False)])
async def test_what_others_stamp_while_somebody_draws_is_written_anew_or_nothing_is_drawn(
    fresh_postgres: str, *, times: int, is_drawn: bool
) -> None:
    await migrate(fresh_postgres)
    async with connect(fresh_postgres) as others:
        other = PostgresUrn(others, SecretChance())
        coming = iter(range(1, times + 1))

        async def others_come() -> None:
            for number in coming:
                await answer(other, 6 * number, 6 * number + 6)
                await stamp_beside(others)
                break

        database = Behind(fresh_postgres, others_come)
        urn = PostgresUrn(database, SecretChance())
        await invite(urn, *TOKENS)
        await answer(urn, 0, 6)
        drawing = draw_from(urn, 1, [INVITED], most=12)
        if is_drawn:
            assert await drawing is not None
            await urn.discard(SIPAS, 1)
            assert telling(fresh_postgres, DRAWN) == dict.fromkeys(DRAWN, 0)
        else:
            with pytest.raises(Unavailable, match="rows-held"):
                await drawing
            assert await urn.drawn(SIPAS) == []
        await database.close()


async def test_who_draws_stirs_what_is_drawn_and_leaves_all_else_to_the_loop(
    fresh_postgres: str,
) -> None:
    unstirred = "select count(*) from {} where not stirred and questionnaire = '{}'"
    async with postgres.urn(fresh_postgres) as urn:
        await urn.stir()
        before = {table: asked(PLACE.format(table), fresh_postgres) for table in PARTS}
        slips = [(AGENCY, secret(number)) for number in range(4)]
        await urn.drop(SIPAS, "p", slips, digest="d")
        await urn.drop(LEADERS, "p", papers(3, 100), digest="d")

        assert await draw_from(urn, 1, [PAPER], most=2) is not None

        after = {table: asked(PLACE.format(table), fresh_postgres) for table in PARTS}
        assert {table for table in PARTS if after[table] != before[table]} == set(DRAWN)
        for table, others in (("urn_answers", 3), ("urn_receipts", 3)):
            assert asked(unstirred.format(table, LEADERS), fresh_postgres) == others
            assert asked(unstirred.format(table, SIPAS), fresh_postgres) == 0
        await urn.stir()
        assert asked(PLACE.format("urn_comments"), fresh_postgres) != before["urn_comments"]
        assert asked("select count(*) from urn_comments where not stirred", fresh_postgres) == 0


async def test_a_table_that_is_held_keeps_no_other_from_being_written_anew(
    fresh_postgres: str,
) -> None:
    async with (
        postgres.drafts(fresh_postgres) as drafts,
        postgres.urn(fresh_postgres, SecretChance()) as urn,
    ):
        await invite(urn, *TOKENS)
        await answer(urn, 0, 10)
        await drafts.put(SIPAS, "pile", Draft("somebody", "revision", {}))
        await drafts.forget(SIPAS, "pile")
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as other:
            await other.execute("lock table drafts in access share mode")
            with pytest.raises(Unavailable):
                await urn.stir()
            written = telling(fresh_postgres)
            await answer(urn, 10, 20)
            drawn = await draw_from(urn, 1, [INVITED])

    assert written == NOTHING
    assert drawn is not None
    assert len(drawn.answers) == 20


async def test_who_waits_for_a_turn_keeps_no_dead_row_from_being_removed(
    fresh_postgres: str,
) -> None:
    async with (
        postgres.drafts(fresh_postgres) as drafts,
        postgres.urn(fresh_postgres) as urn,
        connect(fresh_postgres) as others,
    ):
        await drop(urn, 4)
        async with await psycopg.AsyncConnection.connect(fresh_postgres, autocommit=True) as other:
            await other.execute("select pg_advisory_lock(%s)", (KEY,))
            stirring = asyncio.create_task(urn.stir())
            await asyncio.sleep(MOMENT_S)
            await drafts.forget(SIPAS, "pile")
            await write_anew(others, ["drafts"])
            waited = not stirring.done()
            begun = asked("select count(*) from urn_answers where stirred", fresh_postgres)

        assert await stirring == 4
        assert (waited, begun) == (True, 0)


async def test_of_two_who_stir_one_leaves_alone_what_the_other_has_stirred(
    fresh_postgres: str,
) -> None:
    stamps = "select array_agg(distinct xmin::text) from urn_answers"
    async with postgres.urn(fresh_postgres) as urn, connect(fresh_postgres) as others:
        await drop(urn, 4)
        due = [rows for rows in await news(others) if rows.table == "urn_answers"]
        await urn.stir()
        before = asked(stamps, fresh_postgres)

        for rows in due:
            await restamp(others, rows, rows_max=1_000)

        assert len(due) == 1
        assert asked(stamps, fresh_postgres) == before
