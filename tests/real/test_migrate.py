"""What is made on the servers before a service starts, and whose it is then."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from shared.adapters.front import open_trial
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresKeys, claim, connect
from shared.kernel.errors import Unavailable
from tests.support.role import Settings, first_lines, run
from tests.support.servers import REAL

pytestmark = REAL

WAITING = "select from pg_locks where relation = 'sealing_keys'::regclass and not granted"


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


async def test_whoever_reads_while_a_backup_is_made_does_not_wait_behind_who_migrates(
    fresh_postgres: str,
) -> None:
    await migrate(fresh_postgres)
    async with (
        connect(fresh_postgres) as database,
        await psycopg.AsyncConnection.connect(fresh_postgres) as dump,
    ):
        await dump.execute("lock table sealing_keys in access share mode")
        migrating = asyncio.create_task(migrate(fresh_postgres))
        while not await database.rows(WAITING):  # noqa: ASYNC110 - a lock tells nobody
            await asyncio.sleep(0.01)

        assert await PostgresKeys(database).get("a key") is None

        with pytest.raises(Unavailable, match="database-unavailable"):
            await migrating
    await migrate(fresh_postgres)


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
