"""That receipts were counted, on PostgreSQL, where the urn does not know it by its own discarding.

While a new version takes the place of an earlier one, processes of both discard batches, and the
earlier one remembers nothing. So the database does it: whatever leaves the table of receipts out of
a batch was counted. A row that is stamped anew leaves it and is there again when the statement
ends; what was put in and is taken back was in no batch.
"""

from collections.abc import Sequence
from typing import LiteralString

from shared.adapters.postgres.connection import Connection

_KNOW = """
    insert into urn_counted (receipt_sha256)
    select sha256(convert_to(receipt, 'UTF8')) from unnest(%s::text[]) as counted (receipt)
    order by 1 on conflict do nothing
"""
_TELL = """
    insert into urn_told (questionnaire, batch) values (%s, %s)
    on conflict (questionnaire) do update set batch = greatest(urn_told.batch, excluded.batch)
"""
REMEMBER: tuple[LiteralString, ...] = (
    """create or replace function urn_remember_counted() returns trigger language plpgsql as $body$
    begin
        insert into urn_counted (receipt_sha256)
        select sha256(convert_to(gone.receipt, 'UTF8')) from gone
        where gone.batch is not null
            and not exists (select from urn_receipts where receipt = gone.receipt)
        order by 1 on conflict do nothing;
        return null;
    end
    $body$""",
    """create or replace trigger urn_remember_counted after delete on urn_receipts
    referencing old table as gone for each statement execute function urn_remember_counted()""",
)
"""Made by `migrate`, once there are the tables."""


async def know(
    connection: Connection, receipts: Sequence[str], questionnaire: str, batch: int
) -> None:
    """Remember that these were counted, and with them up to which batch that was told."""
    await connection.execute(_KNOW, (list(receipts),))
    await connection.execute(_TELL, (questionnaire, batch))
