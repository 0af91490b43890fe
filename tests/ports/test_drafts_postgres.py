"""What drafts on PostgreSQL leave in their table once they are forgotten."""

import psycopg
import pytest

from shared.kernel.errors import Unavailable
from shared.ports import Draft
from tests.support import postgres
from tests.support.postgres_file import file_of
from tests.support.servers import REAL
from tests.support.urns import SIPAS

pytestmark = REAL


async def test_what_is_forgotten_while_a_dump_holds_the_table_is_gone_from_it_afterwards(
    fresh_postgres: str,
) -> None:
    async with postgres.drafts(fresh_postgres) as drafts, postgres.urn(fresh_postgres) as urn:
        for pile in ("one", "other"):
            content = {"form": f"answers-of-{pile}"}
            await drafts.put(SIPAS, pile, Draft("somebody", "revision", content))
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as dump:
            await dump.execute("lock table drafts in access share mode")
            await drafts.forget(SIPAS, "one")
            with pytest.raises(Unavailable):
                await urn.stir()
        before = file_of("drafts", fresh_postgres)

        await urn.stir()

        after = file_of("drafts", fresh_postgres)
        kept = [each.pile for each in await drafts.piles(limit=9)]
    assert b"answers-of-one" in before
    assert b"answers-of-one" not in after
    assert b"answers-of-other" in after
    assert kept == ["other"]
