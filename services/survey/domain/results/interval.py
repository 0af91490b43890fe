"""How far the share in a sample may be from the share among everybody, at 95 % confidence.

Wilson's score interval with z = 1.96, from p̂ of n answers:

    (p̂ + z²/2n ± z √(p̂(1 - p̂)/n + z²/4n²)) / (1 + z²/n)

Wald's p̂ ± z √(p̂(1 - p̂)/n) says that nothing is in doubt where five of five are satisfied; this
one does not. Of N people whose number is known, n answers are worth n (N - 1)/(N - n), the
correction for a finite population; where all answered, nothing is in doubt.

A mean of shares between 0 and 1 varies at most as much as a share of the same size, so that its
interval is taken like that of one: exact for scales of 0 and 1, and never too narrow for others.
https://doi.org/10.1080/01621459.1927.10502953
"""

import math
from dataclasses import dataclass
from fractions import Fraction

Z = Fraction(196, 100)
"""Within so many standard errors lie 95 % of a normal distribution."""

ROOT_PLACES = 12
"""To so many decimal places a root is taken, rounded up; a reader sees two of them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which shares the true one lies, 19 times out of 20, and how far off that may be."""

    low: Fraction
    high: Fraction
    margin: Fraction

    def overlaps(self, other: "Interval") -> bool:
        """Whether one and the same share may be behind both."""
        return self.low <= other.high and other.low <= self.high


def interval(share: Fraction, answers: int, population: int | None) -> Interval | None:
    """The interval around the share of so many answers; None without any.

    A population that is smaller than what answered is wrong, and taken for unknown.
    """
    if answers == 0:
        return None
    if population == answers:
        return Interval(share, share, Fraction(0))
    worth = Fraction(answers)
    if population is not None and population > answers:
        worth = worth * (population - 1) / (population - answers)
    square = Z * Z / worth
    centre = (share + square / 2) / (1 + square)
    spread = Z * _root(share * (1 - share) / worth + square / (4 * worth)) / (1 + square)
    low, high = max(centre - spread, Fraction(0)), min(centre + spread, Fraction(1))
    return Interval(low, high, max(share - low, high - share))


def _root(value: Fraction) -> Fraction:
    scale = 10**ROOT_PLACES
    square = math.ceil(value * scale**2)
    root = math.isqrt(square)
    return Fraction(root + (root * root < square), scale)
