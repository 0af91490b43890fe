"""What was collected on paper and is put into the urn on PostgreSQL, once."""

from collections.abc import Sequence

from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of
from shared.adapters.slips import Parts
from shared.kernel.errors import Refused
from shared.ports import Chance


async def put_papers(
    connection: Connection, chance: Chance, questionnaire: str, puts: Sequence[tuple[str, Parts]]
) -> None:
    """Put all of them in, or raise `Refused("receipt-taken")`."""
    agencies = [agency for agency, _ in puts]
    receipts = [parts.receipt for _, parts in puts]
    new = await connection.execute(sql.PUT_RECEIPTS, (questionnaire, receipts, agencies))
    # Put in first: a receipt that is being discarded is waited for, and known as counted then.
    counted = await row_of(connection, sql.COUNTED, receipts)
    if new.rowcount < len(puts) or counted == (True,):
        raise Refused("receipt-taken")
    names = [chance.token() for _ in puts]
    answers = [parts.answer for _, parts in puts]
    await connection.execute(sql.PUT_ANSWERS, (questionnaire, names, agencies, answers))
    said = [
        (chance.token(), agency, question, text)
        for agency, parts in puts
        for question, text in parts.comments
    ]
    columns = ([each[column] for each in said] for column in range(4))
    await connection.execute(sql.PUT_COMMENTS, (questionnaire, *columns))


async def is_dropped(connection: Connection, questionnaire: str, key: str, digest: str) -> bool:
    """Whether the key is there; raises where it came with another digest."""
    known = await row_of(connection, sql.DROPPED, questionnaire, key)
    if known is not None and known[0] != digest:
        raise Refused("idempotency-key-reused", key=key)
    return known is not None
