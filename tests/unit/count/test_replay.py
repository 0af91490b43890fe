"""Reading a ledger: everything has its number and its leaf, and what is wrong is named."""

import pytest

from shared.count.replay import Fault, Replay
from shared.events import submission
from shared.events.codec import Stored
from shared.ledger.merkle import Tree
from tests.support.counted import replayed
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle

TOLD = whole_cycle()


def withdrawal(cycle: str = CYCLE) -> submission.ScoreWithdrawn:
    return submission.ScoreWithdrawn(cycle=cycle, agency="so-y-te", item="1.1")


def read(*entries: bytes) -> Replay:
    replay = Replay(CYCLE)
    for entry in entries:
        replay.take(entry)
    return replay


def told(count: int) -> list[Stored]:
    teller = Teller()
    return [teller.tell("submission/2021/so-y-te", withdrawal()) for _ in range(count)]


def test_the_basis_of_a_count_is_what_was_read() -> None:
    replay = replayed(TOLD)

    basis = replay.count().basis

    assert basis.position == len(TOLD)
    assert basis.root == Tree(stored.body for stored in TOLD).root().hex()


def test_every_fact_is_found_by_its_ledger_number() -> None:
    replay = replayed(TOLD)

    numbers = [replay.number_of(stored.id) for stored in TOLD]

    assert numbers == list(range(1, len(TOLD) + 1))


def test_a_fact_that_was_not_read_has_no_number() -> None:
    assert replayed(TOLD).number_of("submission/2021/so-la@1") is None
    assert replayed(TOLD).number_of("cycle/2021@99") is None


def test_a_sound_ledger_has_no_fault() -> None:
    assert replayed(TOLD).faults == []


POISON = b'{"id":"submission/2021/so-y-te@1","type":"future.Fact.v9","data":1}'


@pytest.mark.parametrize(
    ("entries", "faults"),
    [
        ([b"\xff"], [Fault(1, "entry-unreadable", "")]),
        ([POISON], [Fault(1, "fact-unreadable", "submission/2021/so-y-te@1")]),
        (
            [stored.body for stored in (told(3)[0], told(3)[2])],
            [Fault(2, "version-missing", "submission/2021/so-y-te@3")],
        ),
        (
            [stored.body for stored in (told(2)[0], told(2)[0], told(2)[1])],
            [Fault(2, "version-repeated", "submission/2021/so-y-te@1")],
        ),
        (
            [Teller().tell("submission/2020/so-y-te", withdrawal("2020")).body],
            [Fault(1, "fact-of-another-cycle", "submission/2020/so-y-te@1")],
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(entries: list[bytes], faults: list[Fault]) -> None:
    replay = read(*entries)

    assert replay.faults == faults
    assert (replay.size, replay.root) == (len(entries), Tree(entries).root().hex())


def test_a_poison_fact_has_its_version_so_that_its_stream_goes_on() -> None:
    replay = read(POISON, told(2)[1].body)

    assert [fault.code for fault in replay.faults] == ["fact-unreadable"]
    assert replay.version_of("submission/2021/so-y-te") == 2


def test_a_fault_hinders_a_publication() -> None:
    replay = replayed(TOLD)

    replay.take(b"\xff")

    assert [each.code for each in replay.count().hindrances] == ["ledger-damaged"]
