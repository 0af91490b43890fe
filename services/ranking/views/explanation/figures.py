"""Workings as they are told, and those of all numbers above the items."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.ranking.views.explanation.known import Known
from shared.kernel.index import AgencyResult, ItemResult, Score
from shared.kernel.index.ranking import column
from shared.kernel.points import exact, shown
from shared.kernel.scheme import Scheme
from shared.kernel.working import Working, summed, written

INDEX = "index"
ROUNDING: Mapping[str, object] = {"places": 2, "how": "half-up"}


def working_body(working: Working) -> dict[str, Any]:
    """A number, what it is computed from, and how."""
    return {
        "value": exact(working.value),
        "shown": shown(working.value),
        "how": working.how,
        "expression": working.expression,
        "of": list(working.of),
    }


def score_workings(how: str, scores: Mapping[str, Score]) -> dict[str, Any]:
    """Points, maximum and percentage of what is added up."""
    points = summed(how, {code: score.points for code, score in scores.items()})
    maximum = summed(how, {code: score.maximum for code, score in scores.items()})
    return {
        "points": working_body(points),
        "maximum": working_body(maximum),
        "percent": percent_working(points.value, maximum.value),
    }


def percent_working(points: Fraction, maximum: Fraction) -> dict[str, Any] | None:
    """The ratio in per cent; None where nothing applies."""
    if not maximum:
        return None
    expression = f"100 * {written(points)} / {written(maximum)}"
    value = 100 * points / maximum
    return working_body(Working("percent", expression, value, ("points", "maximum")))


def row_workings(known: Known, *, sees_others: bool) -> dict[str, Any]:
    """How each number of the row comes to be."""
    row, scheme = known.row, known.scheme
    extras = {result.code: result for result in row.extras}
    return {
        "points": working_body(_total(row)),
        "maximum": working_body(summed("areas", {a.code: a.score.maximum for a in row.areas})),
        INDEX: _index(row, scheme),
        "grade": _grade(row, scheme),
        "rank": _rank(known) if sees_others else None,
        "claimed": _claimed(known),
        "appraised": score_workings("items", _part(known, "self")),
        "sipas": score_workings("items", _part(known, "sipas")),
        "officials": score_workings("items", _part(known, "officials")),
        "bonus": _extra([item.code for item in scheme.bonus], extras),
        "penalty": _extra([item.code for item in scheme.penalty], extras),
    }


def _total(row: AgencyResult) -> Working:
    areas = {area.code: area.score.points for area in row.areas}
    working = summed("areas", areas)
    if not row.extras:
        return working
    expression = f"{working.expression} + {written(row.bonus)} - {written(row.penalty)}"
    of = (*working.of, "bonus", "penalty")
    return Working("areas-and-extras", expression, row.total.points, of)


def _index(row: AgencyResult, scheme: Scheme) -> dict[str, Any] | None:
    if row.index is None:
        return None
    points, maximum = written(row.total.points), written(row.total.maximum)
    how, expression = "percent", f"100 * {points} / {maximum}"
    if scheme.cap is not None:
        how, expression = "percent-capped", f"min({expression}, {written(scheme.cap)})"
    return working_body(Working(how, expression, row.index, ("points", "maximum")))


def _grade(row: AgencyResult, scheme: Scheme) -> dict[str, Any]:
    """The highest grade whose threshold the unrounded index reaches."""
    return {
        "value": row.grade,
        "how": "thresholds",
        "of": [INDEX],
        "thresholds": [
            {"grade": grade.code, "title": grade.title, "at_least": exact(grade.at_least)}
            for grade in scheme.grades
        ],
    }


def _rank(known: Known) -> dict[str, Any]:
    """Everybody with a rank, in order, with the values that are compared, the first one first."""
    ties = known.scheme.ties
    return {
        "value": known.row.rank,
        "how": f"rank-{ties.rule}" if known.row.rank is not None else "unranked",
        "of": [INDEX, *ties.chain],
        "rows": [
            {
                "agency": row.agency,
                "rank": row.rank,
                "values": [exact(row.index), *(exact(column(row, name)) for name in ties.chain)],
            }
            for row in known.table.rows
            if row.rank is not None and row.index is not None
        ],
    }


def _claimed(known: Known) -> dict[str, Any]:
    """An item that nobody could declare adds nothing, and has no place here."""
    claimed = {code: known.scored[code].claimed for code in _tree(known)}
    return score_workings("claims", {code: each for code, each in claimed.items() if each.maximum})


def _part(known: Known, part: str) -> dict[str, Score]:
    return {
        code: known.scored[code].result.score
        for code in _tree(known)
        if known.scheme.items[code].part == part
    }


def _tree(known: Known) -> list[str]:
    extras = {result.code for result in known.row.extras}
    return [code for code in known.scheme.items if code not in extras]


def _extra(codes: list[str], extras: Mapping[str, ItemResult]) -> dict[str, Any]:
    return working_body(summed("items", {code: extras[code].score.points for code in codes}))
