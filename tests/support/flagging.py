"""A ledger with flags, in a store that says how it was read, and who watches it."""

from collections.abc import Sequence

from services.ranking.application import Ledgers, RedFlags
from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.actor import Actor
from shared.kernel.errors import Unavailable
from shared.ledger import entry
from shared.runtime.number import LEDGER
from tests.support.flagged import DECLARED, LATE, MAXIMA, ROUND_1, ROUND_2, Story
from tests.support.small_cycle import CYCLE

AUDITOR = Actor("k-1", "auditor")


def told() -> Story:
    """A story with flags of several kinds."""
    story = Story()
    story.lock(MAXIMA)
    for item in DECLARED:
        story.declare(item, "4", LATE)
        story.decide("0", ROUND_1, item=item)
        story.decide("0.5", ROUND_2, item=item)
    return story


class Followed(MemoryEventStore):
    """A store that says from where its streams were read, and that may be away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.read_after: list[int] = []

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        if self.away:
            raise Unavailable("database-unavailable")
        self.read_after.append(after)
        return await super().stream(stream, after=after, limit=limit)


async def keep(store: MemoryEventStore, story: Story, after: int = 0) -> None:
    """Let the story stand in the ledger, from an entry on."""
    await store.append(
        [
            Stored(LEDGER + CYCLE, number, "ledger-entry", entry.to_bytes(kept))
            for number, kept in enumerate(story.entries, start=1)
            if number > after
        ]
    )


def watching(store: MemoryEventStore) -> RedFlags:
    """Who watches what stands in the store."""
    return RedFlags(store, Ledgers(store))
