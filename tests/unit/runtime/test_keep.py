"""What is known of a store by heart is only used while the store stands where it was left."""

from collections.abc import Callable

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import EventStore, Message
from shared.runtime.number import Numberer
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiver, Receiving
from tests.support.claims import STREAM, stored
from tests.support.failing import everything

Kind = Callable[[EventStore], Receiving]


def everything_wanted(store: EventStore) -> Inbox:
    return Inbox(store, lambda _: True)


KINDS = pytest.mark.parametrize("receiving", [everything_wanted, Numberer], ids=["inbox", "ledger"])


class Following:
    """A topic, and the loop that keeps it in a store."""

    def __init__(self, receiving: Kind, store: EventStore) -> None:
        self._topic = MemoryStream(MemoryClock())
        self._receiver = Receiver(self._topic, "service", receiving(store))

    async def hear(self, *facts: Stored) -> None:
        """The topic tells facts, and all that is new is received, in one step."""
        await self._topic.publish([Message("2021", fact.body) for fact in facts])
        await self._receiver.step()

    async def hear_each(self, *facts: Stored) -> None:
        """The same, with a step for every fact."""
        for fact in facts:
            await self.hear(fact)


async def kept(receiving: Kind, *facts: Stored) -> MemoryEventStore:
    """A store that has kept some facts."""
    store = MemoryEventStore()
    await Following(receiving, store).hear_each(*facts)
    return store


def fail_over(store: MemoryEventStore, standby: MemoryEventStore) -> None:
    """From now on the one is what the other was."""
    vars(store).update(vars(standby))


@KINDS
@pytest.mark.parametrize("left", [0, 1, 2])
async def test_a_store_that_lost_its_last_commits_leads_to_no_hole(
    receiving: Kind, left: int
) -> None:
    facts = [stored(version, str(version), STREAM) for version in (1, 2, 3, 4)]
    store = MemoryEventStore()
    following = Following(receiving, store)
    await following.hear_each(*facts[:3])

    fail_over(store, await kept(receiving, *facts[:left]))
    with pytest.raises(Conflict, match="tracked-no-more"):
        await following.hear(facts[3])
    lost = await everything(store)
    await following.hear()

    assert lost == await everything(await kept(receiving, *facts[:left]))
    assert await everything(store) == await everything(await kept(receiving, *facts))


@KINDS
async def test_a_store_that_another_has_gone_on_in_is_read_anew(receiving: Kind) -> None:
    facts = [stored(version, str(version), STREAM) for version in (1, 2, 3)]
    store = MemoryEventStore()
    following = Following(receiving, store)
    await following.hear_each(facts[0])

    fail_over(store, await kept(receiving, *facts[:2]))
    with pytest.raises(Conflict, match="already-tracked"):
        await following.hear(*facts[1:])
    await following.hear()

    assert await everything(store) == await everything(await kept(receiving, *facts))
