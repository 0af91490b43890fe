"""What changed between two places of a ledger is put down to facts, and adds up."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.count.difference import Difference
from shared.events.codec import Stored
from tests.support import asked
from tests.support.arrival import interleaved
from tests.support.counted import replayed
from tests.support.eventful import eventful_cycle
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle

EVENTFUL = eventful_cycle()


def difference(told: Sequence[Stored], first: int, last: int) -> Difference:
    found = Difference(replayed(told[:first]))
    for stored in told[first:last]:
        found.take(stored.body)
    return found


@given(interleaved(EVENTFUL), st.tuples(*(st.integers(0, len(EVENTFUL)),) * 2).map(sorted))
def test_the_changes_of_an_agency_follow_one_another_and_add_up(
    arriving: list[Stored], places: list[int]
) -> None:
    first, last = places

    found = difference(arriving, first, last)

    assert found.before == Difference(replayed(arriving[:first])).before
    assert found.after == Difference(replayed(arriving[:last])).before
    for agency in found.before | found.after:
        stood = found.before.get(agency)
        points = stood.points if stood else Fraction(0)
        for change in found.changes.get(agency, ()):
            assert change.before == stood
            assert change.before != change.after
            assert first < change.number <= last
            assert arriving[change.number - 1].body == change.entry
            points += _points(change.after) - _points(change.before)
            stood = change.after
        assert stood == found.after.get(agency)
        assert points == _points(stood)


@given(interleaved(EVENTFUL), st.integers(0, len(EVENTFUL)))
def test_every_change_is_one_that_a_count_from_zero_sees(arriving: list[Stored], at: int) -> None:
    found = difference(arriving, 0, at)

    changed = {change.number for changes in found.changes.values() for change in changes}
    standings = [Difference(replayed(arriving[:number])).before for number in range(at + 1)]

    assert changed == {
        number for number in range(1, at + 1) if standings[number] != standings[number - 1]
    }


def test_whoever_rises_because_another_falls_is_moved_by_that_one_alone() -> None:
    told = whole_cycle()
    teller = Teller()
    for stored in told:
        teller.repeat(stored)
    blame = asked.imported("leaders", "so-noi-vu", {"q1": {"d": 97}})
    teller.tell(f"survey/{CYCLE}/leaders", blame)

    found = difference(teller.told, len(told), len(teller.told))

    [fallen], [risen] = found.changes["so-noi-vu"], found.changes["so-y-te"]
    ranks = [
        (each.before.rank, each.after.rank, each.before.points == each.after.points, each.by)
        for each in (fallen, risen)
        if each.before and each.after
    ]
    assert ranks == [(1, 2, False, ("so-noi-vu",)), (2, 1, True, ("so-noi-vu",))]


def test_nothing_changes_where_nothing_is_taken() -> None:
    found = difference(EVENTFUL, 5, 5)

    assert (found.first, found.last, found.changes) == (5, 5, {})


def _points(standing: object) -> Fraction:
    points: Fraction = getattr(standing, "points", Fraction(0))
    return points
