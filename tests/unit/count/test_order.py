"""Streams that do not wait for one another come to the same result in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.count.table import notes
from shared.events.codec import Stored
from tests.support.arrival import interleaved
from tests.support.counted import replayed
from tests.support.eventful import amending, eventful_cycle
from tests.support.told import whole_cycle

pytestmark = pytest.mark.slow


WHOLE, EVENTFUL = whole_cycle(), eventful_cycle()


@given(interleaved(WHOLE))
def test_a_cycle_without_trouble_has_one_result(arriving: list[Stored]) -> None:
    expected = replayed(WHOLE).count()

    count = replayed(arriving).count()

    assert (count.tables, count.hindrances) == (expected.tables, expected.hindrances)
    assert count.basis.digest == expected.basis.digest


@given(interleaved(EVENTFUL))
def test_a_cycle_with_trouble_has_one_result_too(arriving: list[Stored]) -> None:
    expected = replayed(EVENTFUL)

    replay = replayed(arriving)

    assert replay.count().basis.digest == expected.count().basis.digest
    assert replay.count().hindrances == expected.count().hindrances
    assert notes(replay.state) == notes(expected.state)


AMENDED = (*WHOLE, amending())


@given(interleaved(AMENDED))
def test_an_amendment_puts_the_same_out_of_force_before_the_decision_and_behind_it(
    arriving: list[Stored],
) -> None:
    expected = replayed(AMENDED).count()

    count = replayed(arriving).count()

    assert count.tables == expected.tables
    assert {(each.code, each.agency) for each in count.hindrances} == {("item-pending", "so-y-te")}


@given(interleaved(EVENTFUL), st.data())
def test_what_is_remembered_on_the_way_changes_nothing(
    arriving: list[Stored], data: st.DataObject
) -> None:
    looked_at = data.draw(st.sets(st.integers(1, len(arriving)), max_size=10))
    replay = replayed(())

    for number, stored in enumerate(arriving, start=1):
        replay.take(stored.body)
        if number in looked_at:
            replay.count()

    assert replay.count() == replayed(arriving).count()
