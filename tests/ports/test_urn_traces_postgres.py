"""What urn and keys on PostgreSQL forget, and what stirring leaves of the urn in its tables."""

import re
from hashlib import shake_256

import psycopg

from shared.adapters.chance import SecretChance
from shared.adapters.postgres import PostgresUrn, connect
from shared.ports import Urn, Verdict
from tests.support import postgres
from tests.support.postgres_file import asked, file_of
from tests.support.servers import REAL
from tests.support.urns import AGENCY, DAY, SIPAS, drop, invite, secret, slip, spend

pytestmark = REAL

TOKENS = [f"token-{number:02}" for number in range(40)]
PARTS = {"urn_answers": "name", "urn_receipts": "receipt", "urn_comments": "name"}
STAMPS = "select count(distinct xmin::text) from {table}"
ORDER = "select array_agg({name} order by ctid) from {table}"
SECRETS = re.compile(rb"(?:secret|receipt|comment)-[0-9]{2}")
FILE = "select pg_relation_filepath('urn_answers')"
BEGINNING = 40
LONG_BYTES = 6_000
"""So long a text lies apart from its row, under a number."""
TOAST = "select reltoastrelid::regclass::text from pg_class where relname = 'urn_comments'"
NUMBERED = "select chunk_data from {} where chunk_seq = 0 order by chunk_id"


def stamps(table: str, url: str) -> object:
    return asked(STAMPS.format(table=table), url)


def by_number(url: str) -> list[str]:
    """The beginnings of long comments, by the number under which they lie apart."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(NUMBERED.format(asked(TOAST, url)).encode()).fetchall()
    return [bytes(chunk[:BEGINNING]).decode() for (chunk,) in rows]


def incompressible(number: int) -> str:
    return shake_256(b"%d" % number).hexdigest(LONG_BYTES)


async def test_a_removed_comment_leaves_no_trace_in_a_table_that_was_written_anew(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(
            SIPAS, "paper", [(AGENCY, secret(number)) for number in range(4)], digest="d"
        )
        await urn.release(SIPAS, least=1)
        removed, kept, *_ = await urn.comments(SIPAS, limit=9)
        await urn.remove_comment(SIPAS, removed.name)
        await urn.stir()

        after = file_of("urn_comments", fresh_postgres)

    assert removed.text.encode() not in after
    assert kept.text.encode() in after


async def test_what_waits_is_stirred_to_one_stamp_in_the_order_of_random_names(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await invite(urn, *TOKENS)
        for number, token in enumerate(TOKENS):
            await urn.spend(SIPAS, token, secret(number), day=DAY)
        before = {table: stamps(table, fresh_postgres) for table in PARTS}

        await urn.stir()

    assert before == dict.fromkeys(PARTS, len(TOKENS))
    for table, name in PARTS.items():
        assert stamps(table, fresh_postgres) == 1
        assert len(SECRETS.findall(file_of(table, fresh_postgres))) == len(TOKENS)
        names = asked(ORDER.format(table=table, name=name), fresh_postgres)
        assert isinstance(names, list)
        assert names == sorted(names)


async def test_a_single_answer_shares_its_stamp_with_its_right_until_it_is_stirred(
    fresh_postgres: str,
) -> None:
    shared = (
        "select count(*) from urn_rights join urn_answers on urn_rights.xmin = urn_answers.xmin"
    )
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, "token")
        await spend(urn, "token", 0)
        before = asked(shared, fresh_postgres)

        await urn.stir()

    assert (before, asked(shared, fresh_postgres)) == (1, 0)


async def test_what_is_long_gets_a_new_number_when_it_is_stirred(fresh_postgres: str) -> None:
    """What does not fit into its row lies apart, under numbers that rise as texts come."""
    texts = [incompressible(number) for number in range(12)]
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        for number, text in enumerate(texts):
            await urn.drop(SIPAS, str(number), [(AGENCY, slip(number, text))], digest="d")
        before = by_number(fresh_postgres)

        await urn.stir()

        await urn.release(SIPAS, least=1)
        by_name = [each.text[:BEGINNING] for each in await urn.comments(SIPAS, limit=100)]
    assert before == [text[:BEGINNING] for text in texts]
    assert by_number(fresh_postgres) == by_name


async def test_comments_that_are_let_out_lie_in_the_order_of_their_names_alike(
    fresh_postgres: str,
) -> None:
    """Whoever wrote first is not told by them, though nothing was stirred before."""
    out = "from urn_comments where released"
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await invite(urn, *TOKENS)
        for number, token in enumerate(TOKENS):
            await urn.spend(SIPAS, token, secret(number), day=DAY)

        await urn.release(SIPAS, least=20, leave=12)

        names = asked(f"select array_agg(name order by ctid) {out}", fresh_postgres)
        assert isinstance(names, list)
        assert len(names) == len(TOKENS) - 12
        assert names == sorted(names)
        assert asked(f"select count(distinct xmin::text) {out}", fresh_postgres) == 1
        await urn.stir()
        remains = SECRETS.findall(file_of("urn_comments", fresh_postgres))
        assert len(remains) == len(TOKENS)
        assert stamps("urn_comments", fresh_postgres) == 1


async def test_what_is_long_gets_a_new_number_when_it_is_let_out(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        for number in range(12):
            said = slip(number, incompressible(number))
            await urn.drop(SIPAS, str(number), [(AGENCY, said)], digest="d")

        await urn.release(SIPAS, least=12)

        by_name = [each.text[:BEGINNING] for each in await urn.comments(SIPAS, limit=100)]
    assert by_number(fresh_postgres) == by_name


async def test_words_that_were_left_out_are_gone_with_the_comment(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(SIPAS, "paper", [(AGENCY, secret(number)) for number in (1, 2)], digest="d")
        await urn.release(SIPAS, least=1)
        one, _ = await urn.comments(SIPAS, limit=9)
        verdict = Verdict("released", "survey-officer:one", "digest")
        await urn.claim_comment(SIPAS, one.name, verdict, text="comment-77")
        await urn.remove_comment(SIPAS, one.name)
        await urn.stir()

        after = SECRETS.findall(file_of("urn_comments", fresh_postgres))

    assert set(after) == {b"comment-01", b"comment-02"} - {one.text.encode()}


async def test_what_was_stirred_by_one_process_is_left_alone_by_the_other(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as one, connect(fresh_postgres) as database:
        other: Urn = PostgresUrn(database, SecretChance())
        await drop(one, 5)
        stirred = await one.stir()
        file = asked(FILE, fresh_postgres)

        again = await other.stir()

        assert (stirred, again) == (5, 0)
        assert asked(FILE, fresh_postgres) == file


async def test_a_removed_key_leaves_no_trace_in_the_table(fresh_postgres: str) -> None:
    async with postgres.keys(fresh_postgres) as keys:
        for number in range(30):
            await keys.add(str(number), b"%032d" % number)
        before = file_of("sealing_keys", fresh_postgres)
        await keys.remove("17")

        after = file_of("sealing_keys", fresh_postgres)

    assert b"%032d" % 17 in before
    assert b"%032d" % 17 not in after
    assert b"%032d" % 18 in after
