"""How far behind each loop of a service is."""

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.kernel.view import View
from shared.ports import Message
from shared.runtime import service
from shared.runtime.project import Projector
from shared.runtime.react import Reactor
from shared.runtime.receive import Inbox
from shared.runtime.relay import Relay
from tests.support.claims import stored
from tests.support.outside import memory_outside


async def test_a_relay_lags_by_what_it_has_not_told() -> None:
    store = MemoryEventStore()
    relay = Relay(store, MemoryStream(MemoryClock()))
    await store.append([stored(1, "1"), stored(2, "2")])

    before = (await relay.progress()).left
    await relay.step()

    assert (before, (await relay.progress()).left) == (2, 0)


async def test_a_reactor_lags_by_what_it_has_not_reacted_to() -> None:
    async def perform(*_: object) -> None:
        """Nothing follows from anything."""

    inbox = MemoryEventStore()
    reactor = Reactor(inbox, MemoryEventStore(), lambda _: (), perform)
    await inbox.append([stored(1, "1"), stored(2, "2")])

    before = (await reactor.progress()).left
    await reactor.step()

    assert (before, (await reactor.progress()).left) == (2, 0)


async def test_a_projector_lags_by_what_its_slowest_view_has_not_shown() -> None:
    outside = memory_outside()
    view: View[Recorded] = View("test", 1, lambda _: ["last"], lambda *_: {})
    projector = Projector(outside.store, outside.documents, [view])
    await outside.store.append([stored(1, "1"), stored(2, "2")])

    before = (await projector.progress()).left
    await projector.step()

    assert (before, (await projector.progress()).left) == (2, 0)


async def test_a_receiver_lags_by_what_it_has_not_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "FETCH_WAIT_S", 0.01)
    topic, store = MemoryStream(MemoryClock()), MemoryEventStore()
    receiver = service.Receiver(topic, "ranking", Inbox(store, lambda _: True))
    await receiver.step()
    await topic.publish([Message("2021", stored(1, "1").body), Message("2021", b"noise")])

    before = (await receiver.progress()).left
    await receiver.step()

    assert (before, (await receiver.progress()).left) == (2, 0)


async def test_a_receiver_that_follows_no_topic_cannot_tell_its_lag() -> None:
    receiver = service.Receiver(
        MemoryStream(MemoryClock()), "ranking", Inbox(MemoryEventStore(), lambda _: True)
    )

    with pytest.raises(Unavailable, match="topic-unavailable"):
        await receiver.progress()
