"""Points: exact numbers, how they are read and how they are written.

People and facts write decimal strings, the arithmetic is that of `fractions.Fraction`, and the only
rounding is `shown`, for the eyes of a reader.
"""

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from shared.kernel.errors import Refused

TEXT_CHARACTERS_MAX = 64
"""The longest decimal that a person or a fact may write."""

EXACT_DIGITS_MAX = 4_000
"""The longest numerator or denominator in an exact text that is read (`int` stops at 4,300).

What people may declare keeps the sums over a whole scheme below it. Whatever comes to more, a
scheme of thousands of ratios, is written whole all the same, so that no sum can stop the count.
"""

REMEMBERED_MAX = 4_096
"""Of how many numbers and texts the other is remembered: schemes award few different points."""

REMEMBERED_BITS_MAX = 256
"""How long a number is that is remembered; a text is no longer than what people may write."""

_DIGITS_AT_ONCE = 10**EXACT_DIGITS_MAX
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_QUOTIENT = re.compile(rf"(-?[0-9]{{1,{EXACT_DIGITS_MAX}}})/([0-9]{{1,{EXACT_DIGITS_MAX}}})")


def parse(text: str) -> Fraction:
    """Read a plain decimal such as "7", "-0.25" or "12.50"; anything else is refused.

    No exponent, no comma, no blank, no sign but the minus, no digits but those of ASCII.
    """
    match = _DECIMAL.fullmatch(text) if len(text) <= TEXT_CHARACTERS_MAX else None
    if match is None:
        raise Refused("number-malformed", text=text[:TEXT_CHARACTERS_MAX])
    return _from_decimal(match)


def exact(value: Fraction) -> str:
    """Write all of a number: its decimal where that ends, else "n/d" in lowest terms."""
    numerator, denominator = value.numerator, value.denominator
    is_short = max(numerator.bit_length(), denominator.bit_length()) <= REMEMBERED_BITS_MAX
    return (_written if is_short else _exact)(numerator, denominator)


@lru_cache(maxsize=REMEMBERED_MAX)
def _written(numerator: int, denominator: int) -> str:
    """The same, of a number that is short."""
    return _exact(numerator, denominator)


def _exact(numerator: int, denominator: int) -> str:
    places = _decimal_places(denominator)
    if places is None:
        return f"{_whole(numerator)}/{_whole(denominator)}"
    return _decimal(numerator * (10**places // denominator), places)


def parse_exact(text: str) -> Fraction:
    """Read what `exact` has written, and nothing else: one number has one text."""
    value = _from_exact(text)
    if value is None or exact(value) != text:
        raise Refused("number-malformed", text=text[:TEXT_CHARACTERS_MAX])
    return value


def found(text: str) -> Fraction | None:
    """Points in a fact: a plain decimal as people write it, or exact text; None for anything else.

    What is recorded has happened, so that a fold does not refuse it.
    """
    return _remembered(text) if len(text) <= TEXT_CHARACTERS_MAX else _found(text)


@lru_cache(maxsize=REMEMBERED_MAX)
def _remembered(text: str) -> Fraction | None:
    """The same, of a text that is short: facts hold texts of any length, whoever wrote them."""
    return _found(text)


def _found(text: str) -> Fraction | None:
    for read in (parse, parse_exact):
        try:
            return read(text)
        except Refused:
            continue
    return None


def shown(value: Fraction, places: int = 2) -> str:
    """Round for display, half up (away from zero); the one place where the kernel rounds."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return _decimal(-units if value < 0 else units, places)


def is_multiple(value: Fraction, step: Fraction) -> bool:
    """Say whether `value` lies on the steps of `step`, counted from 0."""
    return (value / step).denominator == 1


def total(values: Iterable[Fraction]) -> Fraction:
    """Add up; several times faster than `sum`, which reduces after each step."""
    numerators: dict[int, int] = {}
    for value in values:
        denominator = value.denominator
        numerators[denominator] = numerators.get(denominator, 0) + value.numerator
    common = math.lcm(*numerators)
    return Fraction(sum(n * (common // d) for d, n in numerators.items()), common)


def _from_decimal(match: re.Match[str]) -> Fraction:
    sign, whole, part = match.groups(default="")
    return Fraction(int(sign + whole + part), 10 ** len(part))


def _from_exact(text: str) -> Fraction | None:
    quotient = _QUOTIENT.fullmatch(text)
    if quotient and int(quotient[2]) != 0:
        return Fraction(int(quotient[1]), int(quotient[2]))
    decimal = _DECIMAL.fullmatch(text) if len(text) <= EXACT_DIGITS_MAX else None
    return _from_decimal(decimal) if decimal else None


def _decimal(units: int, places: int) -> str:
    sign = "-" if units < 0 else ""
    digits = _whole(abs(units)).rjust(places + 1, "0")
    whole = len(digits) - places
    return f"{sign}{digits[:whole]}.{digits[whole:]}" if places else sign + digits


def _whole(number: int) -> str:
    """All digits of a whole number; `str` refuses one of more than 4,300."""
    parts: list[str] = []
    rest = abs(number)
    while rest >= _DIGITS_AT_ONCE:
        rest, part = divmod(rest, _DIGITS_AT_ONCE)
        parts.append(str(part).rjust(EXACT_DIGITS_MAX, "0"))
    sign = "-" if number < 0 else ""
    return sign + str(rest) + "".join(reversed(parts))


def _decimal_places(denominator: int) -> int | None:
    """How many places a fraction over `denominator` has, or None where its decimal never ends."""
    twos = (denominator & -denominator).bit_length() - 1
    rest = denominator >> twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None
