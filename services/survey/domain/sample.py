"""How many people have to be asked."""

import math
from fractions import Fraction


def sample_size(population: int, margin: Fraction) -> int:
    """The sample n = N / (1 + N e²), rounded up; nobody where there is nobody (Yamane 1967).

    `margin` is e, the sampling error at 95 % confidence, between 0 and 1.
    """
    return math.ceil(Fraction(population) / (1 + population * margin * margin))
