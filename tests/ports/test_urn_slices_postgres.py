"""Slices of stirring on PostgreSQL: which rows are stamped together, and which keep their stamp."""

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresUrn, connect
from shared.adapters.postgres.urn_stir import restamp_all
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import AGENCY, OTHER, SIPAS, drop, slip

pytestmark = REAL


def asked(query: str, url: str) -> object:
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
        assert await restamp_all(database, SecretChance(), rows_max=10) == answers

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
