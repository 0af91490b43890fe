"""The sums of an explanation, done again by means that the system does not have."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

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
