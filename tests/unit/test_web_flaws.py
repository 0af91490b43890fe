"""What pydantic says of a body in our words: of what may be of several types, one thing."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from shared.adapters import web


class Pair(web.Body):
    """A text in two languages."""

    vi: str
    second: str


class Said(web.Body):
    """A text in one language or in both."""

    title: Annotated[str, Field(min_length=1)] | Pair


@pytest.mark.parametrize(
    ("title", "flaws"),
    [
        (7, [("/title", "types-wrong", {"expected": "string, object"})]),
        (None, [("/title", "types-wrong", {"expected": "string, object"})]),
        ("", [("/title", "string-too-short", {"minimum": "1"})]),
        ({"vi": "a"}, [("/title/second", "member-missing", {})]),
        ({"vi": 1, "second": "b"}, [("/title/vi", "type-wrong", {"expected": "string"})]),
    ],
)
def test_what_may_be_of_two_types_is_told_by_the_one_that_it_has_or_by_both(
    title: object, flaws: list[tuple[str, str, dict[str, str]]]
) -> None:
    body = {"title": title}

    with pytest.raises(ValidationError) as refused:
        Said.model_validate(body)

    found = web.flaws_of(refused.value, body)
    assert [(flaw.pointer, flaw.code, flaw.details) for flaw in found] == flaws
