"""What drafts on PostgreSQL promise beside their port: to forget, and to say what is missing."""

import psycopg
import pytest

from shared.adapters.postgres import PostgresDrafts, connect
from shared.kernel.errors import Unavailable
from shared.ports import Draft
from tests.support import postgres
from tests.support.servers import REAL

pytestmark = REAL

SIPAS = "2021/sipas"


def draft(person: str, revision: str, text: str) -> Draft:
    return Draft(person, revision, {"forms": [{"comments": {"q3": text}}]})


async def test_in_postgres_a_forgotten_draft_leaves_no_trace_in_the_table(
    fresh_postgres: str,
) -> None:
    def traces() -> int:
        with psycopg.connect(fresh_postgres, autocommit=True) as connection:
            connection.execute("checkpoint")
            row = connection.execute(
                "select pg_read_binary_file(pg_relation_filepath('drafts'))"
            ).fetchone()
        assert row is not None
        return bytes(row[0]).count(b"secret")

    async with postgres.drafts(fresh_postgres) as drafts:
        await drafts.put(SIPAS, "p", draft("a", "r-1", "secret of old"))
        await drafts.put(SIPAS, "p", draft("a", "r-2", "secret"))
        before = traces()
        await drafts.forget(SIPAS, "p")

        assert (before > 0, traces()) == (True, 0)


async def test_without_tables_postgres_says_so(fresh_postgres: str) -> None:
    async with connect(fresh_postgres) as database:
        with pytest.raises(Unavailable, match="database-not-migrated"):
            await PostgresDrafts(database).typed(SIPAS, "p")
