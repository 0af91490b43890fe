"""What goes wrong with one cycle, or between two who draw, keeps nothing from being shown."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from services.ranking.application import Board, Ledgers, board
from services.ranking.application.retries import PAUSE_TRIES_MAX
from shared.adapters.memory import MemoryDocuments
from shared.count import fold
from shared.count.history import History
from shared.count.ledger import Ledger
from shared.count.replay import Replay
from shared.kernel.errors import Unavailable, is_away
from shared.ledger.entry import Entry
from shared.ports import Document
from tests.support.drawn import bodies, shown
from tests.support.failing import FailingDocuments
from tests.support.kept import kept, news
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

TOLD = whole_cycle()
OTHER = "2020"
WHOLE = len(TOLD)


class Poisoned(Exception):
    """What a fold or a drawing may meet."""


async def test_a_ledger_that_failed_in_the_midst_of_a_fact_is_read_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledgers = Ledgers(await kept(CYCLE, OTHER))
    with monkeypatch.context() as broken:
        broken.setattr(fold, "apply", _poison(at=WHOLE))
        await ledgers.advance()
        with pytest.raises(Poisoned):
            await ledgers.now(CYCLE)
        other = await ledgers.now(OTHER)

    for _ in range(2):
        await ledgers.advance()

    assert other.replay.size == WHOLE
    assert (await ledgers.now(CYCLE)).count() == _ledger().count()


async def test_a_ledger_that_always_fails_is_read_less_and_less_often_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledgers, read = Ledgers(await kept(CYCLE, OTHER)), list[str]()
    replayed = ledgers.replayed

    async def counted(cycle: str, history: History | None = None) -> Ledger:
        read.append(cycle)
        return await replayed(cycle, history)

    monkeypatch.setattr(ledgers, "replayed", counted)
    monkeypatch.setattr(fold, "apply", _poison(at=WHOLE, always=True))
    for _ in range(1_000):
        await ledgers.advance()

    assert set(read) == {CYCLE}
    assert len(read) < 1_000 / PAUSE_TRIES_MAX + 8
    assert len(caplog.records) == 1


async def test_what_is_wrong_with_a_ledger_in_memory_alone_heals_itself_each_time() -> None:
    store, documents = await kept(CYCLE), MemoryDocuments()
    ledgers = Ledgers(store)
    drawing, held = Board(ledgers, documents, "a"), list[str]()
    _, *placed = news()

    for arriving in placed:
        await ledgers.advance()
        ledgers.read[CYCLE].replay.state.rows["so-y-te"] = Poisoned()  # type: ignore[assignment] # damaged
        for _ in range(3):
            await drawing.step()
            held.append((await drawing.progress()).held)
        await store.append([arriving])

    assert held == ["cycle-not-shown", "", ""] * len(placed)
    assert await shown(documents, board.CYCLES, CYCLE) is not None


async def test_one_cycle_that_cannot_be_shown_keeps_no_other_from_being_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store, documents = await kept(CYCLE, OTHER), MemoryDocuments()
    counted = Replay.count

    def poisoned(replay: Replay) -> object:
        if replay.state.cycle == CYCLE:
            raise Poisoned
        return counted(replay)

    drawing = Board(Ledgers(store), documents, "a")
    with monkeypatch.context() as broken:
        broken.setattr(Replay, "count", poisoned)
        steps = [await drawing.step() for _ in range(3)]
        seen = await drawing.progress()
    others = await shown(documents, board.CYCLES, OTHER)
    hidden = await shown(documents, board.CYCLES, CYCLE)
    for _ in range(3):
        await drawing.step()

    assert steps == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == [f"{CYCLE} cannot be shown"]
    assert (seen.left, seen.held) == (0, "cycle-not-shown")
    assert hidden is None
    assert others is not None
    assert await shown(documents, board.CYCLES, CYCLE) is not None
    assert (await drawing.progress()).held == ""


async def test_documents_that_are_away_are_away_for_all_cycles() -> None:
    drawing = Board(Ledgers(await kept(CYCLE, OTHER)), FailingDocuments([None, 0]), "a")

    with pytest.raises(Unavailable) as raised:
        await drawing.step()

    assert is_away(raised.value)


class Slow(MemoryDocuments):
    """Documents of which one process waits before it puts, or drops, once it is told to."""

    def __init__(self, shared: MemoryDocuments) -> None:
        super().__init__()
        self._collections = shared._collections  # noqa: SLF001 - the same documents
        self.waits = False
        self.arrived, self.may_go = asyncio.Event(), asyncio.Event()

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Put, perhaps later."""
        if collection == board.AGENCIES:
            await self._wait()
        await super().put(collection, documents)

    async def drop(self, collection: str) -> None:
        """Drop, perhaps later: a board does so once, before it takes its turn."""
        await self._wait()
        await super().drop(collection)

    async def _wait(self) -> None:
        if self.waits:
            self.arrived.set()
            await self.may_go.wait()


async def test_what_the_former_drawer_puts_late_does_not_stay() -> None:
    """The new one has seen its own served by then; the former one never steps again."""
    store, documents = await kept(CYCLE), MemoryDocuments()
    slow, slower = Slow(documents), Slow(documents)
    former, new = Board(Ledgers(store), slow, "former"), Board(Ledgers(store), slower, "new")
    parked, *placed = news()
    await former.step()
    slower.waits = True
    taking_over = asyncio.create_task(new.step())
    await slower.arrived.wait()
    await store.append([parked])
    slow.waits = True
    putting = asyncio.create_task(former.step())
    await slow.arrived.wait()

    slower.may_go.set()
    await taking_over
    slow.may_go.set()
    await putting
    await store.append(placed)
    while (await new.progress()).left:
        await new.step()

    anew = MemoryDocuments()
    await Board(Ledgers(store), anew, "anew").step()
    assert await bodies(documents, board.AGENCIES) == await bodies(anew, board.AGENCIES)


def _ledger() -> Ledger:
    ledger = Ledger(CYCLE)
    for stored in TOLD:
        ledger.take(Entry(OPENED_AT, stored.body))
    return ledger


def _poison(*, at: int, always: bool = False) -> Any:  # noqa: ANN401 - in the place of `fold.apply`
    """Changes half, and then fails, at an entry of one cycle, once or whenever it is folded."""
    real, taken = fold.apply, 0

    def apply(state: Any, recorded: Any) -> None:  # noqa: ANN401 - as `fold.apply`
        nonlocal taken
        taken += state.cycle == CYCLE
        real(state, recorded)
        if state.cycle == CYCLE and (taken >= at or always):
            raise Poisoned

    return apply
