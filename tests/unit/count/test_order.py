"""Streams that do not wait for one another come to the same result in any order."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.count.table import notes
from shared.events import appraisal, submission, survey
from shared.events.codec import Stored
from tests.support.arrival import interleaved
from tests.support.counted import replayed
from tests.support.small_cycle import CYCLE
from tests.support.told import (
    DECISION,
    SEALED,
    Teller,
    amended,
    answer,
    ask,
    declare,
    recognise,
    whole_cycle,
)

pytestmark = pytest.mark.slow


def eventful_cycle() -> Sequence[Stored]:
    """What else may happen: a change after the decision, exclusions, strangers, a late agency."""
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    declare(teller, "so-y-te", "2")
    locked = submission.LockedItem(
        item="1.1",
        criterion="1.1",
        maximum="4",
        points="2",
        declaration=f"submission/{CYCLE}/so-y-te@3",
        evidence=(),
        explanation="",
    )
    teller.tell(
        f"appraisal/{CYCLE}/so-y-te",
        appraisal.ReappraisalDue(
            cycle=CYCLE, agency="so-y-te", item=locked, cause="declaration-changed"
        ),
    )
    teller.tell(
        f"survey/{CYCLE}/leaders",
        survey.AnswersExcluded(
            cycle=CYCLE, questionnaire="leaders", batch=1, positions=(0, 1), because=SEALED
        ),
    )
    late = submission.Agency(code="so-moi", name="Sở Mới", tier="department", ranked=True)
    teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyAdded(cycle=CYCLE, agency=late, decision=DECISION, because=SEALED),
    )
    declare(teller, "so-moi", "1")
    declare(teller, "so-la", "1")
    ask(teller, "strangers", "1.2", "xy")
    answer(teller, "strangers", ["x"])
    recognise(teller, "so-noi-vu")
    return teller.told


def amending() -> Stored:
    """A scheme that refuses what one agency declared, and takes what the other did."""
    teller = Teller()
    for stored in WHOLE:
        teller.repeat(stored)
    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "0.5"}, "4"))
    return teller.told[-1]


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
