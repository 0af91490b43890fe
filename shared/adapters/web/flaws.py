"""What is wrong with a request, from the words of pydantic into stable codes of our own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.kernel.errors import Flaw

FLAWS_MAX = 100
PARAMETER = "parameter"
"""The detail that names a parameter of the path, the query or a header: it has no pointer."""

# How pydantic says that a key of an object is wrong, rather than what stands there.
_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class SaidMissing:
    """Marks a member of a body, in its `Annotated`: a sentence of its own says that it is missing.

    `code` is that of the sentence.
    """

    code: str


Details = Callable[[Mapping[str, Any]], Mapping[str, str]]


def _none(_: Mapping[str, Any]) -> Mapping[str, str]:
    return {}


def _limit(said: str, name: str) -> Details:
    return lambda context: {name: str(context[said])}


def _one_of(said: str) -> Details:
    """What is allowed, by commas alone: pydantic puts an English `or` before the last of them."""
    return lambda context: {
        "allowed": str(context[said]).replace("'", "").replace(" or ", ", "),
    }


def _is(expected: str) -> Details:
    return lambda _: {"expected": expected}


_WRONG = "type-wrong"
_WRONG_TYPE = {
    "bool_type": "boolean",
    "dict_type": "object",
    "int_type": "integer",
    "list_type": "array",
    "model_attributes_type": "object",
    "model_type": "object",
    "string_type": "string",
    "tuple_type": "array",
}
_CODES: Mapping[str, tuple[str, Details]] = {
    "missing": ("member-missing", _none),
    "extra_forbidden": ("member-unknown", _none),
    "string_too_short": ("string-too-short", _limit("min_length", "minimum")),
    "string_too_long": ("string-too-long", _limit("max_length", "maximum")),
    "string_pattern_mismatch": ("pattern-differs", _limit("pattern", "pattern")),
    "too_short": ("array-too-short", _limit("min_length", "minimum")),
    "too_long": ("array-too-long", _limit("max_length", "maximum")),
    "greater_than": ("number-below", _limit("gt", "bound")),
    "greater_than_equal": ("number-below", _limit("ge", "bound")),
    "less_than": ("number-above", _limit("lt", "bound")),
    "less_than_equal": ("number-above", _limit("le", "bound")),
    "int_from_float": (_WRONG, _is("integer")),
    "int_parsing": (_WRONG, _is("integer")),
    "literal_error": ("value-not-allowed", _one_of("expected")),
    "union_tag_invalid": ("value-not-allowed", _one_of("expected_tags")),
    "date_from_datetime_inexact": ("time-malformed", _none),
    "date_from_datetime_parsing": ("time-malformed", _none),
    "date_parsing": ("time-malformed", _none),
    "datetime_from_date_parsing": ("time-malformed", _none),
    "datetime_parsing": ("time-malformed", _none),
    **{kind: (_WRONG, _is(expected)) for kind, expected in _WRONG_TYPE.items()},
}


def found(errors: Sequence[Any], body: object, model: object = None) -> tuple[Flaw, ...]:
    """The flaws that pydantic lists of a request with this body, the first of very many.

    `model` is what was to be made of the body; its own members say what they are called missing.
    """
    said = _said_missing(model)
    told = [each for each in errors if not _is_long_enough(each)]
    return tuple(_once([_flaw(error, body, said) for error in told[:FLAWS_MAX]]))


def flaws_of(error: ValidationError, body: object) -> tuple[Flaw, ...]:
    """The same of a body that a model of its own has refused."""
    return found([{**each, "loc": ("body", *each["loc"])} for each in error.errors()], body)


def _once(flaws: Sequence[Flaw]) -> Iterator[Flaw]:
    """What may be of several types is told once: how it misses the one that it has, or them all.

    Of something that has a wrong type nothing else is ever wrong, unless it may have another one.
    """
    right = {place for flaw in flaws for place in _above(flaw)}
    right |= {flaw.pointer for flaw in flaws if flaw.code != _WRONG and not _is_parameter(flaw)}
    expected: dict[str, list[str]] = {}
    for flaw in flaws:
        if flaw.code == _WRONG and not _is_parameter(flaw):
            expected.setdefault(flaw.pointer, []).append(flaw.details["expected"])
    for flaw in flaws:
        if flaw.code != _WRONG or _is_parameter(flaw):
            yield flaw
        elif flaw.pointer not in right and (types := expected.pop(flaw.pointer, None)):
            several = {"expected": ", ".join(dict.fromkeys(types))}
            yield flaw if len(types) == 1 else Flaw(flaw.pointer, "types-wrong", several)


def _above(flaw: Flaw) -> Iterator[str]:
    """The places within which a flaw is."""
    place = flaw.pointer
    while place:
        place = place.rpartition("/")[0]
        yield place


def _is_parameter(flaw: Flaw) -> bool:
    return PARAMETER in flaw.details


def _is_long_enough(error: Mapping[str, Any]) -> bool:
    """Whether what was sent is as long as it has to be, and pydantic counts its right parts."""
    sent = error.get("input")
    if error["type"] != "too_short" or not isinstance(sent, list):
        return False
    least: int = error["ctx"]["min_length"]
    return len(sent) >= least


def _said_missing(model: object) -> Mapping[tuple[str, str], str]:
    """The codes of members that say their own, by their places in a request."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {}
    return {
        ("body", name): marker.code
        for name, field in model.model_fields.items()
        for marker in field.metadata
        if isinstance(marker, SaidMissing)
    }


def _flaw(error: Mapping[str, Any], body: object, said: Mapping[tuple[str, str], str]) -> Flaw:
    place, *steps = error["loc"]
    if not steps:
        return Flaw("", _code_of_whole(error))
    code, details_of = _said_of(error)
    if error["type"] == "missing":
        code = said.get(error["loc"], code)
    details = details_of(error.get("ctx", {}))
    if place == "body":
        return Flaw(pointer(_taken(steps, body, error["type"])), code, details)
    return Flaw("", code, {**details, PARAMETER: str(steps[0])})


def _said_of(error: Mapping[str, Any]) -> tuple[str, Details]:
    """The code of an error, and what makes its details; what has hyphens is a code of our own.

    Where a type of texts is narrowed, pydantic measures the text as it does a list.
    """
    kind = error["type"]
    if kind in {"too_short", "too_long"} and isinstance(error["input"], str):
        kind = f"string_{kind}"
    return _CODES.get(kind, (kind if "-" in kind else "value-malformed", _none))


def _taken(steps: Sequence[str | int], body: object, kind: str) -> Sequence[str | int]:
    """The steps that lead through the body.

    Between them pydantic names what it took a value for, one of several models or the key of an
    object. A member that is missing is no step that could be taken, and is named all the same.
    """
    here, taken = body, list[str | int]()
    for step in steps:
        if step != _KEY and isinstance(here, dict | list) and _leads_on(here, step):
            here = here[step]  # type: ignore[index]  # a key of an object, or a place in an array
            taken.append(step)
    return [*taken, steps[-1]] if kind == "missing" else taken


def _leads_on(here: Mapping[str, Any] | Sequence[Any], step: str | int) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(step, int) and step < len(here)


def _code_of_whole(error: Mapping[str, Any]) -> str:
    return "body-missing" if error["type"] == "missing" else "body-not-json"


def pointer(steps: Sequence[str | int]) -> str:
    """RFC 6901: `("items", 0, "a/b")` is written `/items/0/a~1b`."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
