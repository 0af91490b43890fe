"""The bootstrap: answers drawn again and again, and each round ranked. The one door to numpy.

Each agency's answers to a questionnaire are drawn by a multinomial over their kinds, as many as
they are, from a PCG64 of their own: it is seeded by the seed and by their name, so that neither
other agencies nor the size of a batch change what is drawn. Numbers are floats in here, and only
here: what leaves is counts of rounds. Two numbers that differ by less than half of the last of
`PLACES` decimals are equal, so that a true tie stays one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from shared.count.sample import Answers, Contender, Drawing, Rounds, Sample
from shared.kernel.scheme import Grade, TieRule

PLACES: Final = 9
"""The decimals by which numbers are told apart."""
BATCH_CELLS_MAX: Final = 2_000_000
"""How many numbers are worked on at once: it bounds the memory, and changes no result."""
GENERATOR: Final = f"PCG64, numpy {np.__version__}"

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Draw = Callable[[Answers, int], Iterator[Whole]]
"""Gives rounds in batches: a row for each round, with how often each kind was drawn."""


def resample(sample: Sample, drawing: Drawing) -> Rounds:
    """Draw everything so many times, and count what came of it."""

    def draw(answers: Answers, rounds: int) -> Iterator[Whole]:
        return _drawn(answers, rounds, drawing.seed)

    return _counted(sample, standings(sample, draw, drawing.rounds), drawing.rounds)


def standings(sample: Sample, draw: Draw, rounds: int) -> Floats:
    """By agency, index and then column of the chain, and round: by what agencies are ranked.

    Where nothing applies to an agency in a round, there is no number.
    """
    found = np.stack([_standing(sample, each, draw, rounds) for each in sample.contenders])
    return np.asarray(np.round(found, PLACES), dtype=np.float64)


def _drawn(answers: Answers, rounds: int, seed: int) -> Iterator[Whole]:
    chance = np.random.Generator(np.random.PCG64([seed, *answers.name.encode()]))
    given = np.array(list(answers.kinds.values()))
    for batch in _batches(rounds, cells=len(given)):
        yield chance.multinomial(answers.count, given / answers.count, size=len(batch))


def _batches(rounds: int, *, cells: int) -> Iterator[range]:
    """The rounds, in batches of so many cells each."""
    size = max(1, BATCH_CELLS_MAX // max(1, cells))
    for first in range(0, rounds, size):
        yield range(rounds)[first : first + size]


# --- What a round is worth, as the kernel's `scoring` and `table` have it


def _standing(sample: Sample, contender: Contender, draw: Draw, rounds: int) -> Floats:
    tallied = _tallied(contender, draw, rounds)
    asked = [sample.asked[place] for place in contender.items]
    worth = np.zeros((2, len(asked), rounds))
    for position, item in enumerate(asked):
        mean, weight = np.zeros(rounds), np.zeros(rounds)
        for group in item.groups:
            if group.code in tallied:
                shares, valid = tallied[group.code][:, position]
                mean += float(group.weight) * _ratio(shares, valid * sample.units)
                weight += float(group.weight) * (valid > 0)
        worth[0, position] = float(item.maximum) * _ratio(mean, weight)
        worth[1, position] = float(item.maximum) * ((weight > 0) | (not item.leaves))
    points, maximum = worth.sum(axis=1)
    points, maximum = points + float(contender.points), maximum + float(contender.maximum)
    index = np.where(maximum > 0, 100 * _ratio(points, maximum), np.nan)
    if sample.cap is not None:
        index = np.minimum(index, float(sample.cap))
    columns = [
        float(fixed) + worth[0, [place in counted for place in contender.items]].sum(axis=0)
        for fixed, counted in zip(contender.columns, sample.columns, strict=True)
    ]
    return np.stack([index, *columns])


def _tallied(contender: Contender, draw: Draw, rounds: int) -> Mapping[str, Floats]:
    """By group: the shares added up and the valid answers of each item, in each round."""
    tallied: dict[str, Floats] = {}
    for answers in contender.answers:
        of_group = np.zeros((2, len(contender.items), rounds))
        of_group = tallied.setdefault(answers.group, of_group)
        positions, worth = _worth(answers, contender.items)
        first = 0
        for batch in draw(answers, rounds):
            last = first + len(batch)
            added = batch.astype(np.float64) @ worth
            of_group[:, positions, first:last] += added.T.reshape(2, len(positions), len(batch))
            first = last
    return tallied


def _worth(answers: Answers, items: Sequence[int]) -> tuple[Sequence[int], Floats]:
    """The positions of the items that these answers are about, and by kind what they are worth.

    That is the units of each such item, and then the valid answers to it: whole numbers, whose
    sums are exact.
    """
    about = {place for kind in answers.kinds for place, _, _ in kind}
    positions = [position for position, place in enumerate(items) if place in about]
    columns = {items[position]: column for column, position in enumerate(positions)}
    worth = np.zeros((len(answers.kinds), 2, len(positions)))
    for row, kind in enumerate(answers.kinds):
        for place, units, valid in kind:
            if place in columns:
                worth[row, :, columns[place]] = units, valid
    return positions, worth.reshape(len(answers.kinds), -1)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient, and 0 where there is nothing to divide by."""
    nothing = np.zeros_like(numerator)
    return np.divide(numerator, denominator, out=nothing, where=denominator > 0)


# --- What came of it


def _counted(sample: Sample, standing: Floats, rounds: int) -> Rounds:
    codes = [each.agency for each in sample.contenders]
    competing = [place for place, each in enumerate(sample.contenders) if each.ranked]
    often = np.zeros((len(competing), len(competing) + 1), dtype=np.int64)
    above = np.zeros((len(competing), len(competing)), dtype=np.int64)
    for batch in _batches(rounds, cells=len(competing) ** 2):
        stands = standing[competing][:, :, batch.start : batch.stop]
        is_above = _above(stands)
        above += is_above.sum(axis=2)
        for place, ranks in enumerate(_ranks(is_above, ~np.isnan(stands[:, 0]), sample.rule)):
            often[place] += np.bincount(ranks, minlength=often.shape[1])
    places = {codes[place]: row for row, place in enumerate(competing)}
    return Rounds(
        rounds=rounds,
        ranks={code: _ranks_of(often[places[code]]) if code in places else {} for code in codes},
        grades={
            code: _grades(standing[place, 0], sample.grades) for place, code in enumerate(codes)
        },
        above={
            (one, other): int(above[row, column])
            for one, row in places.items()
            for other, column in places.items()
            if one != other
        },
        generator=GENERATOR,
    )


def _above(stands: Floats) -> Flags:
    """Whether one agency stands above another in a round: by the first number that differs."""
    agencies, keys, rounds = stands.shape
    above = np.zeros((agencies, agencies, rounds), dtype=np.bool_)
    for key in reversed(range(keys)):
        one, other = stands[:, np.newaxis, key], stands[np.newaxis, :, key]
        above = (one > other) | ((one == other) & above)
    return above


def _ranks(above: Flags, present: Flags, rule: TieRule) -> Whole:
    """The rank of each agency in each round; 0 where it has none."""
    level = ~(above | above.swapaxes(0, 1)) & present[:, np.newaxis] & present[np.newaxis, :]
    places = np.arange(len(above))
    earlier = level & (places[:, np.newaxis] < places)[:, :, np.newaxis]
    match rule:
        case "competition":
            before = above
        case "dense":
            before = above & ~np.any(earlier, axis=0, keepdims=True).swapaxes(0, 1)
        case "ordinal":
            before = above | earlier
        case _:
            assert_never(rule)
    ranks: Whole = np.where(present, 1 + before.sum(axis=0), 0)
    return ranks


def _ranks_of(often: Whole) -> Mapping[int, int]:
    return {rank: int(number) for rank, number in enumerate(often) if rank and number}


def _grades(index: Floats, grades: Sequence[Grade]) -> Mapping[str, int]:
    """In how many rounds the index had each grade: the highest whose threshold it reaches."""
    found: dict[str, int] = {}
    left = np.ones_like(index, dtype=np.bool_)
    for grade in sorted(grades, key=lambda grade: grade.at_least, reverse=True):
        reached = left & (index >= float(grade.at_least))
        found[grade.code] = int(reached.sum())
        left &= ~reached
    return {**found, "": int(left.sum())}
