"""Ledgers are read back from their store; a store that is away says nothing of them."""

from collections.abc import Sequence

import pytest

from services.ranking.application.ledgers import Ledgers
from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.runtime.number import LEDGER


class StreamsAway(MemoryEventStore):
    """A store that goes away while a stream of it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        if self.away:
            raise Unavailable("database-unavailable")
        return await super().stream(stream, after=after, limit=limit)


async def test_a_ledger_that_cannot_be_read_anew_now_fails_for_what_it_failed_for() -> None:
    store = StreamsAway()
    ledgers = Ledgers(store)
    await store.append([Stored(f"{LEDGER}2021", 1, "ledger-entry", b"\xff")])
    await ledgers.advance()
    before = ledgers.failed["2021"]

    store.away = True
    with pytest.raises(Unavailable, match="database-unavailable"):
        await ledgers.advance()

    assert not isinstance(before, Unavailable)
    assert ledgers.failed["2021"] is before
