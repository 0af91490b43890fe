"""One item of one agency: which of the things that were said about it count, and for how much."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, assert_never

from shared.kernel import points, rules, scheme
from shared.kernel.errors import Refused
from shared.kernel.index.result import ItemResult, Score, Status
from shared.kernel.index.state import AgencyState, Decision, Imported, Tally
from shared.kernel.prefix import Joined

_ZERO: Final = Fraction(0)
NOTHING: Final = Score(_ZERO, _ZERO)
"""The score of what does not apply."""


class Scored(NamedTuple):
    """What counts for an item, and its share in the column of what was claimed."""

    result: ItemResult
    claimed: Score


def scored(item: scheme.Item, agency: AgencyState) -> Scored:
    """Decide what an item of an agency is worth.

    The council's decision, where it stands; else the claim, provisionally; else, where nothing was
    ever declared or decided, the points of an imported table; else nothing.
    """
    if not item.applies_to(agency.code):
        return Scored(ItemResult(item.code, "not-applicable", None, NOTHING, ()), NOTHING)
    imported = agency.imported.get(item.code)
    if imported is not None and not _is_spoken_of(item.code, agency):
        return Scored(_imported(item, agency, imported), NOTHING)
    if isinstance(item.rule, scheme.Survey):
        return Scored(_surveyed(item, item.rule, agency.tallies), NOTHING)
    return _self_scored(item, agency)


def _is_spoken_of(item: str, agency: AgencyState) -> bool:
    """Whether the agency or the council said something, which no imported table overrides."""
    return item in agency.declarations or item in agency.decisions


def _imported(item: scheme.Item, agency: AgencyState, imported: Imported) -> ItemResult:
    facts = _facts(item.code, agency)
    if imported.points is None:
        return ItemResult(item.code, "not-applicable", None, NOTHING, facts)
    return ItemResult(item.code, "imported", None, _out_of(item, imported.points), facts)


def _self_scored(item: scheme.Item, agency: AgencyState) -> Scored:
    claim = _claim(item, agency)
    claimed = _claimed(item, claim)
    status, score = _appraised(item, agency, claim)
    points = claim.points if claim else None
    result = ItemResult(item.code, status, points, score, _facts(item.code, agency))
    return Scored(result, claimed)


def _claim(item: scheme.Item, agency: AgencyState) -> rules.Evaluation | None:
    """What the agency claims by the present scheme.

    None where it declared nothing, and where the scheme was amended so that it refuses what was
    declared before.
    """
    declaration = agency.declarations.get(item.code)
    if declaration is None:
        return None
    try:
        return rules.evaluate(item, declaration.inputs)
    except Refused:
        return None


def _claimed(item: scheme.Item, claim: rules.Evaluation | None) -> Score:
    if claim is None:
        return Score(_ZERO, item.maximum)
    return Score(claim.points, item.maximum) if claim.applicable else NOTHING


def _appraised(
    item: scheme.Item, agency: AgencyState, claim: rules.Evaluation | None
) -> tuple[Status, Score]:
    claimed = _claimed(item, claim)
    decision = agency.decisions.get(item.code)
    if decision is None:
        return ("pending" if item.code in agency.declarations else "undeclared"), claimed
    if not (_is_of_the_present(decision, item.code, agency) and _gives(decision, item, claim)):
        return "pending", claimed
    if not decision.recognised:
        return "rejected", Score(decision.awarded, item.maximum)
    if claim is None:
        return "undeclared", claimed
    return "recognised" if claim.applicable else "not-applicable", claimed


def _is_of_the_present(decision: Decision, item: str, agency: AgencyState) -> bool:
    """Whether it speaks of what is declared now and of evidence still attached."""
    declaration = agency.declarations.get(item)
    declared = declaration.fact if declaration else ""
    attached = agency.evidence.get(item, frozenset())
    return decision.declaration == declared and attached.issuperset(decision.evidence)


def _gives(decision: Decision, item: scheme.Item, claim: rules.Evaluation | None) -> bool:
    """Whether the present scheme would give the points that the council had before its eyes.

    So an amendment puts out of force what it changes, and nothing else, whether the amendment or
    the decision is read first.
    """
    if not decision.recognised:
        return 0 <= decision.awarded <= item.maximum
    if claim is None:
        return not decision.declaration and decision.awarded == 0
    return decision.awarded == claim.points


def _surveyed(
    item: scheme.Item, rule: scheme.Survey, tallies: Mapping[tuple[str, str], Tally]
) -> ItemResult:
    """The maximum times the weighted mean of the groups that gave a valid answer."""
    counted = {group.code: tallies.get((item.code, group.code)) for group in rule.groups}
    facts = Joined(tally.facts for tally in counted.values() if tally)
    means = {code: _mean(tally, rule.shares) for code, tally in counted.items()}
    absent = tuple(code for code, mean in means.items() if mean is None)
    present = [
        (group.weight, mean) for group in rule.groups if (mean := means[group.code]) is not None
    ]
    weight = points.total(weight for weight, _ in present)
    if weight == 0:
        return _unanswered(item, rule, facts, absent)
    mean = points.total(weight * mean for weight, mean in present) / weight
    score = Score(item.maximum * mean, item.maximum)
    return ItemResult(item.code, "surveyed", None, score, facts, absent)


def _mean(tally: Tally | None, shares: Mapping[str, Fraction | None]) -> Fraction | None:
    """The mean share of the valid answers; an option without a share is "no opinion" or unknown."""
    counts = tally.counts if tally else {}
    valid = [
        (n, share) for option, n in counts.items() if (share := shares.get(option)) is not None
    ]
    answers = sum(count for count, _ in valid)
    if answers == 0:
        return None
    # One common denominator makes this a sum of integers: a survey has thousands of such terms.
    common = math.lcm(*(share.denominator for _, share in valid))
    units = sum(count * share.numerator * (common // share.denominator) for count, share in valid)
    return Fraction(units, common * answers)


def _unanswered(
    item: scheme.Item, rule: scheme.Survey, facts: Sequence[str], absent: tuple[str, ...]
) -> ItemResult:
    match rule.if_unanswered:
        case "missing":
            score = Score(_ZERO, item.maximum)
            return ItemResult(item.code, "unanswered", None, score, facts, absent)
        case "not-applicable":
            return ItemResult(item.code, "not-applicable", None, NOTHING, facts, absent)
        case _:
            assert_never(rule.if_unanswered)


def _facts(item: str, agency: AgencyState) -> tuple[str, ...]:
    """Every fact that speaks of a self-scored item, those included that no longer count."""
    declaration = agency.declarations.get(item)
    decision = agency.decisions.get(item)
    imported = agency.imported.get(item)
    return (
        *((declaration.fact,) if declaration else ()),
        *sorted(agency.evidence.get(item, ())),
        *((decision.fact,) if decision else ()),
        *((imported.fact,) if imported else ()),
    )


def _out_of(item: scheme.Item, points: Fraction) -> Score:
    """Points of another table; an amendment may have lowered the maximum since."""
    return Score(min(max(points, _ZERO), item.maximum), item.maximum)
