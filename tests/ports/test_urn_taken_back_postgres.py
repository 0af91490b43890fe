"""What was put into the urn on PostgreSQL and taken back, as a transaction failed, is gone too."""

from typing import Any

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.postgres import connect
from shared.adapters.postgres.urn.paper import put_papers
from shared.adapters.postgres.urn.putting import PUT, Wanted, arguments
from shared.adapters.slips import parts_of
from tests.support import postgres
from tests.support.postgres_file import asked, file_of
from tests.support.servers import REAL
from tests.support.urns import AGENCY, DAY, SIPAS, drop, invite, secret

pytestmark = REAL

PARTS = ("urn_answers", "urn_receipts", "urn_comments")
PLACE = "select pg_relation_filepath('{}')"
TOKEN = "token"  # noqa: S105 - of nobody


class Failed(Exception):
    """What was begun is rolled back."""


@pytest.mark.parametrize("way", ["invitation", "paper"])
async def test_what_was_put_in_and_taken_back_is_gone_once_the_urn_is_stirred(
    fresh_postgres: str, way: str
) -> None:
    async with postgres.urn(fresh_postgres) as urn, connect(fresh_postgres) as database:
        await invite(urn, TOKEN)
        await drop(urn, 3)
        await urn.stir()
        wanted = [Wanted(SIPAS, parts_of(secret(7)), token_sha256=TOKEN, day=DAY)]

        async def fail(connection: Any) -> None:  # noqa: ANN401 - of the driver
            if way == "invitation":
                await connection.execute(PUT, arguments(wanted, SecretChance()))
            else:
                puts = [(AGENCY, parts_of(secret(7)))]
                await put_papers(connection, SecretChance(), SIPAS, puts)
            raise Failed

        with pytest.raises(Failed):
            await database.transact(fail)
        before = left(fresh_postgres)

        assert await urn.stir() == 0

        assert before == {"secret-07", "receipt-07", "comment-07"}
        assert left(fresh_postgres) == set()
        places = [asked(PLACE.format(table), fresh_postgres) for table in PARTS]
        await urn.stir()
        assert [asked(PLACE.format(table), fresh_postgres) for table in PARTS] == places


def left(url: str) -> set[str]:
    """What lies in the tables of the slip that was taken back."""
    files = b"".join(file_of(table, url) for table in PARTS)
    return {each for each in ("secret-07", "receipt-07", "comment-07") if each.encode() in files}
