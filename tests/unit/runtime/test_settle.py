"""What was made of many facts is left out of the search for garbage, and goes all the same."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from shared.count.history import History
from shared.count.ledger import Ledger
from shared.ledger.entry import Entry
from shared.runtime.settle import SETTLE_FACTS, Settling
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle


class _Made:
    """Something that facts came to."""


@pytest.fixture(autouse=True, scope="module")
def left_out_again() -> Iterator[None]:
    """Afterwards only what lives is left out of the search, as it was before."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def test_what_few_facts_came_to_is_searched_as_ever() -> None:
    before = gc.get_freeze_count()

    Settling().grew(SETTLE_FACTS - 1)

    assert gc.get_freeze_count() == before


def test_what_many_facts_came_to_is_settled_however_they_came() -> None:
    made, settling = [_Made() for _ in range(1_000)], Settling()
    before = gc.get_freeze_count()

    settling.grew(1)
    settling.grew(SETTLE_FACTS - 1)

    assert gc.get_freeze_count() >= before + len(made)


def test_what_was_settled_goes_when_nobody_needs_it() -> None:
    made = _Made()
    gone = weakref.ref(made)
    Settling().grew(SETTLE_FACTS)

    del made

    assert gone() is None


def test_a_cycle_that_lived_when_it_was_settled_stays_as_it_is_said() -> None:
    made = _Made()
    vars(made)["itself"] = made
    gone = weakref.ref(made)
    Settling().grew(SETTLE_FACTS)

    del made
    gc.collect()

    assert gone() is not None
    gc.unfreeze()
    gc.collect()
    assert gone() is None


def test_what_a_ledger_comes_to_has_no_cycles() -> None:
    """So that nothing of it stays when it is forgotten."""
    gc.collect()
    ledger = Ledger(CYCLE, History(distance=3))
    for told in whole_cycle():
        ledger.take(Entry(OPENED_AT, told.body))
    ledger.count()

    del ledger, told

    assert gc.collect() == 0


def test_a_cycle_that_nobody_needs_is_not_settled_with_the_rest() -> None:
    made = _Made()
    vars(made)["itself"] = made
    gone = weakref.ref(made)
    del made

    Settling().grew(SETTLE_FACTS)

    assert gone() is None
