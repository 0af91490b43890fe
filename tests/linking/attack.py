"""Who holds everything that is kept tries to tell which answer is whose.

The attacker is given more than anybody could have: in which order people sent their answers, whose
answers each batch holds, and all that the system keeps, as bytes and as rows. From every order in
which answers or receipts are found there, by whatever column and in whatever file, it guesses that
this was the order of sending, or its reverse. By chance one guess in each batch is right on
average, whatever its size: so many fixed points has a random permutation.

It also guesses who wrote no comment: that these are the first people of an order, or the last.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

SIGHTED_MIN = 10
"""An order in which fewer of the people are found could not be told from chance."""

DEVIATIONS_MAX = 8.0
"""How many standard deviations above chance a guess may lie that is none, of some hundred tried."""

Person = int


@dataclass(frozen=True, slots=True)
class Blob:
    """Something that is kept, as bytes: a file, or a log."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are kept, each by column, with what the database itself says of it."""

    name: str
    rows: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is kept."""

    blobs: Sequence[Blob]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Guess:
    """What one order came to: so many matches were right, of so many, where chance has `chance`."""

    order: str
    right: int
    of: int
    chance: float
    spread: float
    """The standard deviation of chance."""

    @property
    def deviations(self) -> float:
        """How far above chance it is, in standard deviations."""
        return (self.right - self.chance) / self.spread

    @property
    def succeeds(self) -> bool:
        """Whether it is so much better than chance that it is none."""
        return self.deviations > DEVIATIONS_MAX

    def __str__(self) -> str:
        return f"{self.right:>4} of {self.of} (chance {self.chance:g})  {self.order}"


def guesses(
    held: Held, needles: Mapping[Person, bytes], batches: Sequence[Sequence[Person]]
) -> Sequence[Guess]:
    """All guesses, the most successful one first; people are numbered in the order of sending.

    `needles` are the bytes by which each person's answer, receipt or comment is found. `batches`
    says who is in which.
    """
    made: list[Guess] = []
    for name, order in [*_orders(held, needles), *_by_sizes(held, needles)]:
        if len(order) >= SIGHTED_MIN:
            made += _guessed(name, order, batches)
    return sorted(made, key=lambda guess: guess.deviations, reverse=True)


def guesses_of_silent(
    held: Held, needles: Mapping[Person, bytes], silent: Collection[Person]
) -> Sequence[Guess]:
    """All guesses who of the people is silent, the most successful one first."""
    made: list[Guess] = []
    for name, order in _orders(held, needles):
        there = sum(person in silent for person in order)
        if SIGHTED_MIN <= there < len(order):
            made += _guessed_silent(name, order, there, silent)
    return sorted(made, key=lambda guess: guess.deviations, reverse=True)


def _guessed_silent(
    name: str, order: Sequence[Person], there: int, silent: Collection[Person]
) -> Iterator[Guess]:
    """That as many as are silent are the first ones of an order, and that they are the last.

    By chance they are as many as silent ones are among people drawn without putting them back.
    """
    share = there / len(order)
    chance = there * share
    spread = math.sqrt(chance * (1 - share) * (len(order) - there) / (len(order) - 1))
    for end, guessed in (("first", order[:there]), ("last", order[-there:])):
        right = sum(person in silent for person in guessed)
        yield Guess(f"{name}, the {end} are silent", right, there, chance, spread)


def _guessed(
    name: str, order: Sequence[Person], batches: Sequence[Sequence[Person]]
) -> Iterator[Guess]:
    """That people sent in this order, and that they did in its reverse, in each batch."""
    places = {person: place for place, person in enumerate(order)}
    found = [sorted(places.keys() & set(batch), key=places.__getitem__) for batch in batches]
    of, chance = sum(map(len, found)), sum(map(bool, found))
    forwards = sum(_agreeing(each, sorted(each)) for each in found)
    backwards = sum(_agreeing(each, sorted(each, reverse=True)) for each in found)
    spread = math.sqrt(chance)
    yield Guess(f"{name}, forwards", forwards, of, chance, spread)
    yield Guess(f"{name}, backwards", backwards, of, chance, spread)


def _agreeing(one: Sequence[Person], other: Sequence[Person]) -> int:
    return sum(mine == others for mine, others in zip(one, other, strict=True))


def _orders(held: Held, needles: Mapping[Person, bytes]) -> Iterator[tuple[str, Sequence[Person]]]:
    """Every order in which people are found."""
    for blob in held.blobs:
        first = _found_in(blob.content, needles)
        found = {person: needles[person] for person in first}
        yield f"first found in {blob.name}", first
        yield f"last found in {blob.name}", _found_in(blob.content, found, last=True)
    for table in held.tables:
        sighted = [(row, _found_in(_bytes_of(row), needles)) for row in table.rows]
        sighted = [(row, people) for row, people in sighted if people]
        for column in sighted[0][0] if sighted else ():
            rows = sorted(sighted, key=lambda each: _sort_key(each[0][column]))
            order = dict.fromkeys(person for _, people in rows for person in people)
            yield f"rows of {table.name} by {column}", list(order)


def _by_sizes(
    held: Held, needles: Mapping[Person, bytes]
) -> Iterator[tuple[str, Sequence[Person]]]:
    """Orders by numbers that may be sizes: one for each person, as they came, beside the answers'.

    Whoever sent the smallest is taken to have given the shortest answer, and so on.
    """
    # Of answers that are equally long none comes first because of who gave it.
    shortest_first = sorted(needles, key=lambda person: (len(needles[person]), needles[person]))
    for name, numbers in _series(held):
        if len(numbers) == len(needles):
            smallest_first = sorted(range(len(numbers)), key=numbers.__getitem__)
            guessed = dict(zip(smallest_first, shortest_first, strict=True))
            yield f"sizes in {name}", [guessed[place] for place in range(len(numbers))]


def _series(held: Held) -> Iterator[tuple[str, Sequence[int]]]:
    """Every column of whole numbers, and every place in the lines of what is text."""
    for table in held.tables:
        for column in table.rows[0] if table.rows else ():
            values = [row[column] for row in table.rows]
            numbers = [value for value in values if isinstance(value, int)]
            yield f"{table.name}.{column}", numbers
    for blob in held.blobs:
        if b"\0" in blob.content:
            continue
        lines = [re.findall(rb"\d+", line) for line in blob.content.splitlines()]
        for place in range(max(map(len, lines), default=0)):
            found = [int(line[place]) for line in lines if len(line) > place]
            yield f"number {place + 1} of the lines of {blob.name}", found


def _found_in(
    content: bytes, needles: Mapping[Person, bytes], *, last: bool = False
) -> Sequence[Person]:
    find = content.rfind if last else content.find
    places = {person: find(needle) for person, needle in needles.items()}
    return sorted((person for person in places if places[person] >= 0), key=places.__getitem__)


def _bytes_of(row: Mapping[str, object]) -> bytes:
    return b"\0".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row.values()
    )


def _sort_key(value: object) -> tuple[str, float, str]:
    """Numbers by their size, all else by its text, and things of a kind together."""
    if isinstance(value, int | float):
        return ("number", float(value), "")
    return (type(value).__name__, 0.0, str(value))
