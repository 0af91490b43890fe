"""PostgreSQL dies and stands still under its adapters: calls end in time, and what was done stays.

Each test has a server of its own. An append that was acknowledged is kept whole; of one that was
not, all is there or nothing, and who says it again learns which.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from real.install import HOME
from real.servers.postgres import Postgres
from real.servers.server import Server
from shared.adapters.chance import SecretChance
from shared.adapters.eventstore.postgres import STORE_TIMEOUT_S, PostgresEventStore
from shared.adapters.migration import migrate
from shared.adapters.postgres import (
    PostgresKeys,
    PostgresLeases,
    PostgresNews,
    PostgresUrn,
    connect,
)
from shared.adapters.postgres.leases import RECHECK_S
from shared.adapters.slips import SPEND_TIMEOUT_S
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import EventStore, Tracking
from tests.support import tally
from tests.support.opened import opened
from tests.support.servers import REAL
from tests.support.urns import draw, invite, spend

pytestmark = [*REAL, pytest.mark.slow]

WRITERS = 8
KILLS = 3
BETWEEN_KILLS_S = 0.7
SLACK_S = 4.0
"""What a busy machine adds to a limit; less than a server stands still beyond it."""
RECOVERY_S = 15.0
AT_ONCE_S = 1.0
PAUSE_S = 0.1
ENDLESS_S = 20.0
"""Whoever waits for so long would wait for ever."""
PAUSED_CONNECTIONS = 2

Record = Callable[[str, Any], None]


@pytest.fixture
async def server(folder: Path, run: Callable[[Server], None]) -> Server:
    server = Postgres(folder, HOME)
    run(server)
    await migrate(server.url)
    return server


@pytest.fixture
async def store(server: Server) -> AsyncIterator[PostgresEventStore]:
    async with opened(PostgresEventStore(server.url, "facts")) as store:
        yield store


@dataclass(slots=True)
class Diary:
    """What writers were told, and how long that took."""

    acknowledged: list[Sequence[Stored]] = field(default_factory=list)
    unknown: list[Sequence[Stored]] = field(default_factory=list)
    longest_s: float = 0.0


async def write(store: EventStore, writer: int, diary: Diary, over: asyncio.Event) -> None:
    """Appends of three facts in two streams, each said again until it is known to be recorded."""
    version = 0
    while not over.is_set():
        version += 1
        append = [
            Stored(f"survey/{writer}", 2 * version - 1, "survey.T.v1", b"{}"),
            Stored(f"survey/{writer}", 2 * version, "survey.T.v1", b"{}"),
            Stored(f"cycle/{writer}", version, "survey.T.v1", b"{}"),
        ]
        tracking = Tracking(f"consumer-{writer}", version) if writer % 2 else None
        await say_until_known(store, append, tracking, diary)


async def say_until_known(
    store: EventStore, append: Sequence[Stored], tracking: Tracking | None, diary: Diary
) -> None:
    while True:
        outcome, took_s = await timed(store.append(append, tracking=tracking))
        diary.longest_s = max(diary.longest_s, took_s)
        match outcome:
            case None:
                diary.acknowledged.append(append)
                return
            case Unavailable():
                diary.unknown.append(append)
                await asyncio.sleep(PAUSE_S)
            case Conflict():  # It was recorded, though nobody said so.
                assert append in diary.unknown, "nobody else writes here"
                return
            case _:
                raise outcome


async def timed(call: Awaitable[object]) -> tuple[Exception | None, float]:
    """What a call came to, and how many seconds that took."""
    time_s = asyncio.get_running_loop().time
    began_s = time_s()
    try:
        async with asyncio.timeout(ENDLESS_S):
            await call
    except Exception as error:  # noqa: BLE001 - it is judged by the caller
        return error, time_s() - began_s
    return None, time_s() - began_s


@asynccontextmanager
async def writing(store: EventStore) -> AsyncIterator[Diary]:
    """Writers at work."""
    diary, over = Diary(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for writer in range(WRITERS):
            group.create_task(write(store, writer, diary, over))
        try:
            yield diary
        finally:
            over.set()


async def until_it_works(call: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(RECOVERY_S):
        while True:
            outcome, _ = await timed(call())
            if not isinstance(outcome, Unavailable):
                break
            await asyncio.sleep(PAUSE_S)


async def check_kept(store: EventStore, diary: Diary) -> None:
    kept = {fact for entry in await store.log(after=0, limit=100_000) for fact in [entry.fact]}
    for append in diary.acknowledged:
        assert kept.issuperset(append), f"lost: {append}"
    for append in diary.unknown:
        there = kept.intersection(append)
        assert len(there) in {0, len(append)}, f"half done: {append}"
    for writer in range(1, WRITERS, 2):
        tracked = await store.tracked(f"consumer-{writer}")
        last = await store.last(f"cycle/{writer}")
        assert last is not None
        assert tracked == last.version


async def test_what_was_acknowledged_outlives_kills_of_the_server(
    server: Server, store: PostgresEventStore, record_property: Record
) -> None:
    async with writing(store) as diary:
        for _ in range(KILLS):
            await asyncio.sleep(BETWEEN_KILLS_S)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            await until_it_works(store.end)
        await asyncio.sleep(BETWEEN_KILLS_S)

    await check_kept(store, diary)
    _count(record_property, "killed", KILLS, diary)
    assert len(diary.acknowledged) > KILLS * WRITERS
    assert len(diary.unknown) > 0
    assert diary.longest_s < STORE_TIMEOUT_S + SLACK_S


async def test_while_the_server_stands_still_calls_end_in_time(
    server: Server, record_property: Record
) -> None:
    store = PostgresEventStore(server.url, "facts", connections_max=PAUSED_CONNECTIONS)
    async with opened(store), writing(store) as diary:
        await asyncio.sleep(BETWEEN_KILLS_S)
        await asyncio.to_thread(server.pause)
        readings = await asyncio.gather(*(timed(store.end()) for _ in range(20)))
        await asyncio.sleep(STORE_TIMEOUT_S)
        later = await asyncio.gather(*(timed(store.end()) for _ in range(20)))
        await asyncio.to_thread(server.resume)
        await until_it_works(store.end)
        await asyncio.sleep(BETWEEN_KILLS_S)

    async with opened(PostgresEventStore(server.url, "facts")) as store:
        await check_kept(store, diary)
    _count(record_property, "paused", 1, diary)
    assert {type(outcome) for outcome, _ in [*readings, *later]} == {Unavailable}
    assert max(took_s for _, took_s in readings) < STORE_TIMEOUT_S + SLACK_S
    assert max(took_s for _, took_s in later) < STORE_TIMEOUT_S / 2, "nobody waits again"
    assert diary.longest_s < STORE_TIMEOUT_S + SLACK_S
    assert len(diary.unknown) > 0


async def test_after_a_restart_dead_connections_are_replaced_before_they_are_used(
    server: Server, store: PostgresEventStore
) -> None:
    tracking = [Tracking(f"consumer-{number}", 1) for number in range(40)]
    await asyncio.gather(*(store.append([], tracking=each) for each in tracking))

    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)

    outcomes = await asyncio.gather(*(timed(store.end()) for _ in range(20)))
    assert {outcome for outcome, _ in outcomes} == {None}


@pytest.mark.parametrize("fault", ["kill", "pause"])
async def test_urn_and_keys_end_in_time_and_recover(server: Server, fault: str) -> None:
    async with connect(server.url) as database:
        urn, keys = PostgresUrn(database, SecretChance()), PostgresKeys(database)
        await invite(urn, "one", "other")
        await keys.add("k", b"v")

        await asyncio.to_thread(getattr(server, fault))
        outcomes = await asyncio.gather(
            timed(spend(urn, "one", 0)),
            timed(draw(urn, 1)),
            *(timed(keys.get("k")) for _ in range(20)),
        )
        await asyncio.to_thread(server.start if fault == "kill" else server.resume)
        await until_it_works(lambda: keys.get("k"))

        assert {type(outcome) for outcome, _ in outcomes} == {Unavailable}
        assert max(took_s for _, took_s in outcomes) < SPEND_TIMEOUT_S + SLACK_S
        assert await keys.get("k") == b"v"
        await spend(urn, "other", 1)


@pytest.mark.parametrize("fault", ["kill", "pause"])
async def test_while_the_server_is_away_nobody_has_a_lease_and_then_somebody(
    server: Server, fault: str
) -> None:
    async with opened(PostgresLeases(server.url, "survey")) as leases:
        assert await leases.hold("survey.relay")

        await asyncio.to_thread(getattr(server, fault))
        await asyncio.sleep(RECHECK_S)
        outcomes = await asyncio.gather(*(timed(leases.hold(f"survey.{n}")) for n in range(9)))
        await asyncio.to_thread(server.start if fault == "kill" else server.resume)

        assert {type(outcome) for outcome, _ in outcomes} == {Unavailable}
        assert max(took_s for _, took_s in outcomes) < RECOVERY_S
        await until_it_works(lambda: leases.hold("survey.relay"))
        assert await leases.hold("survey.relay")


@pytest.mark.parametrize("fault", ["kill", "pause"])
async def test_news_are_heard_again_when_the_server_is_back(
    server: Server, store: PostgresEventStore, fault: str
) -> None:
    async with opened(PostgresNews(server.url, ("facts",))) as news:
        following = news.follow()
        await following.wait(RECOVERY_S)
        await asyncio.to_thread(getattr(server, fault))
        _, waited_s = await timed(following.wait(AT_ONCE_S))
        await asyncio.to_thread(server.start if fault == "kill" else server.resume)
        await until_it_works(store.end)
        await following.wait(AT_ONCE_S)

        await store.append([Stored("cycle/2021", 1, "survey.T.v1", b"{}")])
        _, heard_s = await timed(following.wait(2 * RECOVERY_S))

    assert waited_s < AT_ONCE_S + SLACK_S
    assert heard_s < RECOVERY_S


def _count(record_property: Record, fault: str, times: int, diary: Diary) -> None:
    row = {
        "times": times,
        "acknowledged": len(diary.acknowledged),
        "unknown": len(diary.unknown),
        "longest ms": int(1_000 * diary.longest_s),
    }
    tally.count(record_property, "appends while PostgreSQL is", {fault: row})
