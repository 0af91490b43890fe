"""From values to pixels, and how values are written beside an axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)
TICKS_MAX = 5
HALF_SECOND, DAY_S = 0.5, 86_400.0
LONG_MS = 10
"""From here on fractions of a millisecond say nothing."""
MANY = 100
"""From here on a value is written as a whole number."""
UNITS = {"reqps": " /s", "ops": " /s", "percentunit": " %", "short": ""}
"""What stands behind a value, by what Grafana calls its unit; seconds are written as people do."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from 0 to `highest`, laid between two places of the picture."""

    highest: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        part = value / self.highest if self.highest else 0.0
        return round(self.begin + (self.end - self.begin) * part, 1)


def ticks(highest: float) -> Sequence[float]:
    """Round values from 0 on; the last is not below the highest, and few are needed."""
    if highest <= 0:
        return (0.0, 1.0)
    rough = highest / (TICKS_MAX - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in STEPS if s * power >= rough * (1 - 1e-9))
    count = math.ceil(highest / step - 1e-9)
    return tuple(number * step for number in range(count + 1))


def said(value: float, unit: str) -> str:
    """A value in one of Grafana's units."""
    if unit == "s":
        return _seconds(value)
    if unit == "percentunit":
        value *= 100
    return f"{_short(value)}{UNITS[unit]}"


def milliseconds(value: float) -> str:
    """A stretch of time, as it stands beside a span."""
    return f"{value:.0f} ms" if value >= LONG_MS else f"{value:.2g} ms"


def _seconds(value: float) -> str:
    if value >= DAY_S:
        return f"{_short(value / DAY_S)} d"
    if value == 0 or value >= HALF_SECOND:
        return f"{_short(value)} s"
    return f"{_short(value * 1_000)} ms"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= MANY else f"{value:.3g}"
