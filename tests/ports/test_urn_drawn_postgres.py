"""What drawing and discarding leave of answers in the tables of PostgreSQL."""

from hashlib import sha256

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.postgres.urn.comments import RELEASED_MAX
from shared.kernel.errors import Unavailable
from tests.support import postgres
from tests.support.postgres_file import asked, file_of, stamps_in_file
from tests.support.servers import REAL
from tests.support.urns import AGENCY, DAY, INVITED, PAPER, SIPAS, draw_from, drop, invite, secret

pytestmark = REAL

TOKENS = [f"token-{number:02}" for number in range(40)]
DRAWN = ("urn_answers", "urn_receipts")
PARTS = (*DRAWN, "urn_comments")
USED = ("urn_rights", "urn_ballots", "urn_drops")
COUNTED_IN_PLACE = "select array_agg(encode(receipt_sha256, 'hex') order by ctid) from urn_counted"
STAMPS = "select count(distinct xmin::text) from urn_counted"
SHARED = "select count(*) from urn_counted join {0} on urn_counted.xmin = {0}.xmin"


async def test_a_counted_answer_leaves_no_trace_in_tables_that_were_written_anew(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(
            SIPAS, "paper", [(AGENCY, secret(number)) for number in range(40)], digest="d"
        )
        before = {table: file_of(table, fresh_postgres) for table in DRAWN}
        drawn = await draw_from(urn, 1, [PAPER], most=20)
        await urn.discard(SIPAS, 1)
        await urn.stir()

        after = {table: file_of(table, fresh_postgres) for table in DRAWN}

    assert drawn is not None
    for table, part, gone in (
        ("urn_answers", "secret", {each["q1"] for each in drawn.answers}),
        ("urn_receipts", "receipt", set(drawn.receipts)),
    ):
        parts = {f"{part}-{number:02}" for number in range(40)}
        assert {each for each in parts if each.encode() in before[table]} == parts
        assert {each for each in parts if each.encode() in after[table]} == parts - gone


async def test_that_a_receipt_was_counted_stands_apart_from_all_else(fresh_postgres: str) -> None:
    receipts = {f"receipt-{number:02}" for number in range(40)}
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, *TOKENS)
        for number, token in enumerate(TOKENS):
            await urn.spend(SIPAS, token, secret(number), day=DAY)
        drawn = await draw_from(urn, 1, [INVITED], most=20)
        await urn.discard(SIPAS, 1)

    assert drawn is not None
    counted = sorted(sha256(receipt.encode()).hexdigest() for receipt in drawn.receipts)
    assert asked(COUNTED_IN_PLACE, fresh_postgres) == counted
    assert asked(STAMPS, fresh_postgres) == 1
    assert {table: asked(SHARED.format(table), fresh_postgres) for table in (*PARTS, *USED)} == (
        dict.fromkeys((*PARTS, *USED), 0)
    )
    file = file_of("urn_counted", fresh_postgres)
    assert not [each for each in receipts if each.encode() in file]


async def test_what_is_counted_leaves_no_row_with_the_stamp_of_a_right_dead_or_alive(
    fresh_postgres: str,
) -> None:
    """Though nothing was stirred before, and the tables were not written anew afterwards."""
    rights = "select array_agg(xmin::text::bigint) from urn_rights"
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await invite(urn, *TOKENS)
        for number, token in enumerate(TOKENS):
            await urn.spend(SIPAS, token, secret(number), day=DAY)
        used = asked(rights, fresh_postgres)
        before = {table: stamps_in_file(table, fresh_postgres) for table in DRAWN}

        assert await draw_from(urn, 1, [INVITED], most=20) is not None
        await urn.discard(SIPAS, 1)

        after = {table: stamps_in_file(table, fresh_postgres) for table in DRAWN}
    assert isinstance(used, list)
    for table in DRAWN:
        assert set(before[table]) == set(used)
        assert not set(after[table]) & set(used)
        assert len(after[table]) > 20, "dead rows are there"


@pytest.mark.parametrize("tables", ["urn_receipts", "urn_answers, urn_receipts"])
async def test_nothing_is_drawn_from_tables_that_a_stirring_was_kept_from_writing_anew(
    fresh_postgres: str, tables: str
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await drop(urn, 4)
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as dump:
            await dump.execute(f"lock table {tables} in access share mode".encode())
            with pytest.raises(Unavailable):
                await urn.stir()
            with pytest.raises(Unavailable):
                await draw_from(urn, 1, [PAPER])

        assert await draw_from(urn, 1, [PAPER]) is not None


async def test_a_table_that_could_not_be_written_anew_is_so_the_next_time(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(
            SIPAS, "paper", [(AGENCY, secret(number)) for number in range(4)], digest="d"
        )
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as dump:
            await dump.execute("lock table urn_answers in access share mode")
            with pytest.raises(Unavailable):
                await draw_from(urn, 1, [PAPER])
        before = file_of("urn_answers", fresh_postgres)

        drawn = await urn.drawn(SIPAS)

        await urn.stir()

        assert before.count(b"secret-01") == 2
        assert file_of("urn_answers", fresh_postgres).count(b"secret-01") == 1
        assert drawn == []
        assert await draw_from(urn, 1, [PAPER]) is not None


async def test_more_comments_than_a_transaction_lets_out_are_let_out_by_several(
    fresh_postgres: str,
) -> None:
    slips = [(AGENCY, secret(number)) for number in range(RELEASED_MAX + 10)]
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(SIPAS, "paper", slips, digest="d")
        kept = await urn.release(SIPAS, least=1, leave=len(slips) - 1)
        await urn.shut(SIPAS)

        released = await urn.release(SIPAS, least=20, leave=20)

        assert (kept, released) == (1, len(slips) - 1)
        assert len(await urn.comments(SIPAS, limit=len(slips) + 1)) == len(slips)
