"""The table of a tier: from the items of every agency to its areas, its index, rank and grade."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from shared.kernel import points
from shared.kernel.index.ranking import ranked
from shared.kernel.index.result import (
    AgencyResult,
    AreaResult,
    CriterionResult,
    ItemResult,
    Score,
    Status,
    Table,
)
from shared.kernel.index.scoring import Scored, scored
from shared.kernel.index.state import AgencyState
from shared.kernel.scheme import Area, Criterion, Grade, Item, Part, Scheme


def compute(scheme: Scheme, agencies: Iterable[AgencyState]) -> Table:
    """Compute the table of the tier that a scheme is for.

    The order of the agencies, and of anything in their state, changes nothing. It never refuses:
    what the scheme cannot score counts as not declared.
    """
    return rank(
        scheme,
        [
            assess(
                scheme, agency, {code: scored(item, agency) for code, item in scheme.items.items()}
            )
            for agency in agencies
        ],
    )


def rank(scheme: Scheme, rows: Iterable[AgencyResult]) -> Table:
    """Rank what was assessed; so one changed agency costs one assessment, and not all of them."""
    listed = list(rows)
    assert len({row.agency for row in listed}) == len(listed), "an agency has one row"
    return Table(tier=scheme.tier, scheme=scheme.code, rows=ranked(listed, scheme.ties))


def assess(scheme: Scheme, agency: AgencyState, all_scored: Mapping[str, Scored]) -> AgencyResult:
    """Compute the row of one agency from what its items are worth, as yet without its rank."""
    results = {code: all_scored[code].result for code in scheme.items}
    areas = tuple(_area(area, results) for area in scheme.areas)
    tree = _tree(scheme)
    bonus, penalty = _extra(scheme.bonus, results), _extra(scheme.penalty, results)
    total = _total(area.score for area in areas)
    total = Score(total.points + bonus - penalty, total.maximum)
    index = _capped(total.index, scheme.cap)
    return AgencyResult(
        agency=agency.code,
        ranked=agency.ranked,
        claimed=_total(all_scored[item.code].claimed for item in tree),
        appraised=_part("self", tree, results),
        sipas=_part("sipas", tree, results),
        officials=_part("officials", tree, results),
        bonus=bonus,
        penalty=penalty,
        total=total,
        index=index,
        rank=None,
        grade=_grade(index, scheme.grades),
        areas=areas,
        extras=tuple(results[item.code] for item in (*scheme.bonus, *scheme.penalty)),
        pending=_named("pending", results),
        unanswered=_named("unanswered", results),
    )


def _area(area: Area, results: Mapping[str, ItemResult]) -> AreaResult:
    criteria = tuple(_criterion(criterion, results) for criterion in area.criteria)
    return AreaResult(area.code, _total(criterion.score for criterion in criteria), criteria)


def _criterion(criterion: Criterion, results: Mapping[str, ItemResult]) -> CriterionResult:
    items = tuple(results[item.code] for item in criterion.items)
    return CriterionResult(criterion.code, _total(item.score for item in items), items)


def _tree(scheme: Scheme) -> list[Item]:
    return [
        item for area in scheme.areas for criterion in area.criteria for item in criterion.items
    ]


def _part(part: Part, tree: Sequence[Item], results: Mapping[str, ItemResult]) -> Score:
    return _total(results[item.code].score for item in tree if item.part == part)


def _extra(items: Sequence[Item], results: Mapping[str, ItemResult]) -> Fraction:
    return _total(results[item.code].score for item in items).points


def _total(scores: Iterable[Score]) -> Score:
    listed = list(scores)
    if len(listed) == 1:
        return listed[0]
    return Score(
        points=points.total(score.points for score in listed),
        maximum=points.total(score.maximum for score in listed),
    )


def _capped(index: Fraction | None, cap: Fraction | None) -> Fraction | None:
    return index if index is None or cap is None else min(index, cap)


def _grade(index: Fraction | None, grades: Sequence[Grade]) -> str | None:
    """The highest grade whose threshold the index reaches."""
    if index is None:
        return None
    reached = [grade for grade in grades if grade.at_least <= index]
    return max(reached, key=lambda grade: grade.at_least).code if reached else None


def _named(status: Status, results: Mapping[str, ItemResult]) -> tuple[str, ...]:
    return tuple(code for code, result in results.items() if result.status == status)
