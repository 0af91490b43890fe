"""The trees follow the ledgers as they are kept, whatever stands in them."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from services.ranking.application import Notes, Trees
from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ledger.merkle import Tree
from shared.runtime.keep import PARKED
from shared.runtime.number import LEDGER
from tests.support.small_cycle import CYCLE
from tests.support.stand_in import StandIn
from tests.support.told import whole_cycle

AT = datetime(2021, 10, 15, 1, tzinfo=UTC)
FACTS = [stored.body for stored in whole_cycle()]


def numbered(facts: Sequence[bytes], *, after: int = 0, cycle: str = CYCLE) -> list[Stored]:
    """Facts as a ledger keeps them."""
    return [
        Stored(LEDGER + cycle, number, "ledger-entry", entry.to_bytes(Entry(AT, fact)))
        for number, fact in enumerate(facts, start=after + 1)
    ]


class Counting(MemoryEventStore):
    """A store that counts how often a stream is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        self.read += 1
        return await super().stream(stream, after=after, limit=limit)


@pytest.fixture
def store() -> Counting:
    return Counting()


async def test_a_tree_is_over_the_bytes_that_are_kept(store: Counting) -> None:
    await store.append(numbered(FACTS))

    log = await Trees(store).now(CYCLE)

    assert log.tree.size == len(FACTS)
    assert log.tree.root(len(FACTS)) == Tree(FACTS).root()


async def test_a_tree_grows_with_its_ledger(store: Counting) -> None:
    trees = Trees(store)
    await store.append(numbered(FACTS[:5]))
    await trees.now(CYCLE)

    await store.append(numbered(FACTS[5:], after=5))
    log = await trees.now(CYCLE)

    assert log.tree.root(log.tree.size) == Tree(FACTS).root()


async def test_a_known_size_needs_no_look_at_the_store(store: Counting) -> None:
    trees = Trees(store)
    await store.append(numbered(FACTS))
    await trees.now(CYCLE)
    read = store.read

    await trees.of(CYCLE, len(FACTS))

    assert store.read == read


async def test_bytes_that_are_no_fact_have_their_leaf(store: Counting) -> None:
    facts = [b"", b"no fact", FACTS[0]]
    await store.append(numbered(facts))

    log = await Trees(store).now(CYCLE)

    assert log.tree.root(3) == Tree(facts).root()


async def test_what_is_kept_beside_the_ledgers_is_in_no_tree(store: Counting) -> None:
    [other] = numbered([FACTS[0]])
    await store.append([Stored(PARKED + CYCLE, 1, other.type, other.body)])
    trees = Trees(store)

    assert (await trees.now(CYCLE)).tree.size == 0
    assert await Notes(store).cycles() == []
    with pytest.raises(Missing, match="cycle-not-counted"):
        await trees.of(CYCLE, 0)


async def test_every_cycle_with_a_ledger_is_found(
    store: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.runtime.react.READ_STREAMS_MAX", 2)
    for cycle in ("2019", "2020", "2021", "2022", "2023"):
        await store.append(numbered(FACTS[:1], cycle=cycle))

    assert await Notes(store).cycles() == ["2019", "2020", "2021", "2022", "2023"]


async def test_a_store_that_lost_its_end_is_read_anew() -> None:
    before, after = MemoryEventStore(), MemoryEventStore()
    await before.append(numbered(FACTS[:9]))
    await after.append(numbered([*FACTS[:8], b"otherwise", *FACTS[9:]]))
    failing_over = StandIn(before)
    trees = Trees(failing_over)
    await trees.now(CYCLE)

    failing_over.behind = after
    log = await trees.now(CYCLE)

    assert log.tree.root(9) == Tree([*FACTS[:8], b"otherwise"]).root()


@pytest.mark.parametrize("left", [0, 3])
async def test_a_store_that_lost_its_end_has_a_smaller_tree(left: int) -> None:
    before, after = MemoryEventStore(), MemoryEventStore()
    await before.append(numbered(FACTS[:9]))
    await after.append(numbered(FACTS[:left]))
    failing_over = StandIn(before)
    trees = Trees(failing_over)
    await trees.now(CYCLE)

    failing_over.behind = after

    assert (await trees.now(CYCLE)).tree.size == left
    with pytest.raises(Missing):
        await trees.of(CYCLE, 9)


async def test_what_was_read_before_the_store_went_away_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.ranking.application.trees.PAGE_ENTRIES", 2)
    kept = MemoryEventStore()
    await kept.append(numbered(FACTS[:9]))
    failing = StandIn(kept)
    trees = Trees(failing)
    failing.away_after = 3

    with pytest.raises(Unavailable):
        await trees.now(CYCLE)

    assert (await trees.of(CYCLE, 6)).root(6) == Tree(FACTS[:6]).root()
    assert (await trees.now(CYCLE)).tree.root(9) == Tree(FACTS[:9]).root()


async def test_a_ledger_with_a_hole_has_no_tree(store: Counting) -> None:
    kept = numbered(FACTS)
    await store.append([*kept[:4], *kept[5:]])

    with pytest.raises(Refused) as refusal:
        await Trees(store).now(CYCLE)

    assert (refusal.value.code, refusal.value.details) == ("entry-lost", {"number": "5"})


async def test_an_entry_without_its_time_is_no_entry(store: Counting) -> None:
    await store.append([*numbered(FACTS[:2]), Stored(LEDGER + CYCLE, 3, "ledger-entry", b"{}")])

    with pytest.raises(Refused) as refusal:
        await Trees(store).now(CYCLE)

    assert (refusal.value.code, refusal.value.details) == ("entry-lost", {"number": "3"})
