"""An explanation held against the row that it explains."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from shared.count.table import tables
from shared.events.codec import Stored
from shared.kernel.index import AgencyResult
from tests.support.counted import replayed
from tests.support.sums import added_up, shown, value_of, workings

PARTS = ("self", "sipas", "officials")


def row_of(told: Sequence[Stored], agency: str) -> AgencyResult:
    """The row of an agency by the code that counts."""
    [row] = [
        row for table in tables(replayed(told).state) for row in table.rows if row.agency == agency
    ]
    return row


def assert_it_adds_up(body: Any, row: AgencyResult) -> None:  # noqa: ANN401 - JSON
    """A reader of nothing but the explanation comes to the digits of the table."""
    found = added_up(body)
    assert (found["points"], found["maximum"]) == (row.total.points, row.total.maximum)
    assert found["index_shown"] == (None if row.index is None else shown(row.index))
    assert (found["grade"], found["rank"]) == (row.grade, row.rank)
    assert found["areas"] == [(area.score.points, area.score.maximum) for area in row.areas]
    assert [found[part] for part in PARTS] == [
        row.appraised.points,
        row.sipas.points,
        row.officials.points,
    ]


def assert_every_number_is_its_expression(body: Any) -> None:  # noqa: ANN401 - JSON
    """What stands beside a number comes to it, and is said in words."""
    for working in workings(body):
        assert value_of(working["expression"]) == Fraction(working["value"])
        assert working["shown"] == shown(Fraction(working["value"]))
        assert working["how"] in body["methods"]
