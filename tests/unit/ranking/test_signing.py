"""When a checkpoint is signed, and that two workers who sign at once sign one history."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.adapters.signature import signer_of_seed, verify
from shared.events.codec import Stored
from shared.ledger import entry, note
from shared.ledger.entry import Entry
from shared.ledger.merkle import Tree
from shared.runtime.number import LEDGER
from tests.support.outside import NOTARY, ORIGIN
from tests.support.signing_office import FACTS, LATER, RESULT, Office
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.stand_in import StandIn


@pytest.fixture
def office() -> Office:
    return Office(MemoryEventStore())


# --- When a checkpoint is signed


async def test_the_first_facts_are_signed_at_once(office: Office) -> None:
    await office.number(*FACTS[:3])

    signed = await office.worker().step()

    [kept] = await office.notes.checkpoints(CYCLE)
    assert signed == 1
    assert kept.checkpoint.origin == f"{ORIGIN}/{CYCLE}"
    assert (kept.checkpoint.size, kept.checkpoint.root) == (3, Tree(FACTS[:3]).root())
    assert kept.at == office.clock.now()
    [key] = await office.notes.keys(CYCLE)
    assert note.is_signed(kept.note, note.from_verifier_key(key), verify)


async def test_an_empty_store_is_signed_by_nobody(office: Office) -> None:
    assert await office.worker().step() == 0


async def test_nothing_new_is_no_news_however_late_it_gets(office: Office) -> None:
    worker = office.worker()
    await office.number(*FACTS[:3])
    await worker.step()

    office.clock.advance(LATER)

    assert await worker.step() == 0
    assert await office.worker().step() == 0
    assert await office.sizes() == [3]


async def test_a_ledger_that_grows_is_signed_now_and_then(office: Office) -> None:
    worker = office.worker()
    await office.number(*FACTS[:3])
    await worker.step()

    await office.number(*FACTS[3:5])
    assert await worker.step() == 0
    office.clock.advance(LATER - timedelta(seconds=1))
    assert await worker.step() == 0
    office.clock.advance(timedelta(seconds=1))
    assert await worker.step() == 1

    assert await office.sizes() == [3, 5]


async def test_a_fact_of_the_result_is_signed_at_once(office: Office) -> None:
    worker = office.worker()
    await office.number(*FACTS[:3])
    await worker.step()

    await office.number(FACTS[3], RESULT, FACTS[4])

    assert await worker.step() == 1
    assert await worker.step() == 0
    assert await office.sizes() == [3, 6]


async def test_each_ledger_is_signed_by_itself(office: Office) -> None:
    await office.number(*FACTS[:3])
    other = entry.to_bytes(Entry(OPENED_AT, b"no fact"))
    await office.store.append([Stored(f"{LEDGER}2022", 1, "ledger-entry", other)])

    assert await office.worker().step() == 2

    assert [kept.checkpoint.size for kept in await office.notes.checkpoints("2022")] == [1]


# --- Two workers


async def test_of_two_workers_who_sign_at_once_one_is_kept(office: Office) -> None:
    await office.number(*FACTS[:3])
    racing = StandIn(office.store)
    first, second = office.worker(), office.worker(over=racing)
    racing.first = first.step

    signed = await second.step()

    assert signed == 0
    assert await office.sizes() == [3]
    assert [await worker.step() for worker in (first, second)] == [0, 0]


async def test_of_two_workers_who_saw_different_lengths_the_first_is_kept(office: Office) -> None:
    await office.number(*FACTS[:3])

    async def grow_and_sign() -> None:
        await office.number(*FACTS[3:6])
        await office.worker().step()

    racing = StandIn(office.store)
    racing.first = grow_and_sign
    slow = office.worker(over=racing)

    assert await slow.step() == 0
    assert await slow.step() == 0

    assert await office.sizes() == [6]
    assert await office.alarm() is None


async def test_workers_by_turns_sign_one_history(office: Office) -> None:
    workers = [office.worker(), office.worker()]
    for place in range(0, len(FACTS), 2):
        await office.number(*FACTS[place : place + 2])
        office.clock.advance(LATER)
        for worker in workers:
            await worker.step()

    kept = await office.notes.checkpoints(CYCLE)
    assert len(kept) == (len(FACTS) + 1) // 2
    for each in kept:
        assert each.checkpoint.root == Tree(FACTS[: each.checkpoint.size]).root()
    assert await office.alarm() is None


async def test_who_reads_at_once_reads_alike(office: Office) -> None:
    await office.number(*FACTS[:3])
    await office.worker().step()
    notes = office.notes
    await notes.checkpoints(CYCLE)
    await office.number(RESULT)
    await office.worker().step()

    read = await asyncio.gather(*[notes.checkpoints(CYCLE) for _ in range(3)])

    assert [[kept.checkpoint.size for kept in each] for each in read] == [[3, 4]] * 3


# --- Keys and names


async def test_a_new_key_goes_on_from_what_the_former_one_signed(office: Office) -> None:
    await office.number(*FACTS[:3])
    await office.worker().step()
    another = replace(NOTARY, signer=signer_of_seed(b"another key of the log in tests."))

    await office.number(RESULT)
    signed = await office.worker(another).step()

    former, key = map(note.from_verifier_key, await office.notes.keys(CYCLE))
    kept = await office.notes.checkpoints(CYCLE)
    assert signed == 1
    assert [note.is_signed(each.note, former, verify) for each in kept] == [True, False]
    assert [note.is_signed(each.note, key, verify) for each in kept] == [False, True]


async def test_a_log_keeps_its_name(office: Office) -> None:
    await office.number(*FACTS[:3])
    await office.worker().step()
    renamed = replace(NOTARY, origin="other.example/log")

    await office.number(RESULT)
    signed = await office.worker(renamed).step()

    assert signed == 0
    assert await office.alarm() == "checkpoint-of-another-log"


async def test_one_ledger_that_fails_keeps_no_other_from_being_signed(office: Office) -> None:
    await office.number(*FACTS[:3])
    other = entry.to_bytes(Entry(OPENED_AT, b"no fact"))
    await office.store.append([Stored(f"{LEDGER}2020", 1, "ledger-entry", other)])
    failing = StandIn(office.store)
    failing.unreadable = f"{LEDGER}2020"

    with pytest.raises(OSError, match="2020"):
        await office.worker(over=failing).step()

    assert await office.sizes() == [3]
