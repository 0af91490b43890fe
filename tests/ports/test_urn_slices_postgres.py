"""Slices of stirring on PostgreSQL: which rows are stamped together, and which keep their stamp."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresDatabase, PostgresUrn, connect
from shared.adapters.postgres.database import TRANSACTION_TIMEOUT_S, Result, Work
from shared.adapters.postgres.urn.stirring import Stirring
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import AGENCY, OTHER, SIPAS, draw, drop, slip

pytestmark = REAL

PASS = 6
"""So many transactions stamp the receipts, the answers and the comments about one agency, with the
turns in which they do."""

SILENT = 100
STAMP = "select max(xmin::text::bigint) from urn_comments"
LAST_CAME = "select max(xmin::text::bigint) from urn_drops"


class Ended(Exception):
    """The process ends."""


class Reversed(SecretChance):
    """Draws what stands last by its name."""

    def shuffled(self, count: int) -> Sequence[int]:
        """From the last to the first."""
        return range(count)[::-1]


class Meanwhile(PostgresDatabase):
    """A database where something happens once, behind so many transactions."""

    def __init__(self, url: str, after: int, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(url)
        self._left = after
        self._happens = happens

    async def transact(
        self, work: Work[Result], *, timeout_s: float = TRANSACTION_TIMEOUT_S
    ) -> Result:
        result = await super().transact(work, timeout_s=timeout_s)
        self._left -= 1
        if self._left == 0:
            await self._happens()
        return result


@asynccontextmanager
async def commented(url: str) -> AsyncIterator[PostgresUrn]:
    """An urn in which people's comments were stirred, and then somebody answered without one."""
    async with postgres.urn(url, SecretChance()) as urn:
        slips = [(AGENCY, slip(number, "đợi lâu")) for number in range(3)]
        await urn.drop(SIPAS, "commented", slips, digest="d")
        await urn.stir()
        await drop(urn, 1, first=SILENT)
        yield urn


async def restamp_while(
    url: str, after: int, happens: Callable[[], Awaitable[object]], rows_max: int = 10
) -> None:
    """Stamp anew what is due, while something happens."""
    database = Meanwhile(url, after, happens)
    try:
        await Stirring(database, rows_max).restamp_all()
    finally:
        await database.close()


def asked(query: str, url: str) -> Any:  # noqa: ANN401 - of PostgreSQL
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def stamps_of_agencies(url: str) -> dict[str, list[str]]:
    query = "select agency, array_agg(distinct xmin::text) from urn_answers group by agency"
    with psycopg.connect(url) as connection:
        return dict(connection.execute(query).fetchall())


async def test_a_box_without_news_keeps_its_stamp_and_another_shares_one_with_what_is_new(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await drop(urn, 30)
        await drop(urn, 30, first=100, agency=OTHER)
        await urn.stir()
        before = stamps_of_agencies(fresh_postgres)
        await drop(urn, 1, first=200)

        await urn.stir()

        after = stamps_of_agencies(fresh_postgres)
    assert {len(found) for found in (*before.values(), *after.values())} == {1}
    assert (before[OTHER] == after[OTHER], before[AGENCY] == after[AGENCY]) == (True, False)


@pytest.mark.parametrize("answers", [10, 11, 20, 21, 39, 45])
async def test_no_slice_of_a_large_box_is_much_smaller_than_the_others(
    fresh_postgres: str, answers: int
) -> None:
    sizes = "select array_agg(n) from (select count(*) n from urn_answers group by xmin::text) s"
    await migrate(fresh_postgres)
    async with connect(fresh_postgres) as database:
        await drop(PostgresUrn(database, SecretChance()), answers)
        assert await Stirring(database, rows_max=10).restamp_all() == answers

    found = asked(sizes, fresh_postgres)
    assert isinstance(found, list)
    assert sum(found) == answers
    assert min(found) >= 5
    assert max(found) <= 10
    assert asked("select count(*) from urn_answers where not stirred", fresh_postgres) == 0


async def test_who_answers_without_a_comment_leaves_comments_about_the_agency_with_a_new_stamp(
    fresh_postgres: str,
) -> None:
    """Else a stamp would tell that the last who wrote one came before."""
    stamp = "select xmin::text from urn_comments where agency = '{}'"
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        for number, agency in enumerate((AGENCY, OTHER)):
            await urn.drop(SIPAS, agency, [(agency, slip(number, "đợi lâu"))], digest="d")
        await urn.stir()
        before = {each: asked(stamp.format(each), fresh_postgres) for each in (AGENCY, OTHER)}
        await drop(urn, 1, first=100)

        await urn.stir()

        after = {each: asked(stamp.format(each), fresh_postgres) for each in (AGENCY, OTHER)}
    assert before[AGENCY] != after[AGENCY]
    assert before[OTHER] == after[OTHER]


@pytest.mark.parametrize("after", range(1, PASS + 1))
async def test_who_answers_without_a_comment_while_it_is_stirred_came_before_the_comments_stamp(
    fresh_postgres: str, after: int
) -> None:
    async with commented(fresh_postgres) as urn:
        await restamp_while(fresh_postgres, after, lambda: drop(urn, 1, first=SILENT + 1))

        await urn.stir()

        assert asked(STAMP, fresh_postgres) > asked(LAST_CAME, fresh_postgres)
        assert await is_settled(urn, fresh_postgres)


@pytest.mark.parametrize("after", range(1, PASS + 1))
async def test_stirring_that_is_broken_off_leaves_no_comments_with_a_stamp_older_than_a_right(
    fresh_postgres: str, after: int
) -> None:
    async def end() -> None:
        raise Ended

    async with commented(fresh_postgres) as urn:
        with pytest.raises(Ended):
            await restamp_while(fresh_postgres, after, end)

        await urn.stir()

        assert asked(STAMP, fresh_postgres) > asked(LAST_CAME, fresh_postgres)
        assert await is_settled(urn, fresh_postgres)


async def test_who_answers_without_a_comment_and_is_counted_at_once_came_before_their_stamp(
    fresh_postgres: str,
) -> None:
    async with commented(fresh_postgres) as urn:
        assert await draw(urn, 1) is not None
        await urn.discard(SIPAS, 1)

        await urn.stir()

        assert asked(STAMP, fresh_postgres) > asked(LAST_CAME, fresh_postgres)
        assert await is_settled(urn, fresh_postgres)


async def test_a_slice_of_which_few_are_left_since_others_were_counted_is_stamped_with_its_box(
    fresh_postgres: str,
) -> None:
    """72 of 145 receipts were stamped, and of the others 7 are left: too few for a stamp."""
    sizes = "select array_agg(n) from (select count(*) n from urn_receipts group by xmin::text) s"
    async with postgres.urn(fresh_postgres, Reversed()) as urn:
        await drop(urn, 144, first=1)
        assert await draw(urn, 1, least=66, most=66) is not None
        await drop(urn, 1, first=0)

        await restamp_while(fresh_postgres, 1, lambda: urn.discard(SIPAS, 1), rows_max=100)

    assert asked(sizes, fresh_postgres) == [79]


async def is_settled(urn: PostgresUrn, url: str) -> bool:
    """Whether nothing is due any more, so that comments keep their stamp."""
    before = asked(STAMP, url)
    await urn.stir()
    return bool(asked(STAMP, url) == before)
