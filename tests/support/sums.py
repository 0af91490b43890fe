"""The sums of an explanation, done again by means that the system does not have."""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

_SIGNS: Mapping[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type, Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def value_of(expression: str) -> Fraction:
    """What an expression comes to, read by Python's own parser."""
    python = re.sub(r"(?<![<>!=])=(?!=)", "==", expression)
    python = re.sub(r"\bif\(", "_if(", " ".join(python.split()))
    return _value(ast.parse(python, mode="eval").body, python)


def shown(value: Fraction) -> str:
    """Two decimals, half up, by Python's own decimals."""
    digits = Context(prec=200)
    exact = digits.divide(Decimal(value.numerator), Decimal(value.denominator))
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def workings(node: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - plain JSON
    """Every number of an explanation that says how it comes to be."""
    if isinstance(node, dict):
        if "expression" in node:
            yield node
        for each in node.values():
            yield from workings(each)
    if isinstance(node, list):
        for each in node:
            yield from workings(each)


def added_up(explanation: Mapping[str, Any]) -> Mapping[str, object]:
    """The row of an agency, from what is said of its items alone."""
    areas = [_area(area) for area in explanation["areas"]]
    tree = [item for area in explanation["areas"] for item in _items_of(area)]
    extras = {item["code"]: _points(item) for item in explanation["extras"]}
    told = explanation["workings"]
    points = sum((points for points, _ in areas), Fraction(0))
    points += sum(extras[code] for code in told["bonus"]["of"])
    points -= sum(extras[code] for code in told["penalty"]["of"])
    maximum = sum((maximum for _, maximum in areas), Fraction(0))
    index = min(100 * points / maximum, Fraction(100))
    return {
        "areas": areas,
        "points": points,
        "maximum": maximum,
        "index_shown": shown(index),
        "grade": _grade(index, told["grade"]["thresholds"]),
        "rank": _rank(explanation["agency"], told["rank"]["rows"]),
        "self": sum(_points(item) for item in tree if item["part"] == "self"),
        "sipas": sum(_points(item) for item in tree if item["part"] == "sipas"),
        "officials": sum(_points(item) for item in tree if item["part"] == "officials"),
    }


def _area(area: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    points = [_points(item) for item in _items_of(area)]
    maxima = [_maximum(item) for item in _items_of(area)]
    return sum(points, Fraction(0)), sum(maxima, Fraction(0))


def _items_of(area: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for criterion in area["criteria"] for item in criterion["items"]]


def _maximum(item: Mapping[str, Any]) -> Fraction:
    return Fraction(0 if item["status"] == "not-applicable" else item["item_maximum"])


def _points(item: Mapping[str, Any]) -> Fraction:
    """What was decided, where that counts; else what was answered, or declared."""
    if item["status"] == "rejected":
        return Fraction(item["decision"]["awarded"])
    if any(group["withheld"] for group in item["groups"]):
        return Fraction(item["workings"]["points"]["value"])
    if item["groups"]:
        return _answered(item)
    if item["status"] == "imported":
        return max(min(Fraction(item["imported"]["points"]), _maximum(item)), Fraction(0))
    declaration = item["declaration"]
    return value_of(declaration["claimed"]["expression"]) if declaration else Fraction(0)


def _answered(item: Mapping[str, Any]) -> Fraction:
    weighted, weights = Fraction(0), Fraction(0)
    for group in item["groups"]:
        valid = [option for option in group["options"] if option["share"] is not None]
        answers = sum(option["count"] for option in valid)
        if answers:
            worth = sum(Fraction(option["share"]) * option["count"] for option in valid)
            weighted += Fraction(group["weight"]) * worth / answers
            weights += Fraction(group["weight"])
    return Fraction(item["item_maximum"]) * weighted / weights if weights else Fraction(0)


def _grade(index: Fraction, thresholds: Sequence[Mapping[str, str]]) -> str | None:
    reached = [each["grade"] for each in thresholds if Fraction(each["at_least"]) <= index]
    return reached[0] if reached else None


def _rank(agency: str, rows: Sequence[Mapping[str, Any]]) -> int | None:
    """By the rule "competition": one more than those who stand above."""
    standing = {row["agency"]: [Fraction(value) for value in row["values"]] for row in rows}
    if agency not in standing:
        return None
    return 1 + sum(other > standing[agency] for other in standing.values())


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_value(left, text), _value(right, text))
        case ast.Call(func=ast.Name(id="_if"), args=[condition, then, otherwise]):
            return _value(then if _holds(condition, text) else otherwise, text)
        case ast.Call(func=ast.Name(id=("min" | "max") as word), args=parts):
            return (min if word == "min" else max)(_value(part, text) for part in parts)
        case _:
            raise AssertionError(ast.dump(node))


def _holds(node: ast.expr, text: str) -> bool:
    match node:
        case ast.BoolOp(op=word, values=parts):
            return (all if isinstance(word, ast.And) else any)(_holds(part, text) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _holds(operand, text)
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _COMPARISONS[type(sign)](_value(left, text), _value(right, text))
        case _:
            raise AssertionError(ast.dump(node))
