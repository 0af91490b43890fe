"""A former state is the same whether somebody kept it or counts it again from zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.count.history import History
from shared.count.replay import Replay
from shared.count.table import notes
from shared.events.codec import Stored
from tests.support.arrival import interleaved
from tests.support.counted import replayed
from tests.support.eventful import eventful_cycle
from tests.support.small_cycle import CYCLE

EVENTFUL = eventful_cycle()
MANY = 3 * tuple(EVENTFUL)
"""The second and the third time all of it is repeated, and each entry is a fault."""

ENTRIES = 108
"""So many that a state is kept for every sixteenth of them."""


def known(replay: Replay) -> object:
    """All that can be asked of it."""
    numbers = {fact.id: replay.number_of(fact.id) for fact in EVENTFUL}
    versions = {fact.stream: replay.version_of(fact.stream) for fact in EVENTFUL}
    state = replay.state
    told = [replay.count(), notes(state), numbers, versions, list(replay.faults)]
    sources = [dict(state.adopted), dict(state.admitted)]
    return [*told, *sources, replay.size, replay.root, list(state.publications)]


def read_on(replay: Replay, told: "list[Stored] | tuple[Stored, ...]", until: int) -> Replay:
    for stored in told[replay.size : until]:
        replay.take(stored.body)
    return replay


@pytest.mark.slow
@given(interleaved(EVENTFUL), st.integers(1, 7))
def test_every_past_is_the_one_that_was(arriving: list[Stored], distance: int) -> None:
    history, live = History(distance=distance, states_max=4), Replay(CYCLE)
    for stored in arriving:
        live.take(stored.body)
        history.keep(live)

    for number in range(len(arriving) + 1):
        past = history.nearest(number) or Replay(CYCLE)

        assert known(read_on(past, arriving, number)) == known(replayed(arriving[:number]))
    assert known(live) == known(replayed(arriving))


@given(interleaved(EVENTFUL), st.integers(0, len(EVENTFUL)), st.integers(0, len(EVENTFUL)))
def test_two_who_go_on_from_one_state_do_not_meet(
    arriving: list[Stored], start: int, end: int
) -> None:
    replay = replayed(arriving[:start])

    forked = read_on(replay.fork(), arriving, end)
    counted = known(forked)
    read_on(replay, arriving, len(arriving))

    assert known(forked) == counted == known(replayed(arriving[: max(start, end)]))
    assert known(replay) == known(replayed(arriving))


def test_damaged_entries_are_remembered_as_well() -> None:
    history, live = History(distance=5), Replay(CYCLE)
    for stored in MANY:
        live.take(stored.body)
        history.keep(live)

    past = history.nearest(len(MANY) - 1)

    assert past is not None
    assert known(read_on(past, MANY, len(MANY))) == known(replayed(MANY))
    assert len(live.faults) == 2 * len(EVENTFUL)


def test_the_distance_grows_with_the_ledger_and_not_the_number_of_states() -> None:
    history, live = History(distance=1, states_max=4), Replay(CYCLE)
    nearest = []
    for stored in MANY[:ENTRIES]:
        live.take(stored.body)
        history.keep(live)
        found = history.nearest(live.size)
        nearest.append(found.size if found else 0)

    # One state an entry, then one for two, for four, for eight and for sixteen.
    assert nearest[:18] == [1, 2, 3, 4, 4, 6, 6, 8, 8, 8, 8, 12, 12, 12, 12, 16, 16, 16]
    assert nearest[-1] == ENTRIES // 16 * 16
