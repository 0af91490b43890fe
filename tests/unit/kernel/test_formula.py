"""Formulas are parsed, checked, bounded and computed exactly, and nothing in them is ever run."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import formula
from shared.kernel.errors import Refused

VALUES: Mapping[str, Fraction] = {
    "late": Fraction(3),
    "done": Fraction(5),
    "planned": Fraction(8),
    "none": Fraction(0),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("8 / 2 / 2", "2"),
        ("8 - 2 - 2", "4"),
        ("-done + -(-2)", "-3"),
        ("2 - -2", "4"),
        ("min(done, late, planned)", "3"),
        ("max(7)", "7"),
        ("done / planned * 2", "1.25"),
        ("if(late > 3, 0, 1)", "1"),
        ("if(late >= 3, 0, 1)", "0"),
        ("if(late = 3 and not done = 3, 1, 0)", "1"),
        ("if(late != 3 or done < 3 or planned <= 8, 1, 0)", "1"),
        ("if(1 = 1 or 1 = 1 and 1 = 2, 1, 0)", "1"),
        ("if((1 = 1 or 1 = 1) and 1 = 2, 1, 0)", "0"),
        ("if(if(late > 0, 1, 2) = 1, 10, 20)", "10"),
        ("\n\t min ( 1 ,2 )\r", "1"),
    ],
)
def test_a_formula_is_computed_exactly(text: str, value: str) -> None:
    assert formula.evaluate(formula.parse(text), VALUES) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "token-unexpected"),
        ("1 +", 4, "token-unexpected"),
        ("1 2", 3, "token-unexpected"),
        ("(1", 3, "token-unexpected"),
        ("1)", 2, "token-unexpected"),
        ("min()", 5, "token-unexpected"),
        ("min + 1", 5, "token-unexpected"),
        ("min(1,)", 7, "token-unexpected"),
        ("a.b", 2, "token-unexpected"),
        ("__import__('os')", 12, "token-unexpected"),
        ("f(1)", 2, "token-unexpected"),
        ("2 ** 3", 4, "token-unexpected"),
        ("điểm", 1, "token-unexpected"),
        ("and", 1, "token-unexpected"),
        ("1..2", 1, "number-malformed"),
        ("2 + " + "9" * 65, 5, "number-malformed"),
        ("1 < 2", 1, "number-expected"),
        ("1 + (1 < 2)", 5, "number-expected"),
        ("1 < 2 < 3", 1, "number-expected"),
        ("if(1, 2, 3)", 4, "condition-expected"),
        ("if(not 1, 2, 3)", 8, "condition-expected"),
        ("if(1 < 2 and 3, 2, 3)", 14, "condition-expected"),
        ("if(1 < 2, 2)", 1, "operands-miscounted"),
        ("if(1 < 2, 2, 3, 4)", 17, "token-unexpected"),
        ("(" * 25 + "1" + ")" * 25, 26, "too-deep"),
        ("-" * 25 + "1", 26, "too-deep"),
        ("1" + "+1" * 150, 301, "too-many-tokens"),
        ("1" + " " * 2_000, 2_001, "too-long"),
    ],
)
def test_a_formula_that_cannot_be_read_is_refused_with_its_place(
    text: str, position: int, reason: str
) -> None:
    with pytest.raises(Refused) as refusal:
        formula.parse(text)

    assert refusal.value.code == "formula-malformed"
    assert refusal.value.details["position"] == str(position)
    assert refusal.value.details["reason"] == reason


def test_a_formula_at_its_limits_is_read() -> None:
    deep = "(" * formula.DEPTH_MAX + "1" + ")" * formula.DEPTH_MAX
    long = "1" + "+1" * (formula.TOKENS_MAX // 2 - 1)

    values = [formula.evaluate(formula.parse(text), {}) for text in (deep, long)]

    assert values == [Fraction(1), Fraction(formula.TOKENS_MAX // 2)]


@given(st.text(max_size=60) | st.text(alphabet="minaxfodrt()+-*/<>=!,. 019_é", max_size=60))
def test_any_text_is_a_formula_or_is_refused(text: str) -> None:
    try:
        asked_for = formula.names(formula.parse(text))
    except Refused:
        return

    assert asked_for.isdisjoint(formula.RESERVED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / none", "formula-division-by-zero"),
        ("1 / (done - 5)", "formula-division-by-zero"),
        ("if(1 / none > 1, 1, 2)", "formula-division-by-zero"),
        ("unheard + 1", "formula-name-unknown"),
        ("*".join(["1000000000"] * 5), "number-too-large"),
        ("1" + "/ 1000000000" * 5, "number-too-large"),
    ],
)
def test_a_value_that_cannot_be_computed_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        formula.evaluate(formula.parse(text), VALUES)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "if(none = 0, 1, done / none)",
        "if(none > 0 and done / none > 1, 0, 1)",
        "if(none = 0 or done / none > 1, 1, 0)",
    ],
)
def test_what_a_condition_does_not_ask_for_is_not_computed(text: str) -> None:
    assert formula.evaluate(formula.parse(text), VALUES) == 1


def test_a_formula_names_its_inputs() -> None:
    tree = formula.parse("if(late > 0, done, 1 - min(done, planned))")

    assert formula.names(tree) == {"late", "done", "planned"}


# An independent computation: each example is a text together with a Python function that uses
# nothing but Fraction's own operators, grown side by side.

Known = tuple[str, Callable[[], Fraction]]


def _number(value: int) -> Known:
    return str(value), lambda: Fraction(value)


def _joined(sign: str, left: Known, right: Known) -> Known:
    compute: Mapping[str, Callable[[], Fraction]] = {
        "+": lambda: left[1]() + right[1](),
        "-": lambda: left[1]() - right[1](),
        "*": lambda: left[1]() * right[1](),
        "/": lambda: left[1]() / right[1](),
    }
    return f"({left[0]} {sign} {right[0]})", compute[sign]


def _chosen(left: Known, right: Known) -> Known:
    text = f"if({left[0]} < {right[0]}, min({left[0]}, 1), max({right[0]}, -{left[0]}))"
    return (
        text,
        lambda: (
            min(left[1](), Fraction(1)) if left[1]() < right[1]() else max(right[1](), -left[1]())
        ),
    )


_numbers = st.integers(min_value=0, max_value=12).map(_number)
_known = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.builds(_joined, st.sampled_from("+-*/"), inner, inner),
        st.builds(_chosen, _numbers, inner),
    ),
    max_leaves=8,
).filter(lambda known: len(re.findall(r"[0-9.]+|[a-z]+|\S", known[0])) <= formula.TOKENS_MAX)


@given(_known)
def test_a_formula_agrees_with_the_arithmetic_of_python(known: Known) -> None:
    text, compute = known
    try:
        expected = compute()
    except ZeroDivisionError:
        with pytest.raises(Refused, match="formula-division-by-zero"):
            formula.evaluate(formula.parse(text), {})
        return

    assert formula.evaluate(formula.parse(text), {}) == expected
