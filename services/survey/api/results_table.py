"""Results as a table (CSV, RFC 4180), a row for each option, as spreadsheets read it.

Everything in it is a code, a number or a reason, so that no cell is taken for a formula.
"""

import csv
import io
from collections.abc import Iterator

from services.survey.api.results_shown import percent
from services.survey.domain import results
from shared.events.submission import Mode
from shared.kernel import points

BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""

UNSAID = "-"

COLUMNS = (
    "agency",
    "service",
    "question",
    "option",
    "count",
    "percent_of_answered",
    "asked",
    "answered",
    "no_opinion",
    "valid",
    "satisfied",
    "satisfied_percent",
    "satisfied_low_percent",
    "satisfied_high_percent",
    "mean_percent",
    "points",
    "maximum",
    "withheld",
    "mode",
)
"""No agency stands for all of them, no service for any, and `-` for those who did not say.

Each row says whether it is of a trial.
"""

EXAMPLE = (
    ",".join(COLUMNS) + "\r\n"
    "so-y-te,,q1,5,40,53.33,75,75,3,72,61,84.72,74.68,91.25,84.72,3.39,4,,production\r\n"
    "so-y-te,ho-tich,q1,,,,,,,,,,,,,,,small-group,production\r\n"
)


def text_of(report: results.Report, mode: Mode | None) -> str:
    """The whole report as text."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    parts = (report.results, report.services, report.overall, report.overall_services)
    for part in parts:
        for row in part:
            table.writerows([*cells, mode or ""] for cells in _rows(row))
    return BYTE_ORDER_MARK + file.getvalue()


def _rows(row: results.Row) -> Iterator[list[str | int]]:
    place = [row.agency, UNSAID if row.service == "" else row.service or "", row.question]
    if isinstance(row, results.Withheld):
        yield [*place, *[""] * (COLUMNS.index("withheld") - len(place)), row.because]
        return
    of_all = [row.asked, row.answered, row.no_opinion, row.valid, *_scored(row), ""]
    for option, count in row.counts.items() or [("", 0)]:
        share = percent(row.shares[option]) if option in row.shares else ""
        yield [*place, option, count, share, *of_all]


def _scored(row: results.Result) -> list[str | int]:
    scored = row.scored
    if scored is None:
        return [""] * 7
    between, maximum = scored.satisfied_between, points.exact(scored.maximum)
    if row.satisfied is None or scored.share is None or between is None or scored.points is None:
        return [0, *[""] * 5, maximum]
    return [
        scored.satisfied,
        percent(row.satisfied),
        percent(between.low),
        percent(between.high),
        percent(scored.share),
        points.shown(scored.points) if row.agency else "",
        maximum,
    ]
