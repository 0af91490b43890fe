"""What has to hold between several fields; said only where all of them could be read."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from shared.kernel import points
from shared.kernel.scheme_reader.field import NOTHING, Field, shown


def distinct(codes: Iterable[Field]) -> None:
    """No two codes are the same; the later one is noted."""
    first: dict[object, Field] = {}
    for code in codes:
        if code.sound and first.setdefault(code.value, code) is not code:
            code.flaw("code-duplicate", value=shown(code.value), first=first[code.value].pointer)


def descending(numbers: Sequence[Field], code: str) -> None:
    """Each number is below the one before it."""
    for above, below in pairwise(numbers):
        if above.sound and below.sound and above.number() <= below.number():
            below.flaw(code, value=shown(below.value), above=shown(above.value))


def adds_up(maximum: Field, children: Sequence[Field]) -> None:
    """The maxima of the children are together this maximum."""
    parts = [child.at("maximum") for child in children]
    if not parts or not all(field.sound for field in (maximum, *parts)):
        return
    whole, total = maximum.number(), sum((part.number() for part in parts), NOTHING)
    if total != whole:
        code = "children-exceed-maximum" if total > whole else "children-below-maximum"
        maximum.flaw(code, sum=points.exact(total), maximum=points.exact(whole))


def reaches(whole: Field, numbers: Sequence[Field], maximum: Fraction, code: str) -> None:
    """The best of the numbers is the maximum: else nobody could ever get it."""
    if not all(field.sound for field in (whole, *numbers)):
        return
    best = max((number.number() for number in numbers), default=NOTHING)
    if best < maximum:
        whole.flaw(code, best=points.exact(best), maximum=points.exact(maximum))
