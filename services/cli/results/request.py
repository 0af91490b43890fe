"""What is asked of the system so that a table becomes a cycle: its opening, and the import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.cli.results.entries import Entry
from shared.kernel.calendar import VIETNAM

Body = Mapping[str, Any]

_PHASES = {"self-scoring": 0, "survey": 0, "appraisal-1": 1, "explanation": 2, "appraisal-2": 3}
"""The hour of the day of the decision in which each phase was over, as the calendar has to say."""


@dataclass(frozen=True, slots=True)
class Act:
    """The decision by which the cycle is on record, and the cycle's year."""

    year: int
    number: str
    on: date


def opening(act: Act, entries: Sequence[Entry], schemes: Mapping[str, Body]) -> Body:
    """The body that opens the cycle; nothing in it is left to be done."""
    midnight = datetime.combine(act.on, time(), VIETNAM)
    agencies = [
        {"code": entry.agency, "name": entry.name, "tier": entry.tier, "ranked": entry.ranked}
        for entry in entries
    ]
    calendar = [
        {
            "name": name,
            "opens": (midnight + timedelta(hours=hour)).isoformat(),
            "closes": (midnight + timedelta(hours=hour + 1)).isoformat(),
        }
        for name, hour in _PHASES.items()
    ]
    return {
        "year": act.year,
        "decision": {"number": act.number, "on": act.on.isoformat()},
        "agencies": agencies,
        "calendar": calendar,
        "schemes": schemes,
    }


def results(source: str, entries: Sequence[Entry]) -> Body:
    """The body that imports the cells of the table, and what was published of whole rows."""
    return {
        "source": source,
        "scores": [
            {"agency": entry.agency, "item": item, "points": points}
            for entry in entries
            for item, points in entry.cells.items()
        ],
        "published": [row for entry in entries if len(row := _row(entry)) > 1],
    }


def _row(entry: Entry) -> Body:
    """The agency, and what is known of its row."""
    published = entry.published
    said = {
        "index": published.index,
        "rank": published.rank,
        "total": published.total,
        "grade": published.grade,
    }
    return {"agency": entry.agency, **{k: v for k, v in said.items() if v is not None}}
