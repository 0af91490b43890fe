"""Tables that nobody has decided on, beside the one that counts: suppositions and rank ranges."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from services.ranking.views.figure import exact_or_none, score_figures, shown_or_none
from services.ranking.views.method import METHOD
from services.ranking.views.table import Body
from shared.count.sample import (
    Certainty,
    Contender,
    Drawing,
    Rounds,
    Sample,
    certainties,
    groups,
)
from shared.count.sample.certainty import LEVEL
from shared.count.state import CycleState
from shared.count.whatif import swaps
from shared.kernel.index import AgencyResult, Table
from shared.kernel.points import exact
from shared.kernel.scheme import Scheme


def what_if_body(head: Body, changed: CycleState, pairs: Sequence[tuple[Table, Table]]) -> Body:
    """Tables as they would be, each beside the one that counts; `head` is what that one says."""
    return {**head, "tiers": [_supposed_tier(changed, was, would_be) for was, would_be in pairs]}


def ranges_body(
    head: Body,
    state: CycleState,
    table: Table,
    sample: Sample,
    drawing: Drawing,
    rounds: Rounds,
) -> Body:
    """The ranks of a table, and how far each of them hangs on who was asked."""
    scheme, certain = state.schemes[table.tier], certainties(rounds)
    contenders = {each.agency: each for each in sample.contenders}
    order = [row.agency for row in table.rows if row.rank is not None]
    return {
        **head,
        "tier": table.tier,
        "scheme": table.scheme,
        "scheme_title": scheme.title,
        "sample": scheme.sample,
        "seed": drawing.seed,
        "rounds": drawing.rounds,
        "level": exact(LEVEL),
        "generator": rounds.generator,
        "method": dict(METHOD),
        "rows": [
            {
                **_named(state, row),
                **_place(scheme, row),
                **_certainty(certain[row.agency]),
                "responses": _answers(contenders[row.agency], whole=True),
                "certified_answers": _answers(contenders[row.agency], whole=False),
            }
            for row in table.rows
        ],
        "groups": [list(group) for group in groups(order, certain)],
    }


# --- What if


def _supposed_tier(changed: CycleState, was: Table, would_be: Table) -> dict[str, Any]:
    scheme = changed.schemes[would_be.tier]
    before = {row.agency: row for row in was.rows}
    return {
        "tier": would_be.tier,
        "scheme": would_be.scheme,
        "scheme_title": scheme.title,
        "maximum": exact(scheme.maximum),
        "tie_rule": scheme.ties.rule,
        "tie_chain": list(scheme.ties.chain),
        "rows": [_compared(changed, scheme, before[row.agency], row) for row in would_be.rows],
        "swaps": [{"above": above, "below": below} for above, below in swaps(was, would_be)],
    }


def _compared(
    changed: CycleState, scheme: Scheme, was: AgencyResult, would_be: AgencyResult
) -> dict[str, Any]:
    change = _difference(was.index, would_be.index)
    return {
        **_named(changed, would_be),
        "official": {**_place(scheme, was), **score_figures(was.total)},
        "supposed": {**_place(scheme, would_be), **score_figures(would_be.total)},
        "index_change": exact_or_none(change),
        "index_change_shown": shown_or_none(change),
        "places_gained": was.rank - would_be.rank if was.rank and would_be.rank else None,
    }


def _difference(was: Fraction | None, would_be: Fraction | None) -> Fraction | None:
    return None if was is None or would_be is None else would_be - was


# --- Both


def _named(state: CycleState, row: AgencyResult) -> dict[str, Any]:
    return {"agency": row.agency, "name": state.roster[row.agency].name, "ranked": row.ranked}


def _place(scheme: Scheme, row: AgencyResult) -> dict[str, Any]:
    titles = {grade.code: grade.title for grade in scheme.grades}
    return {
        "rank": row.rank,
        "index": exact_or_none(row.index),
        "index_shown": shown_or_none(row.index),
        "grade": row.grade,
        "grade_title": titles.get(row.grade) if row.grade else None,
    }


# --- Rank ranges


def _certainty(certain: Certainty) -> dict[str, Any]:
    return {
        "rank_low": certain.low,
        "rank_high": certain.high,
        "top_three": exact_or_none(certain.top),
        "grades": [
            {"grade": grade or None, "share": exact(share)}
            for grade, share in certain.grades.items()
        ],
        "level_with": list(certain.level_with),
    }


def _answers(contender: Contender, *, whole: bool) -> int:
    return sum(each.count for each in contender.answers if each.whole == whole)
