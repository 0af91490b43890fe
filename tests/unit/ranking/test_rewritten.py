"""Over a store that was rewritten nothing is signed any more, and an alarm says so."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from services.ranking.application.notes import CHECKPOINT, LOG_KEY
from shared.adapters.memory import MemoryEventStore
from shared.ledger import entry, note
from shared.ledger.entry import Entry
from shared.ledger.merkle import Tree
from shared.runtime.number import LEDGER
from tests.support.outside import ORIGIN
from tests.support.rewritten import (
    REMOVE,
    exchange_an_entry,
    opened,
    put_it_back,
    remove,
    rewrite,
    signed_and_exchanged,
)
from tests.support.signing_office import FACTS, LATER, RESULT, Office
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.stand_in import StandIn
from tests.support.witness import WITNESS

PUT_ALL = "update stored_events set state = ? where originator_id = ?"


@pytest.fixture
def office() -> Office:
    return Office(MemoryEventStore())


def cut_the_end(path: Path) -> None:
    rewrite(
        path,
        "delete from stored_events where originator_id = ? and originator_version > ?",
        LEDGER + CYCLE,
        7,
    )


def cut_it_all(path: Path) -> None:
    rewrite(path, "delete from stored_events where originator_id = ?", LEDGER + CYCLE)


def take_one_out(path: Path) -> None:
    rewrite(path, REMOVE, LEDGER + CYCLE, 4)


def exchange_two(path: Path) -> None:
    statement = (
        "update stored_events set originator_version = ?"
        " where originator_id = ? and originator_version = ?"
    )
    for new, old in ((1_000, 5), (5, 6), (6, 1_000)):
        rewrite(path, statement, new, LEDGER + CYCLE, old)


def forge_the_checkpoint(path: Path) -> None:
    """A history of the forger's own, with the root that it has; the key is out of reach."""
    exchange_an_entry(path)
    facts = [*FACTS[:2], FACTS[2].replace(b"3.25", b"4.00"), *FACTS[3:9]]
    root = note.to_base64(Tree(facts).root())
    line = note.to_line(note.Signature(f"{ORIGIN}/{CYCLE}", b"\x00" * 4, b"\x00" * 64))
    written = f"{ORIGIN}/{CYCLE}\n9\n{root}\n\n{line}\n".encode()
    kept = entry.to_bytes(Entry(OPENED_AT, written))
    rewrite(path, PUT_ALL, kept, CHECKPOINT + CYCLE)


def damage_the_checkpoint(path: Path) -> None:
    nothing = b"2021-10-15T01:00:00.000000+00:00\nnothing"
    rewrite(path, PUT_ALL, nothing, CHECKPOINT + CYCLE)


def take_away_the_key(path: Path) -> None:
    rewrite(path, "delete from stored_events where originator_id = ?", LOG_KEY + CYCLE)


DAMAGES: Sequence[tuple[Callable[[Path], None], str]] = (
    (exchange_an_entry, "ledger-rewritten"),
    (exchange_two, "ledger-rewritten"),
    (cut_the_end, "ledger-cut"),
    (cut_it_all, "ledger-cut"),
    (take_one_out, "entry-lost"),
    (forge_the_checkpoint, "checkpoint-unsigned"),
    (damage_the_checkpoint, "checkpoint-damaged"),
    (take_away_the_key, "checkpoint-unsigned"),
)


@pytest.mark.parametrize(
    ("damage", "code"), DAMAGES, ids=lambda each: getattr(each, "__name__", "")
)
async def test_a_rewritten_store_is_signed_by_nobody(
    damage: Callable[[Path], None], code: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "inbox.db"
    async with opened(path) as office:
        await office.number(*FACTS[:9])
        assert await office.worker().step() == 1

    damage(path)

    async with opened(path) as office:
        worker = office.worker()
        assert await worker.step() == 0
        assert await office.alarm() == code
        office.clock.advance(LATER)
        assert await worker.step() == 0
        end = await office.store.end()
        assert await worker.step() == 0
        assert await office.store.end() == end, "an alarm is kept once"
    assert [record.levelname for record in caplog.records if code in record.message][:1] == [
        "ERROR"
    ]


def roll_back(path: Path, number: int) -> None:
    """Let the checkpoint before it stand in its place."""
    rewrite(
        path,
        "update stored_events set state = former.state from stored_events as former"
        " where stored_events.originator_id = ?1 and stored_events.originator_version = ?2"
        " and former.originator_id = ?1 and former.originator_version = ?2 - 1",
        CHECKPOINT + CYCLE,
        number,
    )


def forge(path: Path, number: int) -> None:
    """The same text without the signature of the log."""
    rewrite(
        path,
        "update stored_events set state = cast(replace(cast(state as text), ?, ?) as blob)"
        " where originator_id = ? and originator_version = ?",
        f"\n— {ORIGIN}",
        "\n— log.elsewhere",
        CHECKPOINT + CYCLE,
        number,
    )


@pytest.mark.parametrize(
    ("damage", "number", "code"),
    [
        (remove, 3, "checkpoint-lost"),
        (remove, 2, "checkpoint-lost"),
        (roll_back, 3, "checkpoint-lost"),
        (roll_back, 2, "checkpoint-lost"),
        (forge, 1, "checkpoint-unsigned"),
    ],
)
async def test_of_several_checkpoints_none_can_be_taken_away_or_rolled_back(
    damage: Callable[[Path, int], None], number: int, code: str, tmp_path: Path
) -> None:
    """Not the newest either, once a witness has countersigned it."""
    path = tmp_path / "inbox.db"
    async with opened(path) as office:
        for facts in (FACTS[:3], FACTS[3:6], FACTS[6:9]):
            await office.number(*facts)
            office.clock.advance(LATER)
            assert await office.worker().step() == 1
        newest = (await office.notes.checkpoints(CYCLE))[-1].note
        line = note.from_line(WITNESS.line(note.to_bytes(newest)))
        await office.notes.cosign(CYCLE, newest.text, line, OPENED_AT)
        assert await office.worker().step() == 0
        assert await office.alarm() is None

    damage(path, number)

    async with opened(path) as office:
        assert await office.worker().step() == 0
        assert await office.alarm() == code


async def test_a_rewritten_ledger_that_grows_is_signed_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    await signed_and_exchanged(path)

    async with opened(path) as office:
        await office.number(RESULT)
        office.clock.advance(LATER)
        assert await office.worker().step() == 0
        assert await office.sizes() == [9]


async def test_a_restored_store_is_signed_again_and_the_alarm_ends(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    await signed_and_exchanged(path)
    async with opened(path) as office:
        await office.worker().step()
        assert await office.alarm() == "ledger-rewritten"
    put_it_back(path)

    async with opened(path) as office:
        worker = office.worker()
        await worker.step()
        assert await office.alarm() == ""
        await office.number(RESULT)
        assert await worker.step() == 1
        assert await office.sizes() == [9, 10]


async def test_a_worker_remembers_what_it_signed_when_the_store_forgets(office: Office) -> None:
    await office.number(*FACTS[:9])
    failing_over = StandIn(office.store)
    worker = office.worker(over=failing_over)
    assert [await worker.step(), await worker.step()] == [1, 0]
    forgetful = Office(MemoryEventStore())
    await forgetful.number(*FACTS[:9])

    failing_over.behind = forgetful.store
    signed = await worker.step()

    assert signed == 0
    assert await forgetful.alarm() == "checkpoint-lost"
    assert await forgetful.sizes() == []


async def test_a_worker_remembers_what_it_signed_when_all_is_rewritten(office: Office) -> None:
    await office.number(*FACTS[:9])
    failing_over = StandIn(office.store)
    worker = office.worker(over=failing_over)
    await worker.step()
    rewritten = Office(MemoryEventStore())
    await rewritten.number(*FACTS[1:], RESULT)
    await rewritten.worker().step()

    failing_over.behind = rewritten.store
    signed = await worker.step()

    assert signed == 0
    assert await rewritten.alarm() == "ledger-rewritten"
