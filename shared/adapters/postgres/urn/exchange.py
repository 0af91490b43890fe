"""Giving ballots on PostgreSQL: until when, and how many have not come back."""

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.adapters.postgres.urn.locks import take_box
from shared.adapters.postgres.urn.polls import require_open
from shared.kernel.errors import Refused

EXCHANGE = "update urn_rights set used = %s, ballot_sha256 = %s where token_sha256 = %s"
_END_EXCHANGE = """
    insert into urn_ended_exchanges (questionnaire) values (%s) on conflict do nothing
"""
_HAS_ENDED = "select 1 from urn_ended_exchanges where questionnaire = %s"
_BALLOTS_OUT = """
    select greatest(
        0,
        (select count(*) from urn_rights where questionnaire = %s and ballot_sha256 is not null)
        - (select count(*) from urn_ballots where questionnaire = %s)
    )
"""


async def end_exchange(database: PostgresDatabase, questionnaire: str) -> None:
    """Give no ballot from now on; who is being given one just now is waited for."""

    async def end(connection: Connection) -> None:
        await take_box(connection, questionnaire)
        await connection.execute(_END_EXCHANGE, (questionnaire,))

    await database.transact(end)


async def ballots_out(database: PostgresDatabase, questionnaire: str) -> int:
    """How many ballots were given and not cast."""
    [(count,)] = await database.rows(_BALLOTS_OUT, questionnaire, questionnaire)
    return int(count)


async def require_exchanging(connection: Connection, questionnaire: str) -> None:
    """Raises what `require_open` raises, and `Refused("exchange-ended")`."""
    await require_open(connection, questionnaire)
    if await row_of(connection, _HAS_ENDED, questionnaire) is not None:
        raise Refused("exchange-ended")
