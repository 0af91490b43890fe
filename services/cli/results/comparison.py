"""What a table published, against what the system computes from its points.

Nothing is corrected here: a difference is told with its size, and what the table does not hold is
named instead of being judged.
"""

from collections.abc import Mapping

from services.cli.results import amounts, grades, order, ranks
from services.cli.results.finding import Computed, Part, RowReport, TierReport


def compare(part: Part, computed: Mapping[str, Computed]) -> TierReport:
    """Compare one tier, every entry of which has been computed."""
    standings = {
        entry.agency: computed[entry.agency].standing
        for entry in part.entries
        if entry.ranked and computed[entry.agency].index is not None
    }
    places = ranks.places(standings)
    missing = order.left_out(part)
    unsure = {
        entry.agency
        for entry in part.entries
        if amounts.maximum_is_not_there(part, entry, computed[entry.agency])
    }
    rule = part.scheme.ties.rule
    rows = [
        RowReport(
            entry,
            row := computed[entry.agency],
            (
                *amounts.of_row(part, entry, row),
                *(
                    order.of_row(entry, row, places, rule, sure=not unsure)
                    if missing is None
                    else ()
                ),
                *(() if entry.agency in unsure else grades.of_row(part, entry, row)),
            ),
        )
        for entry in part.entries
    ]
    rows.sort(key=lambda row: (row.computed.rank is None, row.computed.rank or 0, row.entry.line))
    findings = (
        *amounts.of_tier(part),
        *order.of_tier(part, standings, missing, sure=not unsure),
        *grades.of_tier(part, computed),
    )
    return TierReport(part, tuple(rows), findings)
