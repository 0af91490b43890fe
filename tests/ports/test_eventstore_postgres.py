"""What an event store on PostgreSQL promises beside its port: its tables, its safety, its words."""

import asyncio

import psycopg
import pytest
from eventsourcing.postgres import PostgresApplicationRecorder

from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.eventstore.postgres_tables import datastore
from shared.adapters.migration import migrate
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Tracking
from tests.support.opened import opened
from tests.support.postgres import event_store
from tests.support.servers import REAL

pytestmark = REAL

SHEET = "submission/2021/so-y-te"
SOON_S = 10.0
NOWHERE = "postgresql://cchc:secret@127.0.0.1:9/nothing"


def fact(version: int, stream: str = SHEET, body: bytes = b"{}") -> Stored:
    return Stored(stream, version, "submission.ScoreSubmitted.v1", body)


def create_unsafe_function(url: str) -> None:
    """As an application of the library does it when it starts."""
    with datastore(url, "test", connections_max=1) as connections:
        PostgresApplicationRecorder(connections, events_table_name="facts_events").create_table()


async def test_what_was_acknowledged_is_there_for_every_process(fresh_postgres: str) -> None:
    async with (
        event_store(fresh_postgres) as store,
        opened(PostgresEventStore(fresh_postgres, "facts")) as other,
    ):
        await store.append([fact(1), fact(2)], tracking=Tracking("react", 4))

        assert await other.stream(SHEET, limit=10) == [fact(1), fact(2)]
        assert await other.tracked("react") == 4


async def test_two_stores_of_a_service_know_nothing_of_each_other(fresh_postgres: str) -> None:
    async with (
        event_store(fresh_postgres) as store,
        opened(PostgresEventStore(fresh_postgres, "inbox")) as inbox,
    ):
        await store.append([fact(1)], tracking=Tracking("react", 4))

        assert (await inbox.end(), await inbox.tracked("react")) == (0, 0)


async def test_of_two_processes_that_want_a_version_one_gets_it(fresh_postgres: str) -> None:
    async with (
        event_store(fresh_postgres) as one,
        opened(PostgresEventStore(fresh_postgres, "facts")) as other,
    ):
        outcomes = await asyncio.gather(
            *(each.append([fact(number)]) for number in range(1, 21) for each in (one, other)),
            return_exceptions=True,
        )

        assert outcomes.count(None) == 20
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 20
        assert len(await one.log(after=0, limit=100)) == 20


async def test_who_appends_together_with_a_loser_wins_all_the_same(fresh_postgres: str) -> None:
    async with event_store(fresh_postgres) as store:
        await store.append([fact(1)])
        outcomes = await asyncio.gather(
            *(store.append([fact(1, f"cycle/{number}")]) for number in range(10)),
            store.append([fact(2, "cycle/new"), fact(1)]),
            *(store.append([fact(1, f"survey/{number}")]) for number in range(10)),
            return_exceptions=True,
        )

        assert [type(outcome) for outcome in outcomes].count(type(None)) == 20
        assert isinstance(outcomes[10], Conflict)
        assert await store.last("cycle/new") is None
        assert len(await store.log(after=0, limit=100)) == 21


async def test_without_its_tables_a_store_says_what_to_do(fresh_postgres: str) -> None:
    async with opened(PostgresEventStore(fresh_postgres, "facts")) as store:
        for call in (store.append([fact(1)]), store.end(), store.streams("", limit=1)):
            with pytest.raises(Unavailable, match="database-not-migrated"):
                await call

        await migrate(fresh_postgres)

        await store.append([fact(1)])
        assert await store.last(SHEET) == fact(1)


async def test_four_that_migrate_at_once_make_the_tables_once(fresh_postgres: str) -> None:
    await asyncio.gather(*(migrate(fresh_postgres) for _ in range(4)))

    async with opened(PostgresEventStore(fresh_postgres, "inbox")) as store:
        await store.append([fact(1)], tracking=Tracking("react", 1))


async def test_migrating_again_keeps_what_is_there(fresh_postgres: str) -> None:
    async with event_store(fresh_postgres) as store:
        await store.append([fact(1)], tracking=Tracking("react", 4))

        await migrate(fresh_postgres)

        assert await store.last(SHEET) == fact(1)
        assert await store.tracked("react") == 4
        await store.append([fact(2)], tracking=Tracking("react", 5))


@pytest.mark.parametrize(
    "setting", ["POSTGRES_ENABLE_DB_FUNCTIONS", "RANKING_POSTGRES_ENABLE_DB_FUNCTIONS"]
)
@pytest.mark.parametrize("asked", ["y", "anything", "no", "0", ""])
def test_the_library_s_unsafe_functions_cannot_be_asked_for(setting: str, asked: str) -> None:
    with pytest.raises(Refused, match="database-functions-enabled") as refused:
        PostgresEventStore(NOWHERE, "facts", environment={setting: asked})

    assert refused.value.details == {"setting": setting}


async def test_a_database_that_has_them_is_refused_until_it_is_migrated(
    fresh_postgres: str,
) -> None:
    await migrate(fresh_postgres)
    create_unsafe_function(fresh_postgres)

    async with opened(PostgresEventStore(fresh_postgres, "facts")) as store:
        with pytest.raises(Refused, match="database-functions-enabled"):
            await store.append([fact(1)])
        await migrate(fresh_postgres)

        await store.append([fact(1)])


async def test_streams_are_sorted_by_code_point_whatever_the_database_s_collation(
    fresh_postgres: str,
) -> None:
    names = ["A", "a", "a-b", "a/b", "ab", "B", "ba", "đ", "z", "ơ", "\uffff", "\U0001f600"]
    server, _, name = fresh_postgres.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        try:
            connection.execute(
                f"create database {name}_vi template template0 "
                f"locale_provider icu icu_locale 'vi' locale 'C.UTF-8'".encode()
            )
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("this PostgreSQL was built without ICU")
        try:
            async with event_store(f"{server}/{name}_vi") as store:
                for each in names:
                    await store.append([fact(1, each), fact(2, each)])

                assert await store.streams("", limit=99) == sorted(names)
                assert await store.streams("a", limit=3) == ["a", "a-b", "a/b"]
                assert await store.streams("a", after="a/b", limit=9) == ["ab"]
        finally:
            connection.execute(f"drop database {name}_vi with (force)".encode())


@pytest.mark.parametrize("prefix", ["a", "%", "_", "a\U0010ffff", ""])
async def test_a_prefix_is_taken_as_it_stands(fresh_postgres: str, prefix: str) -> None:
    mine = sorted([f"{prefix}!", f"{prefix}/x", f"{prefix}\U0010ffff"])
    others = ["b", "A", "x%", "xx"]
    async with event_store(fresh_postgres) as store:
        for name in [*mine, *others]:
            await store.append([fact(1, name)])

        found = await store.streams(prefix, limit=99)

    assert found == (mine if prefix else sorted([*mine, *others]))


async def test_a_server_that_is_not_there_is_away() -> None:
    async with opened(PostgresEventStore(NOWHERE, "facts")) as store, asyncio.timeout(SOON_S):
        for call in (store.append([fact(1)]), store.end()):
            with pytest.raises(Unavailable, match="database-unavailable"):
                await call
        with pytest.raises(Unavailable, match="database-unavailable"):
            await migrate(NOWHERE)


def test_an_address_that_cannot_be_read_is_refused_without_its_password() -> None:
    with pytest.raises(Refused, match="database-url-unreadable") as refused:
        PostgresEventStore("postgres;//cchc:secret@host/db", "facts")

    assert "secret" not in repr(refused.value)
    assert refused.value.__cause__ is None
