"""What was made of something large is made anew when that is another, and not before."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from services.survey.application.made import Made, MadeBeside

Work = TypeVar("Work")


def counting(calls: list[str]) -> Callable[[str], str]:
    def make(source: str) -> str:
        calls.append(source)
        return source.upper()

    return make


def weigh(source: str, made: str) -> int:
    return len(source) + len(made)


def test_it_is_made_once_for_each_source_of_a_place() -> None:
    calls: list[str] = []
    made = Made(counting(calls), weigh)

    found = [made.of("one", "a"), made.of("one", "a"), made.of("other", "a"), made.of("one", "b")]

    assert found == ["A", "A", "A", "B"]
    assert calls == ["a", "a", "b"]


def test_of_more_bytes_than_there_is_room_for_what_was_not_asked_for_longest_is_forgotten() -> None:
    calls: list[str] = []
    made = Made(counting(calls), weigh, bytes_max=12)
    for place in ("one", "two", "one", "six"):
        made.of(place, place)

    made.of("one", "one")
    made.of("two", "two")

    assert calls == ["one", "two", "six", "two"]


def test_as_many_small_ones_are_kept_as_fit() -> None:
    calls: list[str] = []
    made = Made(counting(calls), weigh, bytes_max=200)
    places = [chr(ord("a") + place) for place in range(26)]

    for place in (*places, *places):
        made.of(place, place)

    assert calls == places


def test_what_a_place_had_before_takes_no_room() -> None:
    calls: list[str] = []
    made = Made(counting(calls), weigh, bytes_max=12)
    made.of("one", "one")
    for source in ("abc", "def", "ghi"):
        made.of("other", source)

    made.of("one", "one")

    assert calls == ["one", "abc", "def", "ghi"]


def test_what_is_larger_than_all_room_is_kept_alone() -> None:
    calls: list[str] = []
    made = Made(counting(calls), weigh, bytes_max=12)
    for place in ("one", "very large", "very large", "one"):
        made.of(place, place)

    assert calls == ["one", "very large", "one"]


# --- On a bench


class Bench:
    """A workbench on which others have their turn meanwhile; what was done on it is counted."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, work: Callable[[], Work]) -> Work:
        self.runs += 1
        await asyncio.sleep(0)
        return work()


async def test_what_many_wait_for_is_made_once_on_the_bench() -> None:
    bench = Bench()
    made = MadeBeside(bench, len)

    found = await asyncio.gather(*(made.of("one", "a", b"A".lower) for _ in range(5)))
    again = await made.of("one", "a", b"never".lower)

    assert [*found, again] == [b"a"] * 6
    assert bench.runs == 1


async def test_who_comes_with_another_source_waits_for_nothing_older() -> None:
    bench = Bench()
    made = MadeBeside(bench, len)

    older, newer = await asyncio.gather(
        made.of("one", "a", b"A".lower), made.of("one", "b", b"B".lower)
    )

    assert (older, newer) == (b"a", b"b")
    assert bench.runs == 2


async def test_what_could_not_be_made_is_told_to_all_and_tried_again() -> None:
    bench = Bench()
    made = MadeBeside(bench, len)

    def fail() -> bytes:
        raise ZeroDivisionError

    failed = await asyncio.gather(
        *(made.of("one", "a", fail) for _ in range(2)), return_exceptions=True
    )

    assert [type(each) for each in failed] == [ZeroDivisionError] * 2
    with pytest.raises(ZeroDivisionError):
        await made.of("one", "a", fail)
    assert await made.of("one", "a", b"A".lower) == b"a"
    assert bench.runs == 3


async def test_what_it_is_made_of_takes_room_too() -> None:
    bench = Bench()
    made = MadeBeside(bench, len, bytes_max=12)

    for source in ("much longer than its page", "short", "much longer than its page", "short"):
        await made.of(source, source, b"A".lower)

    assert bench.runs == 4
