"""What news promise: who follows them learns of what was written, soon or when it is time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import psycopg
import pytest

from shared.adapters.alone import Polling
from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.memory import MemoryEventStore
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresNews
from shared.events.codec import Stored
from shared.ports import EventStore, Following, News, Tracking
from tests.support.opened import opened
from tests.support.postgres import url_of
from tests.support.servers import REAL

SOON_S = 30.0
LONG_S = 60.0
SHORT_S = 0.3
BREAK = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'cchc news' and datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Office:
    """The stores of a service, and the news of them."""

    facts: EventStore
    inbox: EventStore
    news: News

    async def write(self, store: EventStore | None = None, version: int = 1) -> None:
        await (store or self.facts).append([Stored("cycle/2021", version, "CycleOpened.v1", b"{}")])


@asynccontextmanager
async def alone(_: pytest.FixtureRequest) -> AsyncIterator[Office]:
    yield Office(MemoryEventStore(), MemoryEventStore(), Polling())


@asynccontextmanager
async def on_postgres(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    url = url_of(request)
    await migrate(url)
    async with (
        opened(PostgresEventStore(url, "facts")) as facts,
        opened(PostgresEventStore(url, "inbox")) as inbox,
        opened(PostgresNews(url, ("facts", "inbox"))) as news,
    ):
        yield Office(facts, inbox, news)


@pytest.fixture(
    params=[pytest.param(alone, id="alone"), pytest.param(on_postgres, id="postgres", marks=REAL)]
)
async def office(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    make: Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Office]] = request.param
    async with make(request) as office:
        yield office


@pytest.fixture
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with on_postgres(request) as office:
        yield office


async def hears(following: Following, doing: Awaitable[None] | None = None) -> None:
    """It returns long before it is time."""
    waiting = asyncio.create_task(following.wait(LONG_S))
    if doing is not None:
        await asyncio.sleep(0)
        await doing
    async with asyncio.timeout(SOON_S):
        await waiting


async def hears_nothing(following: Following) -> None:
    """It returns when it is time and not before."""
    time_s = asyncio.get_running_loop().time
    began_s = time_s()
    await following.wait(SHORT_S)
    assert time_s() - began_s >= SHORT_S


async def quiet(office: Office) -> Following:
    """One who follows, and has been told that the listening began."""
    following = office.news.follow()
    await hears(following)
    return following


async def test_who_waits_hears_of_what_is_written(office: Office) -> None:
    following = office.news.follow()

    await hears(following, office.write())
    await hears(following, office.write(office.inbox))


async def test_what_was_written_between_two_waits_is_heard(office: Office) -> None:
    following = office.news.follow()
    await following.wait(SHORT_S)

    await office.write()
    await asyncio.sleep(SHORT_S)

    await hears(following)


async def test_a_wait_ends_when_it_is_time(office: Office) -> None:
    following = office.news.follow()

    async with asyncio.timeout(SOON_S):
        for _ in range(3):
            await following.wait(SHORT_S)


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_without_news_a_wait_lasts_its_time(postgres: Office) -> None:
    following = await quiet(postgres)
    await hears_nothing(following)

    await postgres.facts.append([], tracking=Tracking("relay", 1))

    await hears_nothing(following)


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_everyone_who_follows_is_told_once(postgres: Office) -> None:
    everyone = [postgres.news.follow() for _ in range(3)]
    for following in everyone:
        await hears(following)

    await postgres.write()
    await asyncio.sleep(SHORT_S)

    for following in everyone:
        await hears(following)
        await hears_nothing(following)


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_after_a_broken_connection_what_was_missed_is_heard(
    postgres: Office, fresh_postgres: str
) -> None:
    following = await quiet(postgres)
    async with await psycopg.AsyncConnection.connect(fresh_postgres, autocommit=True) as breaker:
        await breaker.execute(BREAK)
    await postgres.write()

    await hears(following)
    await following.wait(SHORT_S)
    await hears(following, postgres.write(version=2))


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_while_the_server_is_away_a_wait_lasts_its_time() -> None:
    news = PostgresNews("postgresql://cchc:secret@127.0.0.1:9/nothing", ("facts",))
    async with opened(news):
        await hears_nothing(news.follow())
