"""The topic, worse than any real one: it repeats, loses and invents records, and says so or not.

What it loses it never acknowledges, so that the sender sends again; that much is promised.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from zlib import crc32

from shared.kernel.errors import Unavailable
from shared.ports import Delivery, Message, Subscription
from tests.faults.simulator.faults import FETCH, PUBLISH, Faults, Kind
from tests.faults.simulator.life import Life
from tests.faults.simulator.ports import News

PARTITIONS = 2
TRUNCATED_RECORDS_MAX = 3
REDELIVERED_RECORDS_MAX = 6
NOISE = b"\x00 not a fact"

PositionOf = Callable[[int], Awaitable[int]]


class Topic:
    """The records, which outlive every process."""

    def __init__(self, began_at: datetime) -> None:
        self.partitions: list[list[Delivery]] = [[] for _ in range(PARTITIONS)]
        self.news = News()
        self._at = began_at

    def take(self, message: Message) -> None:
        """Append one record."""
        number = crc32(message.key.encode()) % PARTITIONS
        partition = self.partitions[number]
        self._at += timedelta(milliseconds=1)
        position = len(partition) + 1
        self.news.heard += 1
        partition.append(Delivery(number, position, self._at, message.key, message.body))

    def take_old(self, faults: Faults, *, altered: bool) -> bool:
        """Append an old record once more; False if there is none."""
        old = [record for partition in self.partitions for record in partition]
        if not old:
            return False
        record = old[faults.some(len(old))]
        body = record.body.replace(b'"specversion":"1.0"', b'"specversion":"1.1"')
        self.take(Message(record.key, body if altered else record.body))
        return True


class Tap:
    """The topic as one process sees it; each process is given every partition."""

    def __init__(self, topic: Topic, life: Life) -> None:
        self._topic = topic
        self._life = life

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order, or fail after a part."""
        life = self._life
        life.require()
        kind = life.faults.draw(PUBLISH)
        match kind:
            case None:
                await self._take(messages)
            case "prefix" | "gap":
                await self._take_some(kind, messages)
            case "reordered":
                await self._take_one_late(messages)
            case "duplicated" | "resent" | "altered" | "unreadable":
                await self._take_more(kind, messages)
            case _:
                await life.suffer(kind, lambda: self._take(messages))
        life.require()

    async def _take(self, messages: Sequence[Message]) -> None:
        await asyncio.sleep(0)
        for message in messages:
            self._topic.take(message)

    async def _take_some(self, kind: Kind, messages: Sequence[Message]) -> None:
        self._life.note(kind)
        place = self._life.faults.some(len(messages))
        rest = messages[place + 1 :] if kind == "gap" else ()
        await self._take([*messages[:place], *rest])
        raise Unavailable("simulated-fault", kind=kind)

    async def _take_one_late(self, messages: Sequence[Message]) -> None:
        self._life.note("reordered")
        place = self._life.faults.some(len(messages))
        await self._take([*messages[:place], *messages[place + 1 :]])
        await self._life.faults.delay()
        await self._take(messages[place : place + 1])

    async def _take_more(self, kind: Kind, messages: Sequence[Message]) -> None:
        await self._take(messages)
        faults = self._life.faults
        match kind:
            case "duplicated":
                await self._take(messages[faults.some(len(messages)) :])
            case "unreadable":
                await self._take([Message(messages[0].key, NOISE)])
            case _:
                if not self._topic.take_old(faults, altered=kind == "altered"):
                    return
        self._life.note(kind)

    @asynccontextmanager
    async def subscribe(self, _: str, position_of: PositionOf) -> AsyncIterator[Subscription]:
        """Follow every partition; two processes of one group are dealt the same ones."""
        yield _Follower(self._topic, self._life, position_of)


class _Follower:
    """One subscription."""

    def __init__(self, topic: Topic, life: Life, position_of: PositionOf) -> None:
        self._partitions = topic.partitions
        self._life = life
        self._position_of = position_of
        self._positions: list[int] = []

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records, with those before them now and then."""
        if not self._positions:
            self._positions = [await self._position_of(n) for n in range(PARTITIONS)]
        self._life.require()
        kind = self._life.faults.draw(FETCH)
        match kind:
            case None:
                deliveries = await self._read(limit)
            case "truncated":
                self._life.note(kind)
                deliveries = await self._read(1 + self._life.faults.some(TRUNCATED_RECORDS_MAX))
            case "redelivered":
                deliveries = await self._read_again(limit)
            case _:
                deliveries = await self._life.suffer(kind, lambda: self._read(limit))
        self._life.require()
        if not deliveries:
            await asyncio.sleep(timeout_s)
        return deliveries

    async def behind(self) -> Mapping[int, int | None]:
        """How many records there are beyond the last fetch."""
        places = zip(self._partitions, self._positions, strict=False)
        return {number: len(each) - position for number, (each, position) in enumerate(places)}

    async def _read_again(self, limit: int) -> Sequence[Delivery]:
        back = 1 + self._life.faults.some(REDELIVERED_RECORDS_MAX)
        self._positions = [max(0, position - back) for position in self._positions]
        self._life.note("redelivered")
        return await self._read(limit)

    async def _read(self, limit: int) -> Sequence[Delivery]:
        await asyncio.sleep(0)
        deliveries: list[Delivery] = []
        for number, partition in enumerate(self._partitions):
            after = self._positions[number]
            read = partition[after : after + limit - len(deliveries)]
            deliveries += read
            self._positions[number] += len(read)
        return deliveries
