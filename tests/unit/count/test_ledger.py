"""A ledger with its times, and with what stands beside it."""

from datetime import timedelta

from shared.count.ledger import Ledger
from shared.ledger.entry import Entry
from shared.ledger.numbering import Gap
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

TOLD = whole_cycle()
HOUR = timedelta(hours=1)


def ledger() -> Ledger:
    kept = Ledger(CYCLE)
    for hour, stored in enumerate(TOLD):
        kept.take(Entry(OPENED_AT + hour * HOUR, stored.body))
    return kept


def beside(version: int) -> Entry:
    stored = TOLD[-1].body.replace(b"@2", f"@{version}".encode())
    return Entry(OPENED_AT, stored)


def test_a_time_reaches_up_to_the_last_entry_taken_by_then() -> None:
    kept = ledger()

    assert kept.reached_by(OPENED_AT - HOUR) == 0
    assert kept.reached_by(OPENED_AT) == 1
    assert kept.reached_by(OPENED_AT + HOUR / 2) == 1
    assert kept.reached_by(OPENED_AT + 1000 * HOUR) == len(TOLD)


def test_an_entry_remembers_when_it_was_taken() -> None:
    assert ledger().taken_at(3) == OPENED_AT + 2 * HOUR


def test_a_stream_that_waits_is_a_gap_and_hinders_a_publication() -> None:
    kept = ledger()

    kept.park(beside(4))
    kept.park(beside(5))

    assert kept.gaps == (Gap("appraisal/2021/so-noi-vu", version=2, parked=5),)
    assert [(each.code, each.stream) for each in kept.count().hindrances] == [
        ("stream-parked", "appraisal/2021/so-noi-vu")
    ]


def test_what_waited_and_was_numbered_since_is_no_gap() -> None:
    kept = ledger()

    kept.park(beside(2))

    assert kept.gaps == ()
    assert kept.count().hindrances == ()


def test_a_fact_that_was_told_again_with_other_bytes_hinders_a_publication() -> None:
    kept = ledger()

    kept.set_aside(beside(2))
    kept.set_aside(beside(2))

    assert [(each.code, each.fact) for each in kept.count().hindrances] == [
        ("entry-altered", TOLD[-1].id)
    ]


def test_each_entry_of_any_kind_makes_the_ledger_newer() -> None:
    kept = ledger()
    before = kept.records

    kept.park(beside(4))
    kept.set_aside(beside(2))

    assert kept.records == before + 2
    assert kept.altered == [TOLD[-1].id]
