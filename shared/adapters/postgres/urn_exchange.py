"""Giving ballots on PostgreSQL: until when, and how many have not come back."""

from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.adapters.postgres.urn_put import box_key
from shared.kernel.errors import Refused


async def end_exchange(database: PostgresDatabase, questionnaire: str) -> None:
    """Give no ballot from now on; who is being given one just now is waited for."""

    async def end(connection: Connection) -> None:
        await connection.execute(sql.TAKE_LOCK, (box_key(questionnaire),))
        await connection.execute(sql.END_EXCHANGE, (questionnaire,))

    await database.transact(end)


async def ballots_out(database: PostgresDatabase, questionnaire: str) -> int:
    """How many ballots were given and not cast."""
    [(count,)] = await database.rows(sql.BALLOTS_OUT, questionnaire, questionnaire)
    return int(count)


async def require_open(connection: Connection, questionnaire: str) -> None:
    """Raises `Refused("survey-closed")`."""
    if await row_of(connection, sql.IS_SHUT, questionnaire) is not None:
        raise Refused("survey-closed")


async def require_exchanging(connection: Connection, questionnaire: str) -> None:
    """Raises what `require_open` raises, and `Refused("exchange-ended")`."""
    await require_open(connection, questionnaire)
    if await row_of(connection, sql.HAS_ENDED, questionnaire) is not None:
        raise Refused("exchange-ended")
