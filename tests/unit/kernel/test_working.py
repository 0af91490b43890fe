"""What is written down beside a number comes to that number, by another arithmetic than ours."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import formula, rules, scheme
from shared.kernel.errors import Refused
from shared.kernel.working import summed, written
from tests.support.sums import value_of
from tests.unit.kernel import samples

YES = scheme.Choice(
    (scheme.Option("yes", "", Fraction(1)), scheme.Option("fine", "", Fraction(-1)))
)
BANDS = scheme.Levels(
    (
        scheme.Band("high", "", Fraction(1), at_least=Fraction(5)),
        scheme.Band("middle", "", Fraction(1, 2), at_least=Fraction(-1)),
    ),
    unit="%",
)
LEVELS = scheme.Levels((scheme.Band("yes", "", Fraction(1, 3), at_least=None),), unit="")
RATIO = scheme.Ratio(numerator="on time", denominator="all", floor=Fraction(1, 2))
FORMULA = scheme.Formula(
    text="if(a > 0 and not b = 0, 1 / a - -b,\n min(a, b, 1.5) * max(a, 0.1))", inputs=("a", "b")
)
RULES: tuple[scheme.DeclaredRule, ...] = (
    YES,
    BANDS,
    LEVELS,
    RATIO,
    FORMULA,
    scheme.Count(per_unit=Fraction(1, 3), unit="regulation"),
    scheme.Deduction(per_breach=Fraction(1, 4), breach="late report"),
    scheme.Manual(step=Fraction(1, 4)),
    scheme.Sum(
        (
            scheme.Addend("plan", "", Fraction(1), YES),
            scheme.Addend("share", "", Fraction(1), RATIO),
            scheme.Addend(
                "more",
                "",
                Fraction(1, 2),
                scheme.Sum((scheme.Addend("formula", "", Fraction(1, 2), FORMULA),)),
            ),
        )
    ),
)
_numbers = st.integers(-3, 9).map(str) | st.integers(-12, 12).map(lambda n: f"{n / 8:.3f}")
_texts = st.sampled_from(["yes", "fine"])


def said(rule: scheme.DeclaredRule, data: st.DataObject) -> Mapping[str, str]:
    """Inputs that often fit the rule."""
    kinds = {"code": _texts, "count": st.integers(0, 12).map(str), "decimal": _numbers}
    return {spec.name: data.draw(kinds[spec.kind]) for spec in rules.inputs_of(rule)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@given(data=st.data())
def test_the_expression_of_an_item_comes_to_its_points(
    rule: scheme.DeclaredRule, data: st.DataObject
) -> None:
    item = samples.item(rule, no_task=data.draw(st.sampled_from([None, "full", "not-applicable"])))
    inputs = data.draw(st.sampled_from([said(rule, data), {"no_task": "yes"}]))
    try:
        evaluation = rules.evaluate(item, inputs)
    except Refused as refusal:
        with pytest.raises(Refused, match=refusal.code):
            rules.working(item, inputs)
        return

    working = rules.working(item, inputs)

    assert value_of(working.expression) == working.value == evaluation.points
    assert formula.evaluate(formula.parse(working.expression), {}) == evaluation.points
    assert working.of == tuple(inputs)


@pytest.mark.parametrize(
    ("rule", "inputs", "how", "expression"),
    [
        (YES, {"option": "yes"}, "choice", "1"),
        (YES, {"option": "fine"}, "choice", "min(max((-1), 0), 2)"),
        (BANDS, {"value": "4.99"}, "levels", "0.5 * 2"),
        (BANDS, {"value": "-2"}, "levels", "0 * 2"),
        (LEVELS, {"level": "yes"}, "levels", "(1/3) * 2"),
        (RATIO, {"numerator": "2", "denominator": "3"}, "ratio", "2 / 3 * 2"),
        (RATIO, {"numerator": "1", "denominator": "3"}, "ratio-below-floor", "0"),
        (RULES[5], {"count": "7"}, "count", "min((1/3) * 7, 2)"),
        (RULES[6], {"breaches": "3"}, "deduction", "max(2 - 0.25 * 3, 0)"),
        (RULES[7], {"points": "1.50"}, "manual", "1.5"),
    ],
)
def test_an_expression_is_what_one_would_write(
    rule: scheme.DeclaredRule, inputs: Mapping[str, str], how: str, expression: str
) -> None:
    working = rules.working(samples.item(rule), inputs)

    assert (working.how, working.expression) == (how, expression)


def test_a_formula_stands_with_its_values() -> None:
    working = rules.working(samples.item(FORMULA), {"a": "2", "b": "-0.5"})

    assert working.expression == (
        "min(max(if(2 > 0 and not (-0.5) = 0, 1 / 2 - -(-0.5),\n"
        " min(2, (-0.5), 1.5) * max(2, 0.1)), 0), 2)"
    )


def test_addends_of_a_smaller_item_are_cut() -> None:
    inputs = {"plan.option": "yes", "share.numerator": "1", "share.denominator": "1"}
    both = scheme.Sum(
        (
            scheme.Addend("plan", "", Fraction(1), YES),
            scheme.Addend("share", "", Fraction(1), RATIO),
        )
    )

    working = rules.working(samples.item(both, maximum="1.5"), inputs)

    assert working.expression == "min((1) + (1 / 1 * 1), 1.5)"
    assert working.value == value_of(working.expression) == Fraction(3, 2)


@given(st.dictionaries(st.text(max_size=3), st.fractions(), max_size=6))
def test_a_sum_names_what_it_adds(parts: Mapping[str, Fraction]) -> None:
    working = summed("areas", parts)

    assert value_of(working.expression) == working.value == sum(parts.values())
    assert working.of == tuple(parts)


@given(st.fractions())
def test_a_written_number_keeps_its_value_in_any_place(value: Fraction) -> None:
    assert value_of(f"1 / 3 - {written(value)} * 2") == Fraction(1, 3) - value * 2
