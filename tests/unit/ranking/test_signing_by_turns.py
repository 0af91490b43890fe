"""Workers who sign by turns or at once: none raises a false alarm, and none goes on beside one."""

import asyncio
from pathlib import Path

import pytest

from services.ranking.application import Notes, Signing
from services.ranking.application.notes import Act, Alarm
from shared.adapters.memory import MemoryEventStore
from shared.kernel.errors import Conflict
from shared.ledger import note
from tests.support.rewritten import (
    exchange_an_entry,
    opened,
    put_it_back,
    remove,
    signed_and_exchanged,
)
from tests.support.signing_office import FACTS, LATER, RESULT, Office
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.witness import WITNESS
from tests.support.woven import woven

SEEDS = range(60)
ROUNDS = 6


async def grow(office: Office) -> None:
    """The ledger grows, each time by what is signed at once."""
    for fact in FACTS[:ROUNDS]:
        await office.number(fact, RESULT)
        await asyncio.sleep(0)


async def countersign(office: Office) -> None:
    """A witness signs whatever is the newest."""
    for _ in range(ROUNDS):
        kept = await office.notes.last(CYCLE)
        if kept is None:
            continue
        line = note.from_line(WITNESS.line(note.to_bytes(kept.note)))
        await office.notes.cosign(CYCLE, kept.note.text, line, OPENED_AT)


async def sign_anew(office: Office) -> None:
    """Workers that take over, one after the other, each at its first look."""
    for _ in range(ROUNDS):
        await office.worker().step()


async def sign_on(worker: Signing) -> None:
    for _ in range(ROUNDS):
        await worker.step()


async def alarms_of_all_at_once() -> list[int]:
    office = Office(MemoryEventStore())
    work = (grow(office), countersign(office), sign_anew(office), sign_anew(office))
    await asyncio.gather(*work, sign_on(office.worker()), sign_on(office.worker()))
    assert await office.sizes()
    return [kept.version for kept in await office.store.stream(f"alarm/{CYCLE}", limit=9)]


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_signs_meanwhile_is_no_reason_for_an_alarm(seed: int) -> None:
    assert woven(seed, alarms_of_all_at_once()) == []


async def raise_alarm(office: Office, number: int, code: str) -> None:
    await Notes(office.store).raise_alarm(CYCLE, Alarm(number, OPENED_AT, code))


async def test_a_false_alarm_of_another_is_taken_back() -> None:
    office = Office(MemoryEventStore())
    await office.number(*FACTS[:3])
    worker = office.worker()
    await worker.step()
    await raise_alarm(office, 1, "ledger-cut")

    await office.number(RESULT)

    assert await worker.step() == 1
    assert await office.alarm() == ""


async def test_an_alarm_that_came_during_a_look_is_not_taken_back_by_it() -> None:
    office = Office(MemoryEventStore())
    await office.number(*FACTS[:3])
    await raise_alarm(office, 1, "ledger-cut")
    worker = office.worker()

    class Raising(Notes):
        async def raise_alarm(self, cycle: str, alarm: Alarm) -> None:
            await raise_alarm(office, 2, "checkpoint-lost")
            with pytest.raises(Conflict):
                await super().raise_alarm(cycle, alarm)
            raise Conflict("version-taken")

    worker._notes = Raising(office.store)  # noqa: SLF001 - the moment is not to be had otherwise

    assert await worker.step() == 0
    assert await office.alarm() == "checkpoint-lost"
    assert await office.sizes() == []


async def test_who_has_the_turn_again_sees_that_the_ledger_was_repaired(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    await signed_and_exchanged(path)
    async with opened(path) as office:
        first = office.worker()
        await first.step()
        alarmed = await office.alarm()
        put_it_back(path)
        await office.worker().step()
        cleared = await office.alarm()

        await office.number(RESULT)

        assert await first.step() == 1
        assert (alarmed, cleared, await office.alarm()) == ("ledger-rewritten", "", "")


async def test_an_alarm_ends_without_a_start_once_the_ledger_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    await signed_and_exchanged(path)
    async with opened(path) as office:
        worker = office.worker()
        await worker.step()
        put_it_back(path)

        await worker.step()

        assert await office.alarm() == ""


async def test_nobody_signs_on_beside_an_alarm_that_only_a_start_could_find(
    tmp_path: Path,
) -> None:
    path = tmp_path / "inbox.db"
    async with opened(path) as office:
        older = office.worker()
        for facts in (FACTS[:3], FACTS[3:6], FACTS[6:9]):
            await office.number(*facts)
            office.clock.advance(LATER)
            await older.step()
        kept = (await office.store.stream(f"checkpoint/{CYCLE}", limit=3))[1]
        remove(path, 2)
        await office.worker().step()
        assert await office.alarm() == "checkpoint-lost"
        await office.number(RESULT)

        beside = await older.step()
        alarm = await office.alarm()
        await office.store.append([kept])
        restored = await older.step()

        assert (beside, alarm) == (0, "checkpoint-lost")
        assert (restored, await office.alarm(), await office.sizes()) == (1, "", [3, 6, 9, 10])


async def test_an_acknowledged_hole_is_signed_over_and_covers_no_rewritten_ledger(
    tmp_path: Path,
) -> None:
    path = tmp_path / "inbox.db"
    async with opened(path) as office:
        for facts in (FACTS[:3], FACTS[3:6], FACTS[6:9]):
            await office.number(*facts)
            office.clock.advance(LATER)
            await office.worker().step()
        remove(path, 2)
        worker = office.worker()
        await worker.step()
        act = Act(1, "administrator:an", "12/QĐ-UBND", "2021-12-01")
        await office.notes.raise_alarm(CYCLE, Alarm(2, OPENED_AT, "checkpoint-lost", act))
        await office.number(RESULT)
        signed = await worker.step()
        alarm = await Notes(office.store).alarm(CYCLE)
        exchange_an_entry(path)
        await office.number(RESULT)

        beside = await worker.step()

        assert (signed, alarm and alarm.act) == (1, act)
        assert (beside, await office.alarm()) == (0, "ledger-rewritten")
        assert await office.sizes() == [3, 9, 10]
        assert len(await office.notes.acknowledged(CYCLE)) == 1
