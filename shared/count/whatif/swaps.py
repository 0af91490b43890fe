"""Who changes places between two tables of one tier."""

from collections.abc import Sequence

from shared.kernel.index import Table


def swaps(before: Table, after: Table) -> Sequence[tuple[str, str]]:
    """Pairs of agencies that change places: the first stands above the second now, and stood below.

    Those that are level in one of the tables, and whoever has no rank in one, change places with
    nobody. In the order of the table after.
    """
    stood = {row.agency: row.rank for row in before.rows}
    standing = [(row.agency, row.rank, stood.get(row.agency)) for row in after.rows]
    ranked = [(code, now, once) for code, now, once in standing if now and once]
    return [
        (upper, lower)
        for upper, upper_now, upper_once in ranked
        for lower, lower_now, lower_once in ranked
        if upper_now < lower_now and upper_once > lower_once
    ]
