"""The rules of a scheme (cách tính), one reader per type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from shared.kernel import formula, points, scheme
from shared.kernel.errors import Refused
from shared.kernel.rules import NO_TASK
from shared.kernel.scheme_reader.checks import adds_up, descending, distinct, reaches
from shared.kernel.scheme_reader.field import WHOLE, Field, listed, shown

DeclaredType = Literal[
    "choice", "count", "levels", "ratio", "sum", "deduction", "formula", "manual"
]
SurveyPart = Literal["sipas", "officials"]
Unanswered = Literal["missing", "not-applicable"]

DECLARED_TYPES: tuple[DeclaredType, ...] = get_args(DeclaredType)
PARTS: tuple[SurveyPart, ...] = get_args(SurveyPart)
UNANSWERED: tuple[Unanswered, ...] = get_args(Unanswered)

BOUNDS = ("minimum", "maximum")
"""What a measured value may be limited by."""
STAND_IN = scheme.Manual(step=WHOLE)
"""What stands for a rule that could not be read; its scheme is refused anyway."""


@dataclass(frozen=True, slots=True)
class Surveys:
    """What the survey rules of a scheme refer to by name."""

    scales: Mapping[str, Mapping[str, Fraction | None]]
    groups: Mapping[str, str]


def rule(field: Field, maximum: Field, surveys: Surveys) -> scheme.Rule:
    """Reads any rule; `maximum` is what the item gives at most, and what the rule has to reach."""
    if field.at("type").value == "survey":
        return _survey(field, surveys)
    return declared_rule(field, maximum, others=("survey",))


def declared_rule(
    field: Field, maximum: Field, others: tuple[str, ...] = ()
) -> scheme.DeclaredRule:
    """Reads a rule over what an agency declares; `others` are known types that are not read."""
    named = field.at("type")
    if not named.present:
        field.open(["type"], optional=field.keys())
        return STAND_IN
    if named.value == "survey":
        named.flaw("survey-misplaced")
        return STAND_IN
    for known in DECLARED_TYPES:
        if named.value == known:
            return _READERS[known](field, maximum)
    named.flaw("rule-unknown", type=shown(named.value), known=listed((*DECLARED_TYPES, *others)))
    return STAND_IN


def _choice(field: Field, maximum: Field) -> scheme.Choice:
    field.open(["type", "options"])
    options = field.at("options").each(_option)
    fields = field.at("options").children()
    distinct(option.at("code") for option in fields)
    most = maximum.positive()
    if maximum.sound:
        values = [option.at("points") for option in fields]
        for value in values:
            value.at_most(most, "option-exceeds-maximum")
        reaches(field.at("options"), values, most, "options-miss-maximum")
    return scheme.Choice(options)


def _option(field: Field) -> scheme.Option:
    field.open(["code", "title", "points"])
    return scheme.Option(
        code=field.at("code").code(),
        title=field.at("title").text(),
        points=field.at("points").number(),
    )


def _count(field: Field, _maximum: Field) -> scheme.Count:
    field.open(["type", "per_unit", "unit"])
    return scheme.Count(per_unit=field.at("per_unit").positive(), unit=field.at("unit").text())


def _levels(field: Field, _maximum: Field) -> scheme.Levels:
    field.open(["type", "bands"], optional=["unit", *BOUNDS])
    bands = field.at("bands").each(_band)
    fields = field.at("bands").children()
    distinct(band.at("code") for band in fields)
    reaches(field.at("bands"), [band.at("share") for band in fields], WHOLE, "bands-miss-maximum")
    measured = [band.at("at_least") for band in fields if band.at("at_least").present]
    if 0 < len(measured) < len(fields):
        field.at("bands").flaw("bands-mixed")
    descending(measured, "bands-out-of-order")
    minimum, maximum = _bounds(field, measured)
    return scheme.Levels(bands, field.at("unit").text_or_empty(), minimum, maximum)


def _bounds(field: Field, measured: Sequence[Field]) -> Sequence[Fraction | None]:
    """The least and the largest value that is taken; every band can be reached within them."""
    low, high = (field.at(name) for name in BOUNDS)
    for bound in (low, high):
        if bound.present and not measured:
            bound.flaw("bounds-without-value")
    least, most = (bound.number() if bound.present else None for bound in (low, high))
    for each in (low, *measured):
        if high.sound and each.sound:
            each.at_most(high.number())
    for above in measured[-2:-1]:  # What reaches it never comes to the last band.
        if low.sound and above.sound and low.number() >= above.number():
            low.flaw("minimum-misses-band", value=shown(low.value), above=shown(above.value))
    return least, most


def _band(field: Field) -> scheme.Band:
    field.open(["code", "title", "share"], optional=["at_least"])
    at_least = field.at("at_least")
    return scheme.Band(
        code=field.at("code").code(),
        title=field.at("title").text(),
        share=field.at("share").at_most(WHOLE),
        at_least=at_least.number() if at_least.present else None,
    )


def _ratio(field: Field, _maximum: Field) -> scheme.Ratio:
    field.open(["type", "numerator", "denominator"], optional=["floor"])
    return scheme.Ratio(
        numerator=field.at("numerator").text(),
        denominator=field.at("denominator").text(),
        floor=field.at("floor").at_most(WHOLE),
    )


def _sum(field: Field, maximum: Field) -> scheme.Sum:
    field.open(["type", "addends"])
    addends = field.at("addends").each(_addend)
    fields = field.at("addends").children()
    distinct(addend.at("code") for addend in fields)
    for code in (addend.at("code") for addend in fields):
        if code.sound and "." in str(code.value):  # The inputs are called CODE.input.
            code.flaw("addend-code-dotted", value=shown(code.value))
    adds_up(maximum, fields)
    return scheme.Sum(addends)


def _addend(field: Field) -> scheme.Addend:
    field.open(["code", "title", "maximum", "rule"])
    return scheme.Addend(
        code=field.at("code").code(),
        title=field.at("title").text(),
        maximum=field.at("maximum").positive(),
        rule=declared_rule(field.at("rule"), field.at("maximum")),
    )


def _deduction(field: Field, _maximum: Field) -> scheme.Deduction:
    field.open(["type", "per_breach", "breach"])
    return scheme.Deduction(
        per_breach=field.at("per_breach").positive(), breach=field.at("breach").text()
    )


def _formula(field: Field, _maximum: Field) -> scheme.Formula:
    field.open(["type", "text", "inputs"])
    text = field.at("text").text()
    inputs = field.at("inputs").each(Field.text)
    declared = field.at("inputs").children()
    distinct(declared)
    if field.at("text").sound and declared and all(name.sound for name in declared):
        used = _names_used(field.at("text"), text)
        for undeclared in sorted(used.difference(inputs)):
            field.at("text").flaw("formula-input-undeclared", name=shown(undeclared))
        for name in declared:
            if name.value == NO_TASK:
                name.flaw("formula-input-reserved", name=NO_TASK)
            elif field.at("text").sound and name.value not in used:
                name.flaw("formula-input-unused", name=shown(name.value))
    return scheme.Formula(text=text, inputs=inputs)


def _names_used(field: Field, text: str) -> frozenset[str]:
    try:
        return formula.names(formula.parse(text))
    except Refused as refusal:
        reason, found = refusal.details["reason"], shown(refusal.details["found"])
        ends_early = reason == "token-unexpected" and not found
        code = "formula-unfinished" if ends_early else f"formula-{reason}"
        field.flaw(code, position=refusal.details["position"], found=found)
        return frozenset()


def _manual(field: Field, maximum: Field) -> scheme.Manual:
    field.open(["type", "step"])
    step, most = field.at("step").positive(), maximum.positive()
    if field.at("step").sound and maximum.sound and not points.is_multiple(most, step):
        steps = {"step": points.exact(step), "maximum": points.exact(most)}
        field.at("step").flaw("step-misses-maximum", **steps)
    return scheme.Manual(step)


def _survey(field: Field, surveys: Surveys) -> scheme.Survey:
    field.open(["type", "part", "scale", "groups"], optional=["if_unanswered"])
    scale = field.at("scale").known_in(surveys.scales, "scale-unknown")
    groups = field.at("groups").entries()
    return scheme.Survey(
        part=field.at("part").one_of(PARTS, default="sipas"),
        shares=surveys.scales.get(scale, {}),
        groups=tuple(_group(code, weight, surveys) for code, weight in groups.items()),
        if_unanswered=field.at("if_unanswered").one_of(UNANSWERED, default="missing"),
    )


def _group(code: str, weight: Field, surveys: Surveys) -> scheme.Group:
    if code not in surveys.groups:
        weight.flaw("group-unknown", value=shown(code), known=listed(surveys.groups))
    return scheme.Group(code=code, title=surveys.groups.get(code, ""), weight=weight.positive())


_READERS: Mapping[DeclaredType, Callable[[Field, Field], scheme.DeclaredRule]] = {
    "choice": _choice,
    "count": _count,
    "levels": _levels,
    "ratio": _ratio,
    "sum": _sum,
    "deduction": _deduction,
    "formula": _formula,
    "manual": _manual,
}
