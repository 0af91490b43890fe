"""What clocks promise: an instant in UTC, and for a trial the one that it was set to."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared.adapters.clock import SystemClock, TrialClock
from shared.adapters.memory import MemoryClock
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Clock

DEADLINE = datetime(2021, 12, 31, 17, 0, tzinfo=UTC)
SOON = timedelta(seconds=10)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


@pytest.mark.parametrize("kind", ["memory", "system", "trial"])
def test_now_is_in_utc(file: Path, kind: str) -> None:
    clocks: dict[str, Clock] = {
        "memory": MemoryClock(),
        "system": SystemClock(),
        "trial": TrialClock(file),
    }

    assert clocks[kind].now().tzinfo is UTC


def test_the_clock_of_the_machine_goes_on() -> None:
    clock = SystemClock()

    assert clock.now() <= clock.now()


def test_a_trial_clock_that_was_never_set_shows_the_machine_s_time(file: Path) -> None:
    assert TrialClock(file).now() - SystemClock().now() < SOON


def test_a_trial_clock_goes_on_from_where_it_was_set(file: Path) -> None:
    clock = TrialClock(file)

    clock.set(DEADLINE)

    first, second = clock.now(), clock.now()
    assert DEADLINE <= first <= second < DEADLINE + SOON


def test_a_trial_clock_is_still_set_after_a_restart(file: Path) -> None:
    TrialClock(file).set(DEADLINE)

    assert DEADLINE <= TrialClock(file).now() < DEADLINE + SOON


def test_whichever_process_sets_a_trial_clock_sets_it_for_all(file: Path) -> None:
    one, other = TrialClock(file), TrialClock(file)

    one.set(DEADLINE)
    first = other.now()
    other.set(DEADLINE + timedelta(days=1))

    assert DEADLINE <= first < DEADLINE + SOON
    assert DEADLINE + timedelta(days=1) <= one.now()


def test_a_trial_clock_can_be_set_again_and_back(file: Path) -> None:
    clock = TrialClock(file)
    clock.set(DEADLINE)

    clock.set(DEADLINE - timedelta(days=90))

    assert TrialClock(file).now() < DEADLINE


def test_an_instant_of_another_zone_is_the_same_instant(file: Path) -> None:
    clock = TrialClock(file)

    clock.set(DEADLINE.astimezone(timezone(timedelta(hours=7))))

    assert DEADLINE <= clock.now() < DEADLINE + SOON


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_a_trial_is_not_played_in_a_year_that_cannot_be_reckoned_with(
    file: Path, year: int
) -> None:
    clock = TrialClock(file)

    with pytest.raises(Refused, match="trial-time-out-of-range"):
        clock.set(datetime(year, 6, 1, tzinfo=UTC))

    assert not file.exists()


@pytest.mark.parametrize("text", ["", "17", "{}", '{"offset_microseconds": "x"}', "[1]"])
def test_a_broken_file_stops_the_start(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Unavailable, match="trial-clock-unreadable"):
        TrialClock(file)


def test_a_clock_in_memory_moves_when_it_is_told_to() -> None:
    clock = MemoryClock(DEADLINE)
    clock.advance(timedelta(seconds=1))
    later = clock.now()
    clock.set(DEADLINE)

    assert (later, clock.now()) == (DEADLINE + timedelta(seconds=1), DEADLINE)
