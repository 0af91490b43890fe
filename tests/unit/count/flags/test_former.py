"""A watch as it once was is the same whether it was kept or is folded from zero."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.count.flags import Watch
from shared.count.history import States
from shared.ledger.entry import Entry
from tests.support.flagged import ROUND_1, ROUND_2, SECOND, a_bit_of_everything
from tests.support.small_cycle import CYCLE, OPENED_AT


def told() -> Sequence[Entry]:
    """Much that is worth a look, and what cannot be read."""
    story = a_bit_of_everything()
    story.amend(ROUND_1)
    story.approve(ROUND_2 + 50 * SECOND)
    return [*story.entries, *[Entry(OPENED_AT, b"no fact")] * 2]


TOLD = told()
few_examples = settings(max_examples=8)
shuffled = st.permutations(TOLD)
"""A watch takes whatever comes, in any order."""


def read_on(watch: Watch, entries: Sequence[Entry], until: int) -> Watch:
    for entry in entries[watch.size : until]:
        watch.take(entry)
    return watch


def known(watch: Watch) -> object:
    """All that can be asked of it."""
    return watch.size, list(watch.flags()), list(watch.passed_over), watch.passed_over_count


@few_examples
@given(shuffled, st.integers(1, 7))
def test_every_past_is_the_one_that_was_and_goes_on_as_it_did(
    entries: Sequence[Entry], distance: int
) -> None:
    states: States[Watch] = States(distance=distance, states_max=4)
    live, then = Watch(CYCLE), [known(Watch(CYCLE))]
    alone = Watch(CYCLE)
    for entry in entries:
        live.take(entry)
        states.keep(live)
        alone.take(entry)
        then.append(known(alone))

    for number in range(len(entries) + 1):
        past = read_on(states.nearest(number) or Watch(CYCLE), entries, number)
        assert known(past) == then[number]
        assert known(read_on(past, entries, len(entries))) == then[-1]
    assert known(live) == then[-1]


@few_examples
@given(shuffled, st.integers(0, len(TOLD)))
def test_two_who_go_on_differently_from_one_state_do_not_meet(
    entries: Sequence[Entry], start: int
) -> None:
    one = read_on(Watch(CYCLE), entries, start)
    other = one.fork()
    others = [*entries[:start], *reversed(entries[start:])]

    for until in range(start, len(entries) + 1):
        read_on(one, entries, until)
        read_on(other, others, until)

    assert known(one) == known(read_on(Watch(CYCLE), entries, len(entries)))
    assert known(other) == known(read_on(Watch(CYCLE), others, len(entries)))
