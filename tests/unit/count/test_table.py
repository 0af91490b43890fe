"""Rows are assessed one by one or all at once, and come to the same."""

from shared.count.replay import Replay
from shared.count.table import assess_one, tables
from tests.support.counted import replayed
from tests.support.small_cycle import AGENCIES, CYCLE
from tests.support.told import whole_cycle


def test_agencies_are_assessed_one_after_the_other_until_all_are() -> None:
    state = replayed(whole_cycle()).state

    assessed = [assess_one(state) for _ in range(len(AGENCIES) + 1)]

    assert assessed == [True, True, False]


def test_what_was_assessed_one_by_one_is_what_is_counted_at_once() -> None:
    at_once, one_by_one = replayed(whole_cycle()).state, replayed(whole_cycle()).state

    while assess_one(one_by_one):
        pass

    assert tables(one_by_one) == tables(at_once)


def test_a_cycle_that_nobody_opened_has_nobody_to_assess() -> None:
    assert not assess_one(Replay(CYCLE).state)
