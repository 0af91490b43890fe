"""What urn and keys on PostgreSQL promise beside their ports: to many processes, and to forget."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.postgres import PostgresKeys, PostgresUrn, connect
from shared.kernel.errors import Problem, Refused, Unavailable
from shared.ports import Urn
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import LEADERS, SIPAS, answers, draw, invite

pytestmark = REAL

TOKENS = [f"token-{number:02}" for number in range(40)]
MOMENT_S = 0.5
TABLE = "select pg_read_binary_file(pg_relation_filepath(%s))"
STAMPS = "select count(distinct xmin::text) from urn_answers where batch is not null"
ORDER = "select array_agg(name order by ctid) from urn_answers"


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Urn, Urn]]:
    async with postgres.urn(url, SecretChance()) as one, connect(url) as database:
        yield one, PostgresUrn(database, SecretChance())


def file_of(table: str, url: str) -> bytes:
    """What lies in a table's file, dead or alive, once the server has written all of it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
        row = connection.execute(TABLE, (table,)).fetchone()
    assert row is not None
    return bytes(row[0])


def asked(query: str, url: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


async def spend_all(urn: Urn, first: int = 0) -> list[BaseException | None]:
    return await asyncio.gather(
        *(
            urn.spend(SIPAS, token, answer)
            for token, answer in zip(TOKENS, answers(len(TOKENS), first=first), strict=True)
        ),
        return_exceptions=True,
    )


async def test_of_two_processes_that_spend_a_token_one_does(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, *TOKENS)

        mine, others = await asyncio.gather(spend_all(one), spend_all(other, first=100))

        pairs = list(zip(mine, others, strict=True))
        assert all(pair.count(None) == 1 for pair in pairs)
        refused = [outcome for pair in pairs for outcome in pair if outcome is not None]
        assert [str(each) for each in refused] == [str(Refused("token-spent"))] * len(TOKENS)
        kept = [number if own is None else 100 + number for number, (own, _) in enumerate(pairs)]
        assert sorted(await draw(one, 1) or []) == sorted(kept)


async def test_each_who_spends_together_with_others_is_told_their_own(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, *TOKENS[:3])
        await invite(urn, *TOKENS[3:6], questionnaire=LEADERS)
        await urn.spend(SIPAS, TOKENS[0], answers(1)[0])
        await urn.shut(LEADERS)
        wanted = [
            (SIPAS, TOKENS[0]),
            (SIPAS, TOKENS[1]),
            (SIPAS, TOKENS[1]),
            (SIPAS, TOKENS[2]),
            (SIPAS, TOKENS[3]),
            (LEADERS, TOKENS[3]),
            (SIPAS, "nobody"),
        ]

        outcomes = await asyncio.gather(
            *(urn.spend(*each, {"q1": str(number)}) for number, each in enumerate(wanted)),
            return_exceptions=True,
        )

        codes = [each.code if isinstance(each, Problem) else each for each in outcomes]
        assert codes == [
            *("token-spent", None, "token-spent", None),
            *("token-of-another-survey", "survey-closed", "token-unknown"),
        ]
        assert sorted(await draw(urn, 1) or []) == [0, 1, 3]


@asynccontextmanager
async def held(token: str, url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Another process is about to spend this token: its transaction has the row."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(
            "update urn_tokens set spent = true where token_sha256 = %s", (token,)
        )
        yield connection


async def test_who_waits_for_a_token_that_is_being_spent_finds_it_spent(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, "token")
        async with held("token", fresh_postgres) as other:
            spending = asyncio.create_task(urn.spend(SIPAS, "token", answers(1)[0]))
            await asyncio.sleep(MOMENT_S)
            waited = not spending.done()
            await other.commit()

        with pytest.raises(Refused, match="token-spent"):
            await spending
        assert waited
        assert await urn.waiting(SIPAS) == 0


async def test_shutting_waits_for_answers_that_are_being_put_in(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, "token")
        async with held("token", fresh_postgres) as third:
            spending = asyncio.create_task(one.spend(SIPAS, "token", answers(1)[0]))
            await asyncio.sleep(MOMENT_S)
            shutting = asyncio.create_task(other.shut(SIPAS))
            await asyncio.sleep(MOMENT_S)
            waited = not spending.done() and not shutting.done()
            await third.rollback()
        await asyncio.gather(spending, shutting)

        assert waited
        assert await other.waiting(SIPAS) == 1


async def test_no_answer_comes_after_the_shutting_of_another_process(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, *TOKENS)
        await other.shut(SIPAS)

        outcomes = await spend_all(one)

        assert {str(outcome) for outcome in outcomes} == {str(Refused("survey-closed"))}
        assert await one.waiting(SIPAS) == 0


async def test_processes_that_draw_at_once_draw_the_same(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await one.drop(SIPAS, "paper", answers(40), digest="d")

        drawn = await asyncio.gather(
            *(draw(urn, batch, most=15) for batch in (1, 2) for urn in (one, other) * 3)
        )

        assert drawn[:6] == [drawn[0]] * 6
        assert drawn[6:] == [drawn[6]] * 6
        assert not set(drawn[0] or []) & set(drawn[6] or [])


async def test_of_two_processes_that_drop_under_a_key_one_does(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as urns:
        outcomes = await asyncio.gather(
            *(urn.drop(SIPAS, "paper", answers(3), digest="d") for urn in urns * 5)
        )

        assert outcomes.count(True) == 1
        assert await urns[0].waiting(SIPAS) == 3


async def test_two_that_invite_the_same_in_another_order_do_not_block_each_other(
    fresh_postgres: str,
) -> None:
    tokens = [f"token-{number:04}" for number in range(2_000)]
    async with two_processes(fresh_postgres) as (one, other):
        inviting = [invite(one, *tokens), invite(other, *reversed(tokens))]

        await asyncio.gather(*inviting)

        assert (await one.turnout(SIPAS))["so-y-te"].invited == len(tokens)


async def test_a_counted_answer_leaves_no_trace_in_the_table(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await urn.drop(
            SIPAS,
            "paper",
            [{"q1": str(number), "remark": f"secret-{number:02}"} for number in range(40)],
            digest="d",
        )
        before = file_of("urn_answers", fresh_postgres)
        drawn = await draw(urn, 1, most=20) or []
        await urn.discard(SIPAS, 1)

        after = file_of("urn_answers", fresh_postgres)

    assert all(b"secret-%02d" % number in before for number in range(40))
    left = [number for number in range(40) if b"secret-%02d" % number in after]
    assert left == sorted(set(range(40)) - set(drawn))


async def test_drawn_answers_are_stamped_alike_and_lie_by_their_random_names(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, *TOKENS)
        for token in TOKENS:
            await urn.spend(SIPAS, token, answers(1)[0])

        await draw(urn, 1, most=30)

    assert asked(STAMPS, fresh_postgres) == 1
    names = asked(ORDER, fresh_postgres)
    assert isinstance(names, list)
    assert names == sorted(names)


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


async def test_of_many_secrets_that_are_offered_all_get_the_same(fresh_postgres: str) -> None:
    async with postgres.keys(fresh_postgres) as keys, connect(fresh_postgres) as database:
        others = PostgresKeys(database)

        secrets = await asyncio.gather(
            *(each.secret(b"%d" % number) for number in range(10) for each in (keys, others))
        )

        assert len(set(secrets)) == 1
        assert await others.secret(b"late") == secrets[0]


async def test_without_tables_it_is_said_what_to_do(fresh_postgres: str) -> None:
    async with connect(fresh_postgres) as database:
        urn, keys = PostgresUrn(database, SecretChance()), PostgresKeys(database)
        for call in (urn.waiting(SIPAS), urn.spend(SIPAS, "t", {}), keys.get("k")):
            with pytest.raises(Unavailable, match="database-not-migrated"):
                await call


async def test_a_database_that_was_closed_is_away(fresh_postgres: str) -> None:
    async with postgres.keys(fresh_postgres) as keys:
        await keys.add("k", b"v")
    with pytest.raises(Unavailable, match="database-unavailable"):
        await keys.get("k")

    async with connect(fresh_postgres) as never_used:
        pass
    with pytest.raises(Unavailable, match="database-unavailable"):
        await PostgresKeys(never_used).get("k")
