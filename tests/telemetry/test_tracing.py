"""How one span leads to the next: within a task, by what it reads, from many causes to one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from shared.adapters.memory import MemoryEventStore
from shared.adapters.telemetry import contract, tracing
from shared.adapters.telemetry.tracing import LINKS_MAX, read
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from tests.support.observed import Told
from tests.support.outside import memory_outside

SHOWN: tracing.Attributes = {contract.COLLECTION.name: "sheets", contract.DOCUMENTS.name: 1}


@pytest.fixture
def told() -> Told:
    return Told("ranking")


def trace_of(number: int) -> str:
    return f"00-{number:032x}-{number:016x}-01"


def links_of(span: ReadableSpan) -> Sequence[int]:
    return [link.context.trace_id for link in span.links]


async def show(told: Told) -> ReadableSpan:
    with told.tracing.span(contract.SHOW, SHOWN):
        await asyncio.sleep(0)
    return told.spans()[-1]


async def test_what_was_read_of_one_cause_is_gone_on_with(told: Told) -> None:
    read([trace_of(7), "", trace_of(7)])

    span = await show(told)

    assert span.parent is not None
    assert (span.context.trace_id, span.parent.span_id) == (7, 7)
    assert links_of(span) == []


async def test_of_several_causes_none_is_the_parent_and_all_are_linked(told: Told) -> None:
    read(trace_of(number) for number in range(1, LINKS_MAX + 50))

    span = await show(told)

    assert span.parent is None
    assert links_of(span) == list(range(1, LINKS_MAX + 1))


async def test_what_was_read_before_is_no_cause_of_what_is_read_now(told: Told) -> None:
    read([trace_of(7)])
    read([])

    span = await show(told)

    assert (span.parent, links_of(span)) == (None, [])


@pytest.mark.parametrize(
    "trace", ["x", "00-0-0-01", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é"]
)
async def test_what_is_no_trace_is_no_cause(told: Told, trace: str) -> None:
    for traces in ([trace], [trace, trace_of(3)]):
        read(traces)
        span = await show(told)
        assert span.parent is None
        assert links_of(span) == [3] * (len(traces) - 1)


async def test_each_task_has_causes_of_its_own(told: Told) -> None:
    async def after(number: int) -> ReadableSpan:
        read([trace_of(number)])
        await asyncio.sleep(0)
        return await show(told)

    spans = await asyncio.gather(*(after(number) for number in range(1, 9)))

    assert sorted(span.context.trace_id for span in told.spans()) == list(range(1, 9))
    assert len(spans) == 8


async def test_a_race_that_was_lost_is_no_failure_and_a_server_away_is(told: Told) -> None:
    for error in (Conflict("version-taken"), Unavailable("database-unavailable")):
        with pytest.raises(type(error)), told.tracing.span(contract.SHOW, SHOWN):
            raise error

    lost, away = told.spans()
    assert lost.status.is_unset
    assert not away.status.is_ok
    assert (away.attributes or {})[contract.ERROR.name] == "Unavailable"


async def test_what_is_not_kept_leaves_nothing_beside_facts() -> None:
    told, store = Told("submission", ratio=0.0), MemoryEventStore()
    outside = told.telemetry.outside(replace(memory_outside(), store=store), "facts")

    await outside.store.append([Stored("cycle/2021", 1, "submission.CycleOpened.v1", b"{}")])

    [entry] = await store.log(after=0, limit=9)
    assert entry.fact.trace == ""
    assert told.spans() == ()


async def test_facts_carry_the_trace_of_their_append_and_nothing_else_changes(told: Told) -> None:
    store = MemoryEventStore()
    outside = told.telemetry.outside(replace(memory_outside(), store=store), "facts")
    fact = Stored("cycle/2021", 1, "submission.CycleOpened.v1", b"{}")

    await outside.store.append([fact])

    [entry], [span] = await store.log(after=0, limit=9), told.spans()
    ids = f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}"
    assert entry.fact.trace.rpartition("-")[0] == ids
    assert entry.fact.body == fact.body
    assert tracing.ids() is None
