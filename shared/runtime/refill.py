"""Refill: what a lost topic had taken goes into an empty one, each record with its first time.

It comes from the ledgers, which have it in order, or from a copy of the topic. Numbering it again
comes to the very ledgers, with what stands beside them, as far as it was numbered; what was not the
outboxes tell afterwards, since a topic of another name is told everything. What they repeat is no
news.
"""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import NamedTuple

from shared.events import codec
from shared.kernel.errors import Refused
from shared.ledger.entry import Entry
from shared.ports import EventStore, Message, Stream
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER, entries
from shared.runtime.react import named
from shared.runtime.whole import whole

BATCH_RECORDS_MAX = 500
BATCH_BYTES_MAX = 2 * 1024 * 1024
LOOKING = "refill-looks"
"""The group in which an empty topic is looked at, with a name of its own behind it."""


class Record(NamedTuple):
    """A record as a topic had it: when it took it, its key, and its bytes."""

    at: datetime
    key: str
    body: bytes


async def refill(
    topic: Stream, records: AsyncIterator[Record], name: str
) -> AsyncGenerator[int, None]:
    """Fill an empty topic; tells how many records it has taken by now.

    `name` is nobody else's. Raises `Refused("topic-not-empty")`: what stands in front of a refill
    would be numbered before it, and one that was broken off is begun anew with another topic.
    """
    async with aclosing(whole(topic, f"{LOOKING}-{name}")) as read:
        async for deliveries in read:
            if deliveries:
                raise Refused("topic-not-empty")
    told = 0
    async for batch in _batches(records):
        await topic.publish([Message(each.key, each.body, taken_at=each.at) for each in batch])
        told += len(batch)
        yield told


async def of_ledgers(inbox: EventStore) -> AsyncGenerator[Record, None]:
    """The records of all ledgers, cycle by cycle; of some there may be no more than what waits."""
    kinds = (LEDGER, PARKED)
    cycles = {name.removeprefix(kind) for kind in kinds async for name in named(inbox, kind)}
    for cycle in sorted(cycles):
        async for at, body in retold(inbox, cycle):
            yield Record(at, cycle, body)


async def retold(inbox: EventStore, cycle: str) -> AsyncGenerator[Entry, None]:
    """Entries in an order in which numbering them comes to a cycle's ledger once more.

    That is the order of the ledger. But what was parked came before the fact that it waited for,
    and by the time that it was parked at; so it stands there, and not where it got its number. What
    was told again with other bytes stands behind the first. Times never go back, so that both are
    put to the entries that have the same.
    """
    parked = [each async for _, each in entries(inbox, PARKED + cycle)]
    altered = [each async for _, each in entries(inbox, ALTERED + cycle)]
    waited = {codec.place_as_kept(each.fact).id for each in parked}
    beside = deque(
        sorted([(each, False) for each in parked] + [(each, True) for each in altered], key=_place)
    )
    async for _, kept in entries(inbox, LEDGER + cycle):
        while beside and _place(beside[0]) < (kept.at, 1):
            yield beside.popleft()[0]
        if codec.place_as_kept(kept.fact).id not in waited:
            yield kept
    for each, _ in beside:
        yield each


def _place(beside: tuple[Entry, bool]) -> tuple[datetime, int]:
    """Parked comes before the entries of that time, altered behind them."""
    kept, is_altered = beside
    return kept.at, 2 if is_altered else 0


async def _batches(records: AsyncIterator[Record]) -> AsyncGenerator[Sequence[Record], None]:
    batch: list[Record] = []
    size_bytes = 0
    async for record in records:
        size_bytes += len(record.body)
        if batch and (len(batch) == BATCH_RECORDS_MAX or size_bytes > BATCH_BYTES_MAX):
            yield batch
            batch, size_bytes = [], len(record.body)
        batch.append(record)
    if batch:
        yield batch
