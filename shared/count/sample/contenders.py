"""A sample, from a state and the table that was counted from it."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from shared.count.sample.kinds import answers_of
from shared.count.sample.shape import Answers, Asked, Contender, Sample
from shared.count.state import CycleState
from shared.kernel.index import AgencyResult, Score, Table
from shared.kernel.index.ranking import AREA, column
from shared.kernel.points import total
from shared.kernel.scheme import Item, Scheme, Survey


def sample_of(state: CycleState, table: Table) -> Sample:
    """The sample behind a table."""
    scheme = state.schemes[table.tier]
    places = _places(scheme)
    counted = tuple(_counted_in(scheme, name, places) for name in scheme.ties.chain)
    units = _units(scheme)
    said = answers_of(state, scheme, places, units)
    rows = sorted(table.rows, key=lambda row: row.agency)
    return Sample(
        units=units,
        asked=tuple(_asked(scheme.items[code]) for code in places),
        columns=counted,
        rule=scheme.ties.rule,
        grades=scheme.grades,
        cap=scheme.cap,
        contenders=tuple(
            _contender(row, _columns(scheme, row), counted, _surveyed(row, places), said)
            for row in rows
        ),
    )


def _places(scheme: Scheme) -> Mapping[str, int]:
    """The surveyed items, each with the place that it has among them."""
    surveyed = [code for code, item in scheme.items.items() if isinstance(item.rule, Survey)]
    return {code: place for place, code in enumerate(surveyed)}


def _units(scheme: Scheme) -> int:
    """Of how many units a share consists, so that every option's is a whole number of them."""
    rules = (item.rule for item in scheme.items.values() if isinstance(item.rule, Survey))
    shares = (share for rule in rules for share in rule.shares.values() if share is not None)
    return math.lcm(*(share.denominator for share in shares))


def _asked(item: Item) -> Asked:
    assert isinstance(item.rule, Survey), "only these have a place"
    leaves = item.rule.if_unanswered == "not-applicable"
    return Asked(item.code, item.maximum, item.rule.groups, leaves)


def _counted_in(scheme: Scheme, name: str, places: Mapping[str, int]) -> frozenset[int]:
    """The surveyed items whose points a column of the chain has in it."""
    found = [code for code in places if scheme.items[code].part == name]
    for area in scheme.areas:
        if name == f"{AREA}{area.code}":
            found += [item.code for criterion in area.criteria for item in criterion.items]
    return frozenset(places[code] for code in found if code in places)


def _columns(scheme: Scheme, row: AgencyResult) -> Sequence[Fraction]:
    return [column(row, name) for name in scheme.ties.chain]


def _surveyed(row: AgencyResult, places: Mapping[str, int]) -> Mapping[int, Score]:
    """What the items are worth that answers were counted for, by their places.

    What nobody answered validly stays so however often it is drawn, and what was imported is no
    matter of answers.
    """
    return {
        places[item.code]: item.score
        for area in row.areas
        for criterion in area.criteria
        for item in criterion.items
        if item.status == "surveyed"
    }


def _contender(
    row: AgencyResult,
    columns: Sequence[Fraction],
    counted: Sequence[frozenset[int]],
    surveyed: Mapping[int, Score],
    said: Mapping[str, Sequence[Answers]],
) -> Contender:
    return Contender(
        agency=row.agency,
        ranked=row.ranked,
        points=row.total.points - total(score.points for score in surveyed.values()),
        maximum=row.total.maximum - total(score.maximum for score in surveyed.values()),
        columns=tuple(
            whole - total(surveyed[place].points for place in places & surveyed.keys())
            for whole, places in zip(columns, counted, strict=True)
        ),
        items=tuple(sorted(surveyed)),
        answers=tuple(said.get(row.agency, ())),
    )
