"""Numbers as documents hold them: whole, and as they are shown."""

from fractions import Fraction

from shared.kernel.index import Score
from shared.kernel.points import exact, shown

Figures = dict[str, str | None]


def score_figures(score: Score) -> Figures:
    """Points out of a maximum, and their ratio in per cent."""
    return {
        "points": exact(score.points),
        "maximum": exact(score.maximum),
        "points_shown": shown(score.points),
        "percent_shown": shown_or_none(score.index),
    }


def exact_or_none(value: Fraction | None) -> str | None:
    """A number whole, where there is one."""
    return None if value is None else exact(value)


def shown_or_none(value: Fraction | None) -> str | None:
    """A number with two decimals, where there is one."""
    return None if value is None else shown(value)
