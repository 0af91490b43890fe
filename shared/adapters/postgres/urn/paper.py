"""What was collected on paper and is put into the urn on PostgreSQL, once."""

from collections.abc import Sequence

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of
from shared.adapters.postgres.rewriting import BEGIN_TO_PUT
from shared.adapters.slips import Parts
from shared.kernel.errors import Refused
from shared.ports import Chance

REMEMBER_DROP = """
    insert into urn_drops (questionnaire, key, digest) values (%s, %s, %s) on conflict do nothing
"""
_DROPPED = "select digest from urn_drops where questionnaire = %s and key = %s"
_PUT_RECEIPTS = """
    insert into urn_receipts (receipt, questionnaire, agency, channel)
    select receipt, %s, agency, 'paper' from unnest(%s::text[], %s::text[])
        as new (receipt, agency)
    order by receipt collate "C" on conflict do nothing
"""
_COUNTED = """
    select exists (
        select from urn_counted where receipt_sha256 = any(
            array(select sha256(convert_to(receipt, 'UTF8')) from unnest(%s::text[]) as receipt)
        )
    )
"""
_PUT_ANSWERS = """
    insert into urn_answers (name, questionnaire, agency, channel, answer)
    select name, %s, agency, 'paper', answer from unnest(%s::text[], %s::text[], %s::text[])
        as new (name, agency, answer)
    order by name collate "C"
"""
_PUT_COMMENTS = """
    insert into urn_comments (name, questionnaire, agency, question, text)
    select name, %s, agency, question, text
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[])
        as new (name, agency, question, text)
    order by name collate "C"
"""


async def put_papers(
    connection: Connection, chance: Chance, questionnaire: str, puts: Sequence[tuple[str, Parts]]
) -> None:
    """Put all of them in, or raise `Refused("receipt-taken")`."""
    await connection.execute(BEGIN_TO_PUT)
    agencies = [agency for agency, _ in puts]
    receipts = [parts.receipt for _, parts in puts]
    new = await connection.execute(_PUT_RECEIPTS, (questionnaire, receipts, agencies))
    # Put in first: a receipt that is being discarded is waited for, and known as counted then.
    counted = await row_of(connection, _COUNTED, receipts)
    if new.rowcount < len(puts) or counted == (True,):
        raise Refused("receipt-taken")
    names = [chance.token() for _ in puts]
    answers = [parts.answer for _, parts in puts]
    await connection.execute(_PUT_ANSWERS, (questionnaire, names, agencies, answers))
    said = [
        (chance.token(), agency, question, text)
        for agency, parts in puts
        for question, text in parts.comments
    ]
    columns = ([each[column] for each in said] for column in range(4))
    await connection.execute(_PUT_COMMENTS, (questionnaire, *columns))


async def is_dropped(connection: Connection, questionnaire: str, key: str, digest: str) -> bool:
    """Whether the key is there; raises where it came with another digest."""
    known = await row_of(connection, _DROPPED, questionnaire, key)
    if known is not None and known[0] != digest:
        raise Refused("idempotency-key-reused", key=key)
    return known is not None
