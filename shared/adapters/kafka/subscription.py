"""Reading: what the partitions of one member hold, from the positions that its consumer keeps."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from shared.adapters.kafka.driver import JOIN_S_MAX
from shared.adapters.kafka.headers import first_taken, trace_of
from shared.adapters.kafka.share import Share
from shared.adapters.kafka.topic import Topic
from shared.kernel.errors import Unavailable
from shared.ports import Delivery

FETCH_S_MIN = 0.02
"""The least patience of a fetch: what was read ahead is there in less."""
POLL_S_MAX = 0.1
"""How long the driver is asked at a time; meanwhile no partition can be begun."""
SILENT_S_MAX = 10.0
"""Brokers answer twice a second, be it with nothing; after so long they are away."""
LOG_APPEND_TIME = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""No later time can be told."""

_log = logging.getLogger(__name__)

Records = dict[TopicPartition, list[ConsumerRecord]]


class KafkaSubscription:
    """One member's share of the topic.

    All is done within `fetch`: the driver is asked for records, which may go on after a fetch that
    was cancelled or took too long, and the next one collects them. When the partitions are dealt
    anew, what was read of the former deal is dropped, and read again from the positions.
    """

    def __init__(
        self, consumer: AIOKafkaConsumer, topic: Topic, position_of: Callable[[int], Awaitable[int]]
    ) -> None:
        self._consumer = consumer
        self._topic = topic
        self._position_of = position_of
        self._share = Share(consumer)
        self._deal: int | None = None
        """The deal whose partitions are being read; None before the first."""
        self._ends: dict[TopicPartition, int] = {}
        self._positions: dict[int, int] = {}
        """How far each of them was handed out, and `_ends` how far it was read."""
        self._ready: list[Delivery] = []
        self._polling: asyncio.Task[Records] | None = None
        self._heard: tuple[object, ...] = ()
        self._heard_s = asyncio.get_running_loop().time()

    def open(self) -> None:
        """Join the group."""
        self._consumer.subscribe(topics=[self._topic.name], listener=self._share)

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records, in order within each partition; none if nothing came in time."""
        assert limit >= 1, "somebody wants a record"
        self._share.idle()
        time = asyncio.get_running_loop().time
        deadline_s = time() + max(timeout_s, FETCH_S_MIN)
        while (rest_s := deadline_s - time()) > 0:
            try:
                await self._go_on(limit, rest_s)
            except OffsetOutOfRangeError as error:
                raise self._truncated(*_place(error)) from error
            except KafkaError as error:
                raise Unavailable("topic-unavailable") from error
            if deliveries := self._hand_out(limit):
                return deliveries
        await self._listen()
        return ()

    async def behind(self) -> Mapping[int, int | None]:
        """How many records each of its partitions holds beyond the last fetch; None: not known yet.

        Raises `Unavailable` until it was given partitions, and until one of them was heard of.
        """
        if self._deal != self._share.deal:
            raise Unavailable("topic-unavailable")
        ends = {each: self._consumer.highwater(each) for each in self._ends}
        if ends and not any(end is not None for end in ends.values()):
            raise Unavailable("topic-unavailable")
        return {
            each.partition: None if end is None else max(0, end - await self._position(each))
            for each, end in ends.items()
        }

    async def _position(self, partition: TopicPartition) -> int:
        """How far a partition was handed out, or has nothing to hand out.

        The driver passes over what is no record, as the mark of a transaction, without a word.
        """
        handed_out = self._positions[partition.partition]
        if self._ready or self._polling is None or self._polling.done():
            return handed_out
        try:
            passed: int = await self._consumer.position(partition)
        except KafkaError as error:
            raise Unavailable("topic-unavailable") from error
        return max(handed_out, passed)

    async def close(self) -> None:
        """Deal with nothing any more."""
        self._share.idle()
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)

    async def _go_on(self, limit: int, rest_s: float) -> None:
        """One step on the way to records, for `rest_s` at most but for the positions."""
        if self._polling is not None:
            await self._collect(self._polling, rest_s)
        elif self._deal != self._share.deal:
            await self._begin(rest_s)
        elif not self._ready:
            timeout_ms = round(1_000 * min(rest_s, POLL_S_MAX))
            polling = self._consumer.getmany(timeout_ms=timeout_ms, max_records=limit)
            self._polling = asyncio.create_task(polling)

    async def _begin(self, rest_s: float) -> None:
        """Read the partitions of a new deal from their positions."""
        share = self._share
        if share.partitions is None:
            await share.wait_until_given(rest_s)
            return
        # Partitions that were added since are dealt as soon as the group hears of them.
        if (found := self._consumer.partitions_for_topic(self._topic.name)) is not None:
            self._topic.check(found)
        deal, partitions = share.deal, sorted(share.partitions)
        # Positions count from 1 and offsets from 0: behind a position is its very number.
        ends = {each: await self._position_of(each.partition) for each in partitions}
        if deal != share.deal:
            return
        for partition, end in ends.items():
            self._consumer.seek(partition, end)
            self._consumer.resume(partition)
        self._ready.clear()
        self._ends, self._deal = ends, deal
        self._positions = {partition.partition: end for partition, end in ends.items()}

    async def _collect(self, polling: "asyncio.Task[Records]", rest_s: float) -> None:
        await asyncio.wait({polling}, timeout=rest_s)
        if not polling.done():
            return
        self._polling = None
        try:
            for partition, records in polling.result().items():
                self._take(partition, records)
        except BaseException:
            # Some may have been taken and some not: all begin anew at their positions.
            self._deal = None
            raise

    def _take(self, partition: TopicPartition, records: Sequence[ConsumerRecord]) -> None:
        end = self._ends[partition]
        for record in records:
            if end != record.offset:
                _tell_hole(partition, end, record.offset)
            end = record.offset + 1
            self._ready.append(_delivery(record))
        self._ends[partition] = end

    def _hand_out(self, limit: int) -> Sequence[Delivery]:
        if self._deal != self._share.deal:
            return ()
        deliveries, self._ready = self._ready[:limit], self._ready[limit:]
        self._positions |= {each.partition: each.position for each in deliveries}
        if deliveries:
            self._share.busy()
        return deliveries

    async def _listen(self) -> None:
        """Raise `Unavailable` where brokers, or the group, were not heard of for too long.

        The driver says nothing of this: it tries again for ever.
        """
        partitions, time = self._share.partitions, asyncio.get_running_loop().time
        polls = [self._consumer.last_poll_timestamp(each) or 0 for each in partitions or ()]
        heard = (self._share.deal, partitions, min(polls, default=0))
        if heard != self._heard:
            self._heard, self._heard_s = heard, time()
        silent_s = time() - self._heard_s
        if partitions is not None and not partitions and silent_s > SILENT_S_MAX:
            await self._topic.find(self._consumer._client)  # noqa: SLF001 - as in `stream`
            self._heard_s = time()
        elif silent_s > (JOIN_S_MAX if partitions is None else SILENT_S_MAX):
            raise Unavailable("topic-unavailable")

    def _truncated(self, partition: TopicPartition, offset: int) -> Unavailable:
        return Unavailable(
            "topic-truncated",
            topic=self._topic.name,
            partition=str(partition.partition),
            position=str(offset),
        )


def _place(error: OffsetOutOfRangeError) -> tuple[TopicPartition, int]:
    [(partition, offset)] = error.args[0].items()
    return partition, offset


def _tell_hole(partition: TopicPartition, begin: int, end: int) -> None:
    """Say that the topic has no records at some offsets: the mark of a transaction is one such.

    Nothing was lost there: the broker refuses to read on from an offset that is before its log's
    start, and that is an alarm of its own.
    """
    assert begin < end, "a partition is read in order"
    where = f"{partition.topic}/{partition.partition}"
    _log.warning("%s has no records at the offsets %d to %d", where, begin, end - 1)


def taken_at(record: ConsumerRecord) -> datetime:
    """When the topic took a record; `EPOCH` where it does not say so, its settings being changed.

    The time that such a record has from who wrote it is no evidence. In a ledger no entry is
    earlier than the one before, so that it gets that one's time there, whoever reads it.
    """
    return _at(record.timestamp) if record.timestamp_type == LOG_APPEND_TIME else EPOCH


def _delivery(record: ConsumerRecord) -> Delivery:
    """A record as it is, whoever wrote it: a foreign one may lack its key, or its body."""
    return Delivery(
        record.partition,
        record.offset + 1,
        first_taken(record.headers, taken_at(record)),
        (record.key or b"").decode(errors="replace"),
        record.value or b"",
        trace_of(record.headers),
    )


@lru_cache(maxsize=1)
def _at(timestamp_ms: int) -> datetime:
    """All records of a batch were taken at the same time."""
    return EPOCH + timedelta(milliseconds=timestamp_ms)
