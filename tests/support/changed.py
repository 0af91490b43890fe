"""Ledgers that somebody changed: values of facts replaced, removed or moved, in any place.

What comes out are JSON documents still, so that it is the meaning of them that is tried.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

# Anything that JSON can say.
Json = Any
Key = str | int

CHANGES_MAX = 4
PLACES = 2**32

NUMBERS = ["0", "-0", "007", "1.50", "3.25", "1/3", "2/6", "1/2", "-1", "100", "1e3", ".5"]
LIMITS = ["0.0005", "1" + "0" * 62, "1" + "0" * 70, "10000000000000001", "1000000001"]
NESTED = ["-" * 24 + "a", "-" * 25 + "a", "(" * 24 + "b" + ")" * 24]
FORMULAS = ["a + b", "a < b", "if(a < b, a, b)", "if(a < b < a, a, b)", "1.5.2 * a", *NESTED]
DAYS = ["2021-02-29", "2020-02-29", "1900-02-29", "2021-04-31", "0000-01-01", "20210101"]
CLOCKS = ["00:00:00", "23:59:60Z", "24:00:00Z", "00:00:00+0700", "00:00Z", "00:00:00.1234567+24:00"]
TIMES = [*DAYS, "2021-01-01 00:00:00z", *(f"2021-01-01T{clock}" for clock in CLOCKS)]
WORDS = ["", " a\t", "a\tb", "\x1ca", "e\u0301", "\u2028", "\U0001f600", "no_task", "yes", "2022"]
OTHERS = [None, True, 0, -1, 1, 24, 2**53, 2**64, 1.0, [], {}, ["a"], {"a": "b"}]
ODD: list[Json] = [*NUMBERS, *LIMITS, *FORMULAS, *TIMES, *WORDS, *OTHERS]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: to which entry, at which place in it, and what is done there with what."""

    entry: int
    place: int
    how: str
    other: int


HOW = ("odd", "odd", "odd", "another", "removed", "doubled", "swapped", "entry")
changes = st.builds(
    Change,
    entry=st.integers(0, PLACES),
    place=st.integers(0, PLACES),
    how=st.sampled_from(HOW),
    other=st.integers(0, PLACES),
)
several_changes = st.lists(changes, min_size=1, max_size=CHANGES_MAX)


def changed(entries: Sequence[bytes], these: Sequence[Change]) -> list[bytes]:
    """The entries after some changes."""
    found = list(entries)
    for change in these:
        at = change.entry % len(found)
        if change.how == "entry":
            found.insert(change.other % len(found), found[at])
        else:
            found[at] = _with(found[at], change)
    return found


def _with(entry: bytes, change: Change) -> bytes:
    document = json.loads(entry)
    places = list(_places(document))
    if places:
        _DONE[change.how](places[change.place % len(places)], places, change.other)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a document: a key of an object, or a position in a list."""

    inside: Any
    key: Key

    @property
    def value(self) -> Json:
        return self.inside[self.key]

    def put(self, value: Json) -> None:
        self.inside[self.key] = copy.deepcopy(value)


def _places(value: Json) -> Iterator[_Place]:
    keys: Sequence[Key] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield _Place(value, key)
        yield from _places(value[key])


def _odd(place: _Place, _: Sequence[_Place], other: int) -> None:
    place.put(ODD[other % len(ODD)])


def _another(place: _Place, places: Sequence[_Place], other: int) -> None:
    place.put(places[other % len(places)].value)


def _removed(place: _Place, _: Sequence[_Place], __: int) -> None:
    del place.inside[place.key]


def _doubled(place: _Place, _: Sequence[_Place], other: int) -> None:
    if isinstance(place.inside, list):
        place.inside.insert(other % len(place.inside), copy.deepcopy(place.value))
    else:
        place.inside[str(ODD[other % len(ODD)])] = copy.deepcopy(place.value)


def _swapped(place: _Place, places: Sequence[_Place], other: int) -> None:
    second = places[other % len(places)]
    first_value, second_value = copy.deepcopy(place.value), copy.deepcopy(second.value)
    place.put(second_value)
    second.put(first_value)


_DONE: dict[str, Callable[[_Place, Sequence[_Place], int], None]] = {
    "odd": _odd,
    "another": _another,
    "removed": _removed,
    "doubled": _doubled,
    "swapped": _swapped,
}
