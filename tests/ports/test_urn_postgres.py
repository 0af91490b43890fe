"""What urn and keys on PostgreSQL promise beside their ports: to many processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.postgres import PostgresKeys, PostgresUrn, connect
from shared.adapters.postgres.urn.locks import TAKE_LOCK, box_key
from shared.kernel.errors import Crowded, Problem, Refused, Unavailable
from shared.ports import Urn
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import (
    AGENCY,
    DAY,
    LEADERS,
    SIPAS,
    count_waiting,
    draw,
    drop,
    invite,
    link,
    slip,
    spend,
)

pytestmark = REAL

TOKENS = [f"token-{number:02}" for number in range(40)]
MOMENT_S = 0.5


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Urn, Urn]]:
    async with postgres.urn(url, SecretChance()) as one, connect(url) as database:
        yield one, PostgresUrn(database, SecretChance())


async def spend_all(urn: Urn, first: int = 0) -> list[BaseException | None]:
    return await asyncio.gather(
        *(spend(urn, token, first + number) for number, token in enumerate(TOKENS)),
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
        await invite(urn, *TOKENS[:4])
        await invite(urn, TOKENS[4], questionnaire=LEADERS)
        await link(urn, "link", per_day_max=1)
        await spend(urn, TOKENS[0], 100)
        await urn.cast(SIPAS, AGENCY, "spent", slip(101))
        await urn.shut(LEADERS)
        wanted = [
            urn.spend(SIPAS, TOKENS[0], slip(0), day=DAY),
            urn.spend(SIPAS, TOKENS[1], slip(1, "đợi lâu"), day=DAY),
            urn.spend(SIPAS, TOKENS[1], slip(2, "không ai đọc"), day=DAY),
            urn.spend(SIPAS, TOKENS[2], slip(100), day=DAY),
            urn.spend(SIPAS, TOKENS[4], slip(4), day=DAY),
            urn.spend(LEADERS, TOKENS[4], slip(5), day=DAY),
            urn.spend(SIPAS, "nobody", slip(6), day=DAY),
            urn.spend(SIPAS, "link", slip(7), day=DAY),
            urn.spend(SIPAS, "link", slip(8), day=DAY),
            urn.cast(SIPAS, AGENCY, "spent", slip(9)),
            urn.cast(SIPAS, AGENCY, "ballot", slip(10)),
            urn.cast(LEADERS, AGENCY, "ballot", slip(11)),
            urn.cast(SIPAS, AGENCY, "unspent", slip(100)),
        ]

        first = asyncio.create_task(urn.spend(SIPAS, TOKENS[3], slip(50), day=DAY))
        await asyncio.sleep(0)
        outcomes = await asyncio.gather(*wanted, return_exceptions=True)
        await first

        codes = [each.code if isinstance(each, Problem) else each for each in outcomes]
        assert codes == [
            *("token-spent", None, "token-spent", "receipt-taken", "token-of-another-survey"),
            *("survey-closed", "token-unknown", None, "link-full-today"),
            *("ballot-spent", None, "survey-closed", "receipt-taken"),
        ]
        assert sorted(await draw(urn, 1) or []) == [1, 7, 10, 50, 100, 101]
        await urn.release(SIPAS, least=1)
        assert [each.text for each in await urn.comments(SIPAS, limit=9)] == ["đợi lâu"]
        await urn.cast(SIPAS, AGENCY, "unspent", slip(12))


@asynccontextmanager
async def held(token: str, url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Another process is about to spend this token: its transaction has the row."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("update urn_rights set used = 1 where token_sha256 = %s", (token,))
        yield connection


@asynccontextmanager
async def nobody_puts_in(url: str) -> AsyncIterator[None]:
    """Who wants to put something in waits, and all begin at the same moment."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(TAKE_LOCK, (box_key(SIPAS),))
        yield


async def test_who_waits_for_a_token_that_is_being_spent_finds_it_spent(
    fresh_postgres: str,
) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, "token")
        async with held("token", fresh_postgres) as other:
            spending = asyncio.create_task(spend(urn, "token", 0))
            await asyncio.sleep(MOMENT_S)
            waited = not spending.done()
            await other.commit()

        with pytest.raises(Refused, match="token-spent"):
            await spending
        assert waited
        assert await count_waiting(urn) == 0


async def test_shutting_waits_for_answers_that_are_being_put_in(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, "token")
        async with held("token", fresh_postgres) as third:
            spending = asyncio.create_task(spend(one, "token", 0))
            await asyncio.sleep(MOMENT_S)
            shutting = asyncio.create_task(other.shut(SIPAS))
            await asyncio.sleep(MOMENT_S)
            waited = not spending.done() and not shutting.done()
            await third.rollback()
        await asyncio.gather(spending, shutting)

        assert waited
        assert await count_waiting(other) == 1


async def test_no_answer_comes_after_the_shutting_of_another_process(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, *TOKENS)
        await other.shut(SIPAS)

        outcomes = await spend_all(one)

        assert {str(outcome) for outcome in outcomes} == {str(Refused("survey-closed"))}
        assert await count_waiting(one) == 0


async def test_processes_that_draw_at_once_draw_the_same(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await drop(one, 40)

        drawn = await asyncio.gather(
            *(draw(urn, batch, most=15) for batch in (1, 2) for urn in (one, other) * 3)
        )

        assert drawn[:6] == [drawn[0]] * 6
        assert drawn[6:] == [drawn[6]] * 6
        assert not set(drawn[0] or []) & set(drawn[6] or [])


async def test_of_two_processes_that_drop_under_a_key_one_does(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as urns:
        outcomes = await asyncio.gather(
            *(drop(urn, 3, first=10 * number, key="paper") for number, urn in enumerate(urns * 5))
        )

        assert outcomes.count(True) == 1
        assert await count_waiting(urns[0]) == 3


async def test_two_that_invite_the_same_in_another_order_do_not_block_each_other(
    fresh_postgres: str,
) -> None:
    tokens = [f"token-{number:04}" for number in range(2_000)]
    async with two_processes(fresh_postgres) as (one, other):
        inviting = [invite(one, *tokens), invite(other, *reversed(tokens))]

        await asyncio.gather(*inviting)

        assert (await one.turnout(SIPAS))["so-y-te"].invited == len(tokens)


async def test_two_processes_with_the_same_receipts_do_not_block_each_other(
    fresh_postgres: str,
) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, *TOKENS)
        mine = [one.cast(SIPAS, AGENCY, f"mine-{number}", slip(number)) for number in range(40)]
        backwards = range(39, -1, -1)
        others = [spend(other, TOKENS[number], number) for number in backwards]

        async with nobody_puts_in(fresh_postgres):
            putting = asyncio.gather(*mine, *others, return_exceptions=True)
            await asyncio.sleep(MOMENT_S)
        outcomes = await putting

        cast, spent = outcomes[:40], outcomes[:39:-1]
        assert all((a is None) != (b is None) for a, b in zip(cast, spent, strict=True))
        refused = {str(outcome) for outcome in outcomes if outcome is not None}
        assert refused == {str(Refused("receipt-taken"))}
        assert sorted(await draw(one, 1) or []) == list(range(40))


async def test_a_link_that_two_processes_use_is_used_as_often_as_it_may(
    fresh_postgres: str,
) -> None:
    async with two_processes(fresh_postgres) as urns:
        await link(urns[0], "link", per_day_max=25)

        outcomes = await asyncio.gather(
            *(spend(urns[number % 2], "link", number) for number in range(80)),
            return_exceptions=True,
        )

        assert outcomes.count(None) == 25
        refused = {str(outcome) for outcome in outcomes if outcome is not None}
        assert refused == {str(Refused("link-full-today"))}
        assert (await urns[1].turnout(SIPAS))[AGENCY].by_link == 25


async def test_too_many_that_wait_are_sent_away_and_nothing_is_done(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn, connect(fresh_postgres) as database:
        await invite(urn, *TOKENS)

        outcomes = await spend_all(PostgresUrn(database, SecretChance(), waiting_max=3))

        refused = [outcome for outcome in outcomes if outcome is not None]
        assert {repr(each) for each in refused} == {repr(Crowded("too-many-answers"))}
        assert await count_waiting(urn) == outcomes.count(None) > 0


async def test_who_stirs_and_who_draws_wait_for_one_another(fresh_postgres: str) -> None:
    async with two_processes(fresh_postgres) as (one, other):
        await invite(one, *TOKENS)
        stirring = [urn.stir() for urn in (one, other) * 4]
        drawing = [draw(other, batch, most=8) for batch in range(1, 5)]

        _, _, batches = await asyncio.gather(
            spend_all(one), asyncio.gather(*stirring), asyncio.gather(*drawing)
        )

        drawn = [number for batch in batches for number in batch or []]
        rest = await draw(one, 5) or []
        assert sorted([*drawn, *rest]) == list(range(len(TOKENS)))


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
        for call in (urn.waiting(SIPAS), spend(urn, "t", 0), keys.get("k")):
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
