"""What is made on the servers before a service starts, and whose it is then."""

import asyncio
from pathlib import Path
from time import perf_counter

import psycopg
import pytest
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from shared.adapters import migration
from shared.adapters.front import open_trial
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresDatabase, PostgresKeys, claim, connect
from shared.adapters.postgres.connection import LOCK_TIMEOUT_S
from shared.kernel.errors import Unavailable
from tests.support.role import Settings, first_lines, run
from tests.support.servers import REAL

pytestmark = REAL

WAITING = "select pid from pg_locks where relation = %s::regclass and not granted"
ENDLESS_S = 30.0
"""Whoever waits for so long would wait for ever."""
SLACK_S = 1.0
"""What a busy machine adds to a limit."""


@pytest.fixture
def settings(
    fresh_postgres: str, fresh_mongo: tuple[str, str], fresh_topic: tuple[str, str], tmp_path: Path
) -> Settings:
    """The settings of a trial on fresh places, whose folder is there already."""
    trial = tmp_path / "trial"
    trial.mkdir()
    open_trial(trial)
    return {
        "CCHC_MODE": "trial",
        "CCHC_POSTGRES": fresh_postgres,
        "CCHC_MONGO": fresh_mongo[0],
        "CCHC_MONGO_DATABASE": fresh_mongo[1],
        "CCHC_KAFKA": fresh_topic[0],
        "CCHC_KAFKA_TOPIC": fresh_topic[1],
        "CCHC_KAFKA_PARTITIONS": "2",
        "CCHC_KAFKA_REPLICAS": "1",
        "CCHC_TRIAL_DIR": str(trial),
        "CCHC_PORT": "0",
    }


def test_what_is_there_already_is_made_again_without_harm(settings: Settings) -> None:
    ended = [run("submission", "migrate", settings) for _ in range(2)]

    assert [each.returncode for each in ended] == [0, 0], ended[0].stderr


def test_a_topic_with_other_settings_is_refused_in_words(settings: Settings) -> None:
    run("submission", "migrate", settings)

    ended = run("submission", "migrate", {**settings, "CCHC_KAFKA_PARTITIONS": "3"})

    assert ended.returncode == 2
    assert "partitions" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_an_autovacuum_gives_way_before_who_migrates_lets_go(fresh_postgres: str) -> None:
    async with connect(fresh_postgres) as database:
        [[gives_way_ms]] = await database.rows(
            "select setting::int from pg_settings where name = 'deadlock_timeout'"
        )

    assert gives_way_ms < migration.LOCK_TIMEOUT_MS


async def test_whoever_reads_while_a_backup_is_made_does_not_wait_behind_who_migrates(
    fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "HELD_S_MAX", 0.0)
    await migrate(fresh_postgres)
    async with (
        connect(fresh_postgres) as database,
        await psycopg.AsyncConnection.connect(fresh_postgres) as dump,
    ):
        await dump.execute("lock table sealing_keys in access share mode")
        migrating = asyncio.create_task(migrate(fresh_postgres))
        await waited_for(migrating, database)

        began_s = perf_counter()
        assert await PostgresKeys(database).get("a key") is None
        assert perf_counter() - began_s < migration.LOCK_TIMEOUT_MS / 1_000 + SLACK_S

        with pytest.raises(Unavailable, match="database-unavailable"):
            await migrating
    await migrate(fresh_postgres)


@pytest.mark.parametrize("held", ["sealing_keys", "inbox_events"])
async def test_whoever_migrates_asks_again_for_what_somebody_holds(
    held: str, fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "LOCK_TIMEOUT_MS", 50)
    monkeypatch.setattr(migration, "HELD_PAUSE_S", 0.01)
    await migrate(fresh_postgres)
    async with (
        connect(fresh_postgres) as database,
        await psycopg.AsyncConnection.connect(fresh_postgres) as holder,
    ):
        await holder.execute(SQL("lock table {} in exclusive mode").format(Identifier(held)))
        began_s = perf_counter()
        migrating = asyncio.create_task(migrate(fresh_postgres))
        [first] = await waited_for(migrating, database, held)
        async with asyncio.timeout(ENDLESS_S):
            while [first] == await waited_for(migrating, database, held):  # noqa: ASYNC110 - a lock tells nobody
                await asyncio.sleep(0.01)
        assert perf_counter() - began_s < LOCK_TIMEOUT_S, "so long whoever does not migrate waits"
    await migrating


async def waited_for(
    migrating: asyncio.Task[None], database: PostgresDatabase, table: str = "sealing_keys"
) -> list[TupleRow]:
    """Who waits for a table, once somebody does: the migration, which is not done."""
    async with asyncio.timeout(ENDLESS_S):
        while not migrating.done():
            if found := await database.rows(WAITING, table):
                return found
            await asyncio.sleep(0.01)
    await migrating
    raise AssertionError("nothing was waited for")


@pytest.mark.parametrize("role", ["migrate", "api", "worker"])
def test_a_service_does_not_start_on_the_database_of_another(role: str, settings: Settings) -> None:
    async def take() -> None:
        await migrate(settings["CCHC_POSTGRES"])
        async with connect(settings["CCHC_POSTGRES"]) as database:
            await claim(database, "survey", "trial")

    asyncio.run(take())

    ended = run("submission", role, settings)

    assert ended.returncode == 2
    assert "belongs to the service survey" in ended.stderr


@pytest.mark.parametrize(
    ("setting", "nobody"),
    [
        ("CCHC_POSTGRES", "postgresql://user:secret@127.0.0.1:1/any"),
        ("CCHC_MONGO", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"),
        ("CCHC_KAFKA", "127.0.0.1:1"),
    ],
)
def test_whoever_waits_for_a_server_says_for_which(
    setting: str, nobody: str, settings: Settings
) -> None:
    said = first_lines("submission", "migrate", {**settings, setting: nobody}, until="waiting for")

    assert f"waiting for {setting}: " in said[-1]
    assert "secret" not in said[-1]
