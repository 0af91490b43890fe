"""How often each client may ask: counted for each by itself, in memory with an end."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.web import rates
from shared.adapters.web.counts import CLIENTS_MAX, SECOND_NS, Counts, Left
from shared.adapters.web.rates import RATES, UNLIMITED, Rate

ONE, OTHER = b"one", b"other"
RATE = Rate(requests=3, seconds=30)


class Time:
    """A time that is set; its beginning is any."""

    def __init__(self) -> None:
        self.ns = 10**18

    def __call__(self) -> int:
        return self.ns

    def go_on(self, seconds: float) -> None:
        self.ns += round(seconds * SECOND_NS)


def test_what_is_given_back_was_never_counted() -> None:
    counts = Counts(RATE, Time())
    counts.take(ONE)

    counts.give_back(ONE)
    counts.give_back(OTHER)

    assert counts.take(ONE) == Left(2, 10)
    assert counts.take(OTHER) == Left(2, 10)


def test_all_may_come_at_once_and_come_back_one_by_one() -> None:
    time = Time()
    counts = Counts(RATE, time)

    at_once = [counts.take(ONE) for _ in range(4)]
    time.go_on(9.5)
    too_soon = counts.take(ONE)
    time.go_on(0.5)
    in_time = counts.take(ONE)

    assert at_once == [Left(2, 10), Left(1, 20), Left(0, 30), Left(0, 10, refused=True)]
    assert too_soon == Left(0, 1, refused=True)
    assert in_time == Left(0, 30)


def test_a_client_feels_nothing_of_another() -> None:
    counts = Counts(RATE, Time())
    for _ in range(9):
        counts.take(ONE)

    assert counts.take(OTHER) == Left(2, 10)


def test_who_has_everything_again_is_forgotten_as_others_come() -> None:
    time = Time()
    counts = Counts(RATE, time)
    for place in range(100):
        counts.take(b"%d" % place)
    time.go_on(RATE.seconds)
    for place in range(100, 200):
        counts.take(b"%d" % place)

    assert len(counts) == 100


def test_a_flood_of_clients_takes_no_more_memory_and_is_to_the_disadvantage_of_nobody() -> None:
    counts = Counts(RATE, Time(), clients_max=50)
    for _ in range(4):
        counts.take(ONE)
    for place in range(10_000):
        assert not counts.take(b"%d" % place).refused

    assert len(counts) == 50
    assert not counts.take(ONE).refused
    assert CLIENTS_MAX < 100_000


@given(
    rate=st.builds(Rate, st.integers(1, 20), st.integers(1, 60)),
    pauses_ms=st.lists(st.integers(0, 20_000), max_size=80),
)
def test_nobody_gets_more_than_the_rate_over_any_time(rate: Rate, pauses_ms: Sequence[int]) -> None:
    time = Time()
    counts = Counts(rate, time)
    taken_ns: list[int] = []
    for pause_ms in pauses_ms:
        time.go_on(pause_ms / 1_000)
        if not counts.take(ONE).refused:
            taken_ns.append(time.ns)

    step_ns = rate.seconds * SECOND_NS // rate.requests
    for begin, began_ns in enumerate(taken_ns):
        for end, ended_ns in enumerate(taken_ns[begin:], start=1):
            assert end <= rate.requests + (ended_ns - began_ns) // step_ns


@given(pauses_ms=st.lists(st.integers(0, 20_000), max_size=40))
def test_who_waits_as_long_as_they_are_told_is_served(pauses_ms: Sequence[int]) -> None:
    time = Time()
    counts = Counts(RATE, time)
    for pause_ms in pauses_ms:
        time.go_on(pause_ms / 1_000)
        if (left := counts.take(ONE)).refused:
            time.go_on(left.seconds)
            assert not counts.take(ONE).refused


def test_rates_are_read_as_they_are_written() -> None:
    for each in (RATES, UNLIMITED, rates.read("reading=5/1,uploads=none")):
        assert rates.read(rates.written(each)) == each


def test_a_rate_that_is_not_said_stays_as_it_was() -> None:
    found = rates.read("answering=6000/60,failing=none")

    assert found == {
        **{policy: rate for policy, rate in RATES.items() if policy != "failing"},
        "answering": Rate(6_000, 60),
    }
    assert rates.read("") == RATES
    assert rates.read("none") == {}


@pytest.mark.parametrize(
    "text",
    [
        *("all", "reading", "reading=", "reading=5", "reading=0/1", "reading=5/0", "reading=-5/1"),
        *("writing=5/1 ", "login=5/1", "reading=5/1;writing=1/1", "reading=٣/1"),
        "reading=" + "9" * 5_000 + "/1",
    ],
)
def test_rates_that_nobody_can_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="reading=1200/60"):
        rates.read(text)
