"""Results as JSON: counts and points exactly, per cents rounded once, for those who read them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.survey.application import Compared, Reading
from services.survey.domain import results
from shared.adapters import web
from shared.kernel import points

PERCENT_PLACES = 2

NOTES = (
    "points-of-one-group",
    "index-counts-all",
    "margins-of-random-samples",
    "small-group",
    "gives-another-away",
)
"""What a reader has to know of every answer, and why a result is withheld."""

_DETAILS = {"minimum": str(results.PUBLISHED_ANSWERS_MIN)}
_ROW = {
    "agency": "so-y-te",
    "service": None,
    "question": "q1",
    "withheld": None,
    "item": "9.1",
    "counts": {"5": 40, "4": 21, "2": 11, "0": 3},
    "imported": {"Bưu điện tỉnh": {"5": 10}},
    "imported_forms": {"Bưu điện tỉnh": 12},
    "asked": 75,
    "answered": 75,
    "no_opinion": 3,
    "valid": 72,
    "shares": {"5": "53.33", "4": "28.00", "2": "14.67", "0": "4.00"},
    "share": "61/72",
    "scored": {
        "satisfied": 61,
        "satisfied_percent": "84.72",
        "satisfied_between": {"low_percent": "74.68", "high_percent": "91.25", "margin": "10.04"},
        "mean_percent": "84.72",
        "mean_between": {"low_percent": "74.68", "high_percent": "91.25", "margin": "10.04"},
        "maximum": "4",
        "points": "61/18",
    },
}
EXAMPLE: Mapping[str, Any] = {
    "cycle": "2021",
    "questionnaire": "citizens",
    "group": "citizens",
    "mode": "production",
    "closed": True,
    "facts": 12,
    "published_answers_min": results.PUBLISHED_ANSWERS_MIN,
    "notes": {code: web.told(code, "vi", **_DETAILS) for code in NOTES},
    "results": [_ROW],
    "services": [
        {
            "agency": "so-y-te",
            "service": "ho-tich",
            "question": "q1",
            "withheld": "small-group",
        }
    ],
    "overall": [],
    "overall_services": [],
    "areas": [
        {
            "agency": "so-y-te",
            "area": "9",
            "title": "Mức độ hài lòng",
            "questions": ["q1"],
            "valid": 72,
            "satisfied": 61,
            "satisfied_percent": "84.72",
            "points": "61/18",
            "maximum": "4",
        }
    ],
    "comparison": {
        "cycle": "2020",
        "questionnaire": "citizens",
        "facts": 9,
        "agencies_only_now": [],
        "agencies_only_before": ["so-cu"],
        "questions_only_now": [],
        "questions_only_before": [],
        "questions_changed": [],
        "results": [
            {
                "agency": "so-y-te",
                "question": "q1",
                "satisfied": {
                    "before_percent": "70.00",
                    "now_percent": "84.72",
                    "difference": "14.72",
                    "beyond_margins": False,
                },
                "mean": {
                    "before_percent": "70.00",
                    "now_percent": "84.72",
                    "difference": "14.72",
                    "beyond_margins": False,
                },
            }
        ],
    },
}


def shown(found: Compared, language: web.Language) -> dict[str, Any]:
    """A reading, and beside it an earlier one where that was asked for."""
    reading = found.now
    return {
        "cycle": reading.adopted.cycle,
        "questionnaire": reading.adopted.questionnaire,
        "group": reading.adopted.group,
        "mode": reading.mode,
        "closed": reading.closed,
        "facts": reading.version,
        "published_answers_min": results.PUBLISHED_ANSWERS_MIN,
        "notes": {code: web.told(code, language, **_DETAILS) for code in NOTES},
        "results": [_row(row) for row in reading.report.results],
        "services": [_row(row) for row in reading.report.services],
        "overall": [_row(row) for row in reading.report.overall],
        "overall_services": [_row(row) for row in reading.report.overall_services],
        "areas": [_area(area) for area in reading.report.areas],
        "comparison": None if found.before is None else _comparison(*found.before),
    }


def percent(share: Fraction) -> str:
    """A share in per cent, rounded."""
    return points.shown(share * 100, PERCENT_PLACES)


def _row(row: results.Row) -> dict[str, Any]:
    place = {"agency": row.agency or None, "service": row.service, "question": row.question}
    if isinstance(row, results.Withheld):
        return {**place, "withheld": row.because}
    return {
        **place,
        "withheld": None,
        "item": row.item,
        "counts": dict(row.counts),
        "imported": {source: dict(counts) for source, counts in row.imported.items()},
        "imported_forms": dict(row.imported_forms),
        "asked": row.asked,
        "answered": row.answered,
        "no_opinion": row.no_opinion,
        "valid": row.valid,
        "shares": {option: percent(share) for option, share in row.shares.items()},
        "share": None if row.share is None else points.exact(row.share),
        "scored": _scored(row),
    }


def _scored(row: results.Result) -> dict[str, Any] | None:
    scored = row.scored
    if scored is None:
        return None
    given = scored.points if row.agency else None
    return {
        "satisfied": scored.satisfied,
        "satisfied_percent": _percent_or_none(row.satisfied),
        "satisfied_between": _interval(scored.satisfied_between),
        "mean_percent": _percent_or_none(scored.share),
        "mean_between": _interval(scored.share_between),
        "maximum": points.exact(scored.maximum),
        "points": None if given is None else points.exact(given),
    }


def _area(area: results.AreaResult) -> dict[str, Any]:
    return {
        "agency": area.agency,
        "area": area.area,
        "title": area.title,
        "questions": list(area.questions),
        "valid": area.valid,
        "satisfied": area.satisfied,
        "satisfied_percent": percent(Fraction(area.satisfied, area.valid)),
        "points": points.exact(area.points),
        "maximum": points.exact(area.maximum),
    }


def _comparison(before: Reading, comparison: results.Comparison) -> dict[str, Any]:
    return {
        "cycle": before.adopted.cycle,
        "questionnaire": before.adopted.questionnaire,
        "facts": before.version,
        "agencies_only_now": list(comparison.agencies_now),
        "agencies_only_before": list(comparison.agencies_before),
        "questions_only_now": list(comparison.questions_now),
        "questions_only_before": list(comparison.questions_before),
        "questions_changed": list(comparison.questions_changed),
        "results": [
            {
                "agency": each.agency or None,
                "question": each.question,
                "satisfied": _change(each.satisfied),
                "mean": _change(each.share),
            }
            for each in comparison.compared
        ],
    }


def _change(change: results.Change) -> dict[str, Any]:
    return {
        "before_percent": percent(change.before),
        "now_percent": percent(change.now),
        "difference": percent(change.difference),
        "beyond_margins": change.beyond_margins,
    }


def _interval(interval: results.Interval | None) -> Mapping[str, str] | None:
    if interval is None:
        return None
    return {
        "low_percent": percent(interval.low),
        "high_percent": percent(interval.high),
        "margin": percent(interval.margin),
    }


def _percent_or_none(share: Fraction | None) -> str | None:
    return None if share is None else percent(share)
