"""A counted cycle of which something is supposed, and what its agencies come to."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from shared.count.state import CycleState
from shared.count.table import tables
from shared.count.whatif import Change, supposed
from shared.kernel.index import AgencyResult, Table
from tests.support.counted import replayed
from tests.support.told import whole_cycle

TIER = "department"


def counted() -> CycleState:
    """The small cycle, with everything said, and assessed as it is while it is shown."""
    state = replayed(whole_cycle()).state
    tables(state)
    return state


def known(state: CycleState) -> Mapping[str, object]:
    """What is known of a cycle, and what was assessed; copies, so that they can be compared later.

    How it is kept may change while nothing else does.
    """
    return {
        "schemes": dict(state.schemes),
        "agencies": {code: repr(facts) for code, facts in sorted(state.agencies.items())},
        "answers": {
            name: sorted(repr(each) for each in questionnaire.responses())
            for name, questionnaire in state.questionnaires.items()
        },
        "chosen": {name: repr(each.chosen) for name, each in state.questionnaires.items()},
        "rows": dict(state.rows),
    }


def table_if(state: CycleState, *changes: Change) -> Table:
    """The only table, as it would be."""
    [table] = tables(supposed(state, changes))
    return table


def rows_of(table: Table) -> Mapping[str, AgencyResult]:
    """The rows of a table, by agency."""
    return {row.agency: row for row in table.rows}


def totals(table: Table) -> Mapping[str, tuple[Fraction | int, Fraction | int]]:
    """Points and maximum of every agency."""
    return {row.agency: (row.total.points, row.total.maximum) for row in table.rows}


def ranks(table: Table) -> Sequence[tuple[str, int | None]]:
    """Agencies and their ranks, in the order of the table."""
    return [(row.agency, row.rank) for row in table.rows]
