"""A cycle is made again from Kafka: the whole topic is read once, and its end is found."""

from collections.abc import AsyncIterator

import pytest

from services.ranking.application import Board, Ledgers, Rebuilder, Source, Stores
from shared.adapters.alone import Alone
from shared.adapters.kafka import KafkaStream, create_topic
from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import Message
from shared.runtime.number import LEDGER, Numberer
from shared.runtime.service import Receiver
from tests.support.ranking import came_to, changed
from tests.support.servers import REAL
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

pytestmark = REAL
TOLD = whole_cycle()
SOURCES: tuple[Source, ...] = ("topic", "ledger")


@pytest.fixture
async def stores(fresh_topic: tuple[str, str]) -> AsyncIterator[Stores]:
    """A cycle that was told to Kafka, among others, numbered from there, and drawn."""
    await create_topic(*fresh_topic, partitions=3, replicas=1)
    topic = KafkaStream(*fresh_topic, partitions=3)
    inbox, documents = MemoryEventStore(), MemoryDocuments()
    receiver = Receiver(topic, "ranking", Numberer(inbox))
    for told in (TOLD[:9], TOLD[5:]):
        await topic.publish([Message(CYCLE, stored.body) for stored in told])
        await topic.publish([Message(f"202{number}", b"\x00") for number in (3, 4, 5, 6)])
    while (last := await inbox.last(LEDGER + CYCLE)) is None or last.version < len(TOLD):
        await receiver.step()
    await receiver.close()
    await Board(Ledgers(inbox), documents, "board").show_all()
    yield Stores(MemoryEventStore(), inbox, topic, documents, Alone())
    await topic.close()


async def test_a_cycle_is_made_from_kafka_and_a_topic_that_ends_too_soon_is_named(
    stores: Stores,
) -> None:
    came = [await came_to(Rebuilder(stores, f"from-{source}"), source) for source in SOURCES]
    lost = entry.to_bytes(Entry(OPENED_AT, changed().body))
    await stores.inbox.append([Stored(LEDGER + CYCLE, len(TOLD) + 1, "ledger-entry", lost)])
    late = await came_to(Rebuilder(stores, "late"), "topic")

    assert [each.stopped for each in came] == [None, None]
    assert [each.serves for each in came] == [True, True]
    assert [each.compared for each in came] == [4, 4]
    assert late.stopped is not None
    assert late.stopped.code == "rebuild-topic-ends"
