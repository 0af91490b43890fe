"""How the points of an item follow from its rule and its inputs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import assert_never

from shared.kernel import formula, points, scheme
from shared.kernel.rules.evaluation import evaluate
from shared.kernel.rules.inputs import NO_TASK, is_measured
from shared.kernel.working import Working, given, written

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def working(item: scheme.Item, inputs: Mapping[str, str]) -> Working:
    """Write down what `evaluate` computes; refused as it refuses.

    `how` is the type of the rule, or `no-task` or `ratio-below-floor` where these decide.
    """
    evaluation = evaluate(item, inputs)
    assert not isinstance(item.rule, scheme.Survey), "nothing is declared for a survey"
    if not evaluation.applicable or NO_TASK in inputs:
        return given("no-task", evaluation.points, *inputs)
    how, expression = _written(item.rule, _Case(inputs, item.maximum))
    return Working(how, expression, evaluation.points, tuple(inputs))


@dataclass(frozen=True, slots=True)
class _Case:
    """What a rule is applied to; the names of an addend's inputs begin with `prefix`."""

    inputs: Mapping[str, str]
    maximum: Fraction
    prefix: str = ""

    def text(self, name: str) -> str:
        return self.inputs[self.prefix + name]

    def number(self, name: str) -> Fraction:
        return points.parse(self.text(name))

    def of(self, addend: scheme.Addend) -> "_Case":
        prefix = f"{self.prefix}{addend.code}."
        return replace(self, prefix=prefix, maximum=addend.maximum)


def _written(  # noqa: C901 - one case for each rule, and nothing else
    rule: scheme.DeclaredRule, case: _Case
) -> tuple[str, str]:
    match rule:
        case scheme.Ratio():
            return _ratio(rule, case)
        case scheme.Sum():
            return "sum", _sum(rule, case)
        case scheme.Choice():
            return "choice", _choice(rule, case)
        case scheme.Levels():
            return "levels", f"{written(_share(rule, case))} * {written(case.maximum)}"
        case scheme.Count(per_unit):
            return "count", _at_most(f"{written(per_unit)} * {_input(case, 'count')}", case)
        case scheme.Deduction(per_breach):
            taken = f"{written(per_breach)} * {_input(case, 'breaches')}"
            return "deduction", f"max({written(case.maximum)} - {taken}, 0)"
        case scheme.Formula(text):
            return "formula", _at_most(f"max({_with_values(text, case)}, 0)", case)
        case scheme.Manual():
            return "manual", _input(case, "points")
        case _:
            assert_never(rule)


def _input(case: _Case, name: str) -> str:
    return written(case.number(name))


def _at_most(expression: str, case: _Case) -> str:
    return f"min({expression}, {written(case.maximum)})"


def _choice(rule: scheme.Choice, case: _Case) -> str:
    chosen = case.text("option")
    value = next(option.points for option in rule.options if option.code == chosen)
    if 0 <= value <= case.maximum:
        return written(value)
    return _at_most(f"max({written(value)}, 0)", case)


def _share(rule: scheme.Levels, case: _Case) -> Fraction:
    if not is_measured(rule):
        called = case.text("level")
        return next(band.share for band in rule.bands if band.code == called)
    value = case.number("value")
    reached = [band for band in rule.bands if band.at_least is not None and band.at_least <= value]
    best = max(reached, key=lambda band: band.at_least or Fraction(0), default=None)
    return best.share if best else Fraction(0)


def _ratio(rule: scheme.Ratio, case: _Case) -> tuple[str, str]:
    numerator, denominator = case.number("numerator"), case.number("denominator")
    if denominator == 0:
        return "no-task", written(case.maximum)
    if numerator / denominator < rule.floor:
        return "ratio-below-floor", "0"
    return "ratio", f"{written(numerator)} / {written(denominator)} * {written(case.maximum)}"


def _sum(rule: scheme.Sum, case: _Case) -> str:
    written_addends = [_written(each.rule, case.of(each))[1] for each in rule.addends]
    expression = " + ".join(f"({each})" for each in written_addends)
    room = points.total(addend.maximum for addend in rule.addends)
    return expression if room <= case.maximum else _at_most(expression, case)


def _with_values(text: str, case: _Case) -> str:
    """The formula with the value of each input in the place of its name."""
    value: Callable[[re.Match[str]], str] = partial(_value, case)
    return _NAME.sub(value, text)


def _value(case: _Case, match: re.Match[str]) -> str:
    word = match[0]
    return word if word in formula.RESERVED else _input(case, word)
