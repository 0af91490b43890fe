"""What stands beside facts on PostgreSQL for telemetry, and changes nothing of them."""

import pytest

from shared.adapters.eventstore import postgres_tables
from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.migration import FACTS
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from tests.support.opened import opened
from tests.support.postgres import event_store
from tests.support.servers import REAL

pytestmark = REAL

SHEET = "submission/2021/so-y-te"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def fact(version: int, trace: str = "") -> Stored:
    return Stored(SHEET, version, "submission.ScoreSubmitted.v1", b"{}", trace)


async def traces(store: PostgresEventStore) -> list[str]:
    return [entry.fact.trace for entry in await store.log(after=0, limit=100)]


async def test_the_log_tells_the_traces_of_its_facts(fresh_postgres: str) -> None:
    async with (
        event_store(fresh_postgres) as untraced,
        opened(PostgresEventStore(fresh_postgres, FACTS, traced=True)) as store,
    ):
        await store.append([fact(1), fact(2, TRACE)])
        await untraced.append([fact(3)])

        assert await traces(store) == ["", TRACE, ""]
        assert await traces(untraced) == ["", "", ""]
        assert await store.stream(SHEET, limit=9) == [fact(1), fact(2), fact(3)]


async def test_a_fact_that_is_refused_leaves_no_trace(fresh_postgres: str) -> None:
    async with (
        event_store(fresh_postgres),
        opened(PostgresEventStore(fresh_postgres, FACTS, traced=True)) as store,
    ):
        await store.append([fact(1)])
        with pytest.raises(Conflict):
            await store.append([fact(1, TRACE)])
        await store.append([fact(2)])

        assert await traces(store) == ["", ""]


async def test_traces_of_long_ago_are_forgotten(
    fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_tables, "TRACES_KEPT", 4)
    monkeypatch.setattr(postgres_tables, "TRACES_FORGOTTEN_EVERY", 5)
    async with (
        event_store(fresh_postgres),
        opened(PostgresEventStore(fresh_postgres, FACTS, traced=True)) as store,
    ):
        for version in range(1, 13):
            await store.append([fact(version, TRACE)])

        assert await traces(store) == [""] * 6 + [TRACE] * 6
