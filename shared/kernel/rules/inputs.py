"""What a rule wants to be told, and how it is read from the texts that an agency sends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, TypeVar, assert_never

from shared.kernel import points, scheme
from shared.kernel.errors import Flaw, Refused

COUNT_MAX: Final = 10**9
NUMBER_MAX: Final = 10**15
PLACES_MAX: Final = 18
AMOUNT_MAX: Final = 10**12
AMOUNT_PLACES_MAX: Final = 3
"""The largest part of a ratio, and its most places: a quotient of two has at most 16 digits below.

So the sum over RATIOS_MAX of them stays below what `points` reads.
"""
RATIOS_MAX: Final = 200
"""How many ratios a scheme may have for that; the largest known one has a quarter of them."""
INPUTS_MAX: Final = 100
"""The most inputs that an item is sent; no rule of a real scheme wants as many."""
DECIMALS_MAX: Final = 10_000
"""How many decimals that were read before are remembered: the same few come again and again."""
TEXT_SHOWN_MAX: Final = 60
"""How much of a wrong text a refusal repeats."""
NO_TASK: Final = "no_task"
"""The input that says "no task arose this year"; no rule may have one of that name."""

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input that a rule wants; `choices` are the codes to choose from.

    A decimal lies between `minimum` and `maximum`, as far as its rule says.
    """

    name: str
    kind: Literal["code", "count", "decimal"]
    choices: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None


def inputs_of(  # noqa: C901, PLR0912 - one case for each rule, and nothing else
    rule: scheme.Rule,
) -> tuple[InputSpec, ...]:
    """Name the inputs that a rule wants, in its own order; a survey wants none."""
    match rule:
        case scheme.Choice(options):
            return (InputSpec("option", "code", tuple(option.code for option in options)),)
        case scheme.Count():
            return (InputSpec("count", "count"),)
        case scheme.Levels() if is_measured(rule):
            return (InputSpec("value", "decimal", (), rule.minimum, rule.maximum),)
        case scheme.Levels(bands):
            return (InputSpec("level", "code", tuple(band.code for band in bands)),)
        case scheme.Ratio():
            return (InputSpec("numerator", "decimal"), InputSpec("denominator", "decimal"))
        case scheme.Deduction():
            return (InputSpec("breaches", "count"),)
        case scheme.Formula(inputs=names):
            return tuple(InputSpec(name, "decimal") for name in names)
        case scheme.Manual():
            return (InputSpec("points", "decimal"),)
        case scheme.Sum(addends):
            return tuple(spec for addend in addends for spec in _inputs_of_addend(addend))
        case scheme.Survey():
            return ()
        case _:
            assert_never(rule)


def is_measured(rule: scheme.Levels) -> bool:
    """Say whether the bands are found by a value, rather than called by name."""
    return all(band.at_least is not None for band in rule.bands)


def _inputs_of_addend(addend: scheme.Addend) -> Iterable[InputSpec]:
    for spec in inputs_of(addend.rule):
        yield replace(spec, name=f"{addend.code}.{spec.name}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The inputs that were sent for an item, and the names of an addend that begin with `prefix`.

    Each reading answers with a sound value, or refuses with one flaw that points to it.
    """

    item: str
    inputs: Mapping[str, str]
    prefix: str = ""

    def of(self, addend: scheme.Addend) -> "Sheet":
        """The same inputs as an addend of a sum sees them."""
        return replace(self, prefix=f"{self.prefix}{addend.code}.")

    def code(self, name: str, choices: Sequence[str]) -> str:
        """One of the choices."""
        code = self._text(name)
        if code not in choices:
            known = ", ".join(choices)
            raise self.refusal(name, "input-not-a-choice", text=code, choices=known)
        return code

    def count(self, name: str) -> Fraction:
        """A whole number from 0 to COUNT_MAX."""
        number = self._positive(name)
        if number.denominator != 1:
            raise self.refusal(name, "number-not-whole", text=self._text(name))
        if number > COUNT_MAX:
            raise self.refusal(name, "number-too-large", maximum=str(COUNT_MAX))
        return number

    def amount(self, name: str) -> Fraction:
        """A decimal from 0 to AMOUNT_MAX, with at most AMOUNT_PLACES_MAX places."""
        number = self._positive(name)
        if number > AMOUNT_MAX:
            raise self.refusal(name, "number-too-large", maximum=str(AMOUNT_MAX))
        if 10**AMOUNT_PLACES_MAX % number.denominator:
            raise self.refusal(name, "number-too-precise", places=str(AMOUNT_PLACES_MAX))
        return number

    def decimal(self, name: str) -> Fraction:
        """A decimal of either sign, up to NUMBER_MAX and with at most PLACES_MAX places."""
        text = self._text(name)
        try:
            return _decimal(text)
        except Refused as refused:
            raise self.refusal(name, refused.code, **{**refused.details, "text": text}) from refused

    def within(self, name: str, minimum: Fraction | None, maximum: Fraction | None) -> Fraction:
        """A decimal within the bounds that there are."""
        number = self.decimal(name)
        if minimum is not None and number < minimum:
            raise self.refusal(name, "number-too-small", minimum=points.exact(minimum))
        if maximum is not None and number > maximum:
            raise self.refusal(name, "number-too-large", maximum=points.exact(maximum))
        return number

    def refusal(self, name: str, code: str, /, **details: str) -> Refused:
        """A refusal with one flaw: that of the input `name`, or of all of them where it is ""."""
        pointer = f"/inputs/{_escaped(self.prefix + name)}" if name else "/inputs"
        details = {key: text[:TEXT_SHOWN_MAX] for key, text in details.items()}
        return refusal_of([Flaw(pointer, code, {"item": self.item, **details})])

    def _positive(self, name: str) -> Fraction:
        number = self.decimal(name)
        if number.numerator < 0:
            raise self.refusal(name, "number-negative", text=self._text(name))
        return number

    def _text(self, name: str) -> str:
        text = self.inputs.get(self.prefix + name)
        if text is None:
            raise self.refusal(name, "input-missing", name=self.prefix + name)
        return text


@lru_cache(maxsize=DECIMALS_MAX)
def _decimal(text: str) -> Fraction:
    number = points.parse(text)
    if abs(number) > NUMBER_MAX:
        raise Refused("number-too-large", maximum=str(NUMBER_MAX))
    if 10**PLACES_MAX % number.denominator:
        raise Refused("number-too-precise", places=str(PLACES_MAX))
    return number


def all_of(readings: Iterable[Callable[[], _Read]]) -> list[_Read]:
    """Make every reading, and refuse with the flaws of all of them together."""
    read: list[_Read] = []
    flaws: list[Flaw] = []
    for reading in readings:
        try:
            read.append(reading())
        except Refused as refused:
            flaws.extend(refused.flaws)
    if flaws:
        raise refusal_of(flaws)
    return read


def refusal_of(flaws: Sequence[Flaw]) -> Refused:
    """The refusal of an item's inputs, in the words of its first flaw."""
    return Refused(flaws[0].code, flaws=flaws, **flaws[0].details)


def _escaped(name: str) -> str:
    """RFC 6901, section 3: "~" is written "~0" and "/" is written "~1"."""
    return name.replace("~", "~0").replace("/", "~1")
