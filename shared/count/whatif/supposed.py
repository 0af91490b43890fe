"""A count with changes laid over it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, assert_never

from shared.count.state import AgencyFacts, CycleState
from shared.count.table import scores
from shared.count.whatif.changes import BreakTiesBy, Change, DecideOtherwise, LeaveOut, Weigh
from shared.count.whatif.checks import check
from shared.count.whatif.parts import items_of, parts_of
from shared.kernel import rules
from shared.kernel.errors import Refused
from shared.kernel.index import AgencyState, Decision, Score, Scored, assess
from shared.kernel.points import total
from shared.kernel.scheme import Area, Criterion, Item, Scheme, Ties

NOTHING: Final = Fraction(0)
ALL_OF_IT: Final = Fraction(1)

Weights = Mapping[str, Fraction]
"""What items are multiplied by, by their codes; those that are not named stay as they are."""


def supposed(state: CycleState, changes: Sequence[Change]) -> CycleState:
    """The state as it would be, for `tables`, and for nothing else; the given one stays as it is.

    Where items have other weights, its rows are assessed already, and its scheme has their maxima
    to be shown and ranked by: the rules in it still speak of the points that they have.

    Raises:
        Refused: `changes-refused`, with a flaw for each change that cannot be supposed.
    """
    check(state, changes)
    changed = state.fork()
    for change in changes:
        if isinstance(change, DecideOtherwise):
            _decide(changed, change)
        elif isinstance(change, BreakTiesBy):
            scheme = changed.schemes[change.tier]
            ties = Ties(chain=change.chain, rule=change.rule)
            changed.schemes[change.tier] = replace(scheme, ties=ties)
    for tier, weights in _weights(state, changes).items():
        _weigh(changed, tier, weights)
    return changed


# --- Other decisions


def _decide(changed: CycleState, change: DecideOtherwise) -> None:
    """Put another decision in the place of the present one: on what is declared now."""
    tier = changed.roster[change.agency].tier
    facts = changed.agency(change.agency, change.item)
    decision = _decision(changed.schemes[tier].items[change.item], facts, change)
    facts.decisions.pop(change.item, None)
    if decision is not None:
        facts.decisions[change.item] = decision


def _decision(item: Item, facts: AgencyFacts, change: DecideOtherwise) -> Decision | None:
    declaration = facts.declarations.get(item.code)
    declared = declaration.fact if declaration else ""
    match change.outcome:
        case "undecided":
            return None
        case "recognised":
            claimed = _claimed(item, declaration.inputs) if declaration else NOTHING
            return Decision(claimed, recognised=True, declaration=declared, evidence=(), fact="")
        case Fraction() as awarded:
            return Decision(awarded, recognised=False, declaration=declared, evidence=(), fact="")
        case _:
            assert_never(change.outcome)


def _claimed(item: Item, inputs: Mapping[str, str]) -> Fraction:
    """What the scheme gives for what was declared; nothing where it cannot be scored any more."""
    try:
        return rules.evaluate(item, inputs).points
    except Refused:
        return NOTHING


# --- Other weights


def _weights(state: CycleState, changes: Sequence[Change]) -> Mapping[str, Weights]:
    """By tier, the factors of the items whose weight is changed."""
    weights: dict[str, dict[str, Fraction]] = {}
    for change in changes:
        if isinstance(change, Weigh | LeaveOut):
            part = parts_of(state.schemes[change.tier])[change.part]
            factor = change.maximum / part.maximum if isinstance(change, Weigh) else NOTHING
            of_tier = weights.setdefault(change.tier, {})
            of_tier.update({item.code: factor for item in items_of(part)})
    return weights


def _weigh(changed: CycleState, tier: str, weights: Weights) -> None:
    scheme = changed.schemes[tier]
    weighed = _weighed_scheme(scheme, weights)
    agencies = [agency for agency in changed.roster.values() if agency.tier == tier]
    for agency in agencies:
        of_agency = AgencyState(code=agency.code, ranked=agency.ranked)
        worth = {
            code: _weighed(each, weights.get(code, ALL_OF_IT))
            for code, each in scores(changed, agency).items()
        }
        changed.rows[agency.code] = assess(weighed, of_agency, worth)
    changed.schemes[tier] = weighed


def _weighed(scored: Scored, factor: Fraction) -> Scored:
    result, claimed = scored.result, scored.result.claimed
    weighed = replace(
        result,
        status=result.status if factor else "not-applicable",
        claimed=None if claimed is None else claimed * factor,
        score=_times(result.score, factor),
    )
    return Scored(weighed, _times(scored.claimed, factor))


def _times(score: Score, factor: Fraction) -> Score:
    return Score(score.points * factor, score.maximum * factor)


def _weighed_scheme(scheme: Scheme, weights: Weights) -> Scheme:
    areas = tuple(_weighed_area(area, weights) for area in scheme.areas)
    return replace(
        scheme,
        maximum=total(area.maximum for area in areas),
        areas=areas,
        bonus=tuple(_weighed_item(item, weights) for item in scheme.bonus),
        penalty=tuple(_weighed_item(item, weights) for item in scheme.penalty),
    )


def _weighed_area(area: Area, weights: Weights) -> Area:
    criteria = tuple(_weighed_criterion(criterion, weights) for criterion in area.criteria)
    maximum = total(criterion.maximum for criterion in criteria)
    return replace(area, maximum=maximum, criteria=criteria)


def _weighed_criterion(criterion: Criterion, weights: Weights) -> Criterion:
    items = tuple(_weighed_item(item, weights) for item in criterion.items)
    return replace(criterion, maximum=total(item.maximum for item in items), items=items)


def _weighed_item(item: Item, weights: Weights) -> Item:
    return replace(item, maximum=item.maximum * weights.get(item.code, ALL_OF_IT))
