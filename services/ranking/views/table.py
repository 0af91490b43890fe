"""The documents of a cycle: what it comes to as a whole, and the table of each tier."""

from collections.abc import Mapping
from typing import Any

from services.ranking.views.figure import exact_or_none, score_figures, shown_or_none
from shared.count.ledger import Ledger
from shared.kernel.index import AgencyResult, Table
from shared.kernel.points import exact, shown

Body = Mapping[str, Any]


def cycle_body(ledger: Ledger) -> Body:
    """A cycle as it is listed."""
    state = ledger.replay.state
    return {
        **head(ledger),
        "year": state.opened.year if state.opened else None,
        "withdrawn": state.withdrawn,
        "tiers": [table.tier for table in ledger.count().tables],
        "agencies": len(state.roster),
        "revision": len(state.publications),
    }


def table_body(ledger: Ledger, table: Table) -> Body:
    """The table (bảng xếp hạng) of one tier."""
    scheme = ledger.replay.state.schemes[table.tier]
    return {
        **head(ledger),
        "tier": table.tier,
        "scheme": table.scheme,
        "scheme_title": scheme.title,
        "sample": scheme.sample,
        "tie_rule": scheme.ties.rule,
        "rows": [row_body(ledger, table, row) for row in table.rows],
    }


def head(ledger: Ledger) -> dict[str, Any]:
    """What every reading of ranking says of itself: its standing, and what it was counted from."""
    state = ledger.replay.state
    return {
        **standing(ledger),
        "sample": any(scheme.sample for scheme in state.schemes.values()),
        "counted_to": ledger.replay.size,
        "digest": ledger.count().basis.digest,
    }


def standing(ledger: Ledger) -> dict[str, Any]:
    """Whether a reading is final, and complete.

    `provisional` is false once the council has approved this very table and nothing forbids to
    publish it; `incomplete` names the streams of which facts are missing.
    """
    state, count = ledger.replay.state, ledger.count()
    approved = state.approved is not None and state.approved.digest == count.basis.digest
    return {
        "cycle": state.cycle,
        "mode": state.opened.mode if state.opened else None,
        "provisional": bool(count.hindrances) or not approved,
        "incomplete": [gap.stream for gap in ledger.gaps],
    }


def row_body(ledger: Ledger, table: Table, row: AgencyResult) -> dict[str, Any]:
    """One agency's row."""
    state = ledger.replay.state
    grades = {grade.code: grade.title for grade in state.schemes[table.tier].grades}
    return {
        "agency": row.agency,
        "name": state.roster[row.agency].name,
        "ranked": row.ranked,
        "rank": row.rank,
        "index": exact_or_none(row.index),
        "index_shown": shown_or_none(row.index),
        "grade": row.grade,
        "grade_title": grades.get(row.grade) if row.grade else None,
        **score_figures(row.total),
        "claimed": score_figures(row.claimed),
        "appraised": score_figures(row.appraised),
        "sipas": score_figures(row.sipas),
        "officials": score_figures(row.officials),
        "bonus": exact(row.bonus),
        "bonus_shown": shown(row.bonus),
        "penalty": exact(row.penalty),
        "penalty_shown": shown(row.penalty),
        "pending": list(row.pending),
        "unanswered": list(row.unanswered),
    }
