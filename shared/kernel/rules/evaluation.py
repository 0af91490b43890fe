"""The points of an item by its rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Final, assert_never

from shared.kernel import formula, points, scheme
from shared.kernel.errors import Refused
from shared.kernel.rules.inputs import (
    INPUTS_MAX,
    NO_TASK,
    Sheet,
    all_of,
    inputs_of,
    is_measured,
)

FORMULAS_MAX: Final = 1_000
"""How many parsed formulas are remembered."""

_ZERO: Final = Fraction(0)
_PlainRule = (
    scheme.Choice | scheme.Count | scheme.Levels | scheme.Deduction | scheme.Formula | scheme.Manual
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The points by the rule; an item that is not applicable leaves the maximum too.

    `parts` are the points of a sum's addends, by their codes.
    """

    points: Fraction
    applicable: bool = True
    parts: tuple[tuple[str, Fraction], ...] = ()


def evaluate(item: scheme.Item, inputs: Mapping[str, str]) -> Evaluation:
    """Score what an agency declares for an item.

    Refused with every flaw of the inputs, each with its pointer ("/inputs/NAME"), in the words of
    the first of them; as `item-is-surveyed` where there is nothing to declare.
    """
    rule = item.rule
    if isinstance(rule, scheme.Survey):
        raise Refused("item-is-surveyed", item=item.code)
    sheet = Sheet(item=item.code, inputs=inputs)
    if len(inputs) > INPUTS_MAX:
        raise sheet.refusal("", "inputs-too-many", maximum=str(INPUTS_MAX))
    if NO_TASK in inputs:
        return _no_task(item, sheet)
    case = _Case(sheet=sheet, maximum=item.maximum, no_task=item.no_task)
    wanted = {spec.name for spec in inputs_of(rule)}
    strangers = [partial(_stranger, sheet, name) for name in sorted(inputs.keys() - wanted)]
    [evaluation] = all_of([partial(_score, rule, case), *strangers])
    return evaluation


@dataclass(frozen=True, slots=True)
class _Case:
    """What a rule is applied to: an item, or one addend of it."""

    sheet: Sheet
    maximum: Fraction
    no_task: scheme.NoTask | None


def _score(rule: scheme.DeclaredRule, case: _Case) -> Evaluation:
    match rule:
        case scheme.Ratio():
            return _ratio(rule, case)
        case scheme.Sum():
            return _sum(rule, case)
        case _:
            return Evaluation(min(max(_points(rule, case), _ZERO), case.maximum))


def _points(rule: _PlainRule, case: _Case) -> Fraction:
    match rule:
        case scheme.Choice(options):
            code = case.sheet.code("option", [option.code for option in options])
            return next(option.points for option in options if option.code == code)
        case scheme.Count(per_unit):
            return per_unit * case.sheet.count("count")
        case scheme.Levels():
            return _share(rule, case.sheet) * case.maximum
        case scheme.Deduction(per_breach):
            return case.maximum - per_breach * case.sheet.count("breaches")
        case scheme.Formula():
            return _formula(rule, case.sheet)
        case scheme.Manual():
            return _manual(rule, case)
        case _:
            assert_never(rule)


def _share(rule: scheme.Levels, sheet: Sheet) -> Fraction:
    if not is_measured(rule):
        code = sheet.code("level", [band.code for band in rule.bands])
        return next(band.share for band in rule.bands if band.code == code)
    value = sheet.within("value", rule.minimum, rule.maximum)
    reached = [
        (band.at_least, band.share)
        for band in rule.bands
        if band.at_least is not None and band.at_least <= value
    ]
    return max(reached)[1] if reached else _ZERO


def _formula(rule: scheme.Formula, sheet: Sheet) -> Fraction:
    numbers = all_of([partial(sheet.decimal, name) for name in rule.inputs])
    try:
        return formula.evaluate(_parsed(rule.text), dict(zip(rule.inputs, numbers, strict=True)))
    except Refused as refused:
        raise sheet.refusal("", refused.code, **refused.details) from refused


_parsed = lru_cache(maxsize=FORMULAS_MAX)(formula.parse)


def _manual(rule: scheme.Manual, case: _Case) -> Fraction:
    claimed = case.sheet.decimal("points")
    claim = {"points": points.exact(claimed)}
    if claimed < 0:
        raise case.sheet.refusal("points", "points-negative", **claim)
    if claimed > case.maximum:
        maximum = points.exact(case.maximum)
        raise case.sheet.refusal("points", "points-above-maximum", **claim, maximum=maximum)
    if not points.is_multiple(claimed, rule.step):
        step = points.exact(rule.step)
        raise case.sheet.refusal("points", "points-off-step", **claim, step=step)
    return claimed


def _ratio(rule: scheme.Ratio, case: _Case) -> Evaluation:
    sheet = case.sheet
    numerator, denominator = all_of(
        [partial(sheet.amount, "numerator"), partial(sheet.amount, "denominator")]
    )
    if numerator > denominator:
        parts = {"numerator": points.exact(numerator), "denominator": points.exact(denominator)}
        raise sheet.refusal("numerator", "ratio-above-one", **parts)
    if denominator == 0:
        if case.no_task is None:
            raise sheet.refusal("denominator", "ratio-without-denominator")
        return _without_task(case.no_task, case.maximum)
    share = numerator / denominator
    return Evaluation(share * case.maximum if share >= rule.floor else _ZERO)


def _sum(rule: scheme.Sum, case: _Case) -> Evaluation:
    """Add up the addends.

    An addend cannot leave the maximum alone, since the council awards points out of the whole
    item: in a sum 0/0 gives full points or is refused.
    """
    no_task = case.no_task if case.no_task == "full" else None
    evaluations = all_of(
        [
            partial(_score, addend.rule, _Case(case.sheet.of(addend), addend.maximum, no_task))
            for addend in rule.addends
        ]
    )
    parts = [(a.code, e.points) for a, e in zip(rule.addends, evaluations, strict=True)]
    total = sum((part for _, part in parts), _ZERO)
    return Evaluation(min(total, case.maximum), parts=tuple(parts))


def _no_task(item: scheme.Item, sheet: Sheet) -> Evaluation:
    if item.no_task is None:
        raise sheet.refusal(NO_TASK, "no-task-not-allowed")
    sheet.code(NO_TASK, ["yes"])
    if len(sheet.inputs) > 1:
        raise sheet.refusal(NO_TASK, "no-task-not-alone")
    return _without_task(item.no_task, item.maximum)


def _without_task(no_task: scheme.NoTask, maximum: Fraction) -> Evaluation:
    match no_task:
        case "full":
            return Evaluation(maximum)
        case "not-applicable":
            return Evaluation(_ZERO, applicable=False)
        case _:
            assert_never(no_task)


def _stranger(sheet: Sheet, name: str) -> Evaluation:
    raise sheet.refusal(name, "input-unknown", name=name)
