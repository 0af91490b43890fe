"""What a request is made of: strict models, codes, texts and times.

By the time that a model sees it, `json_body` has normalised every text to NFC and has refused
control characters. Models are strict: no number passes for a text, and no text for a number.
"""

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.kernel.code import CODE, CODE_CHARACTERS_MAX
from shared.kernel.scheme_reader import field

LINE_CHARACTERS_MAX = 300
TEXT_CHARACTERS_MAX = 4_000
INSTANT_CHARACTERS_MAX = 40
# Beyond them, a time near the ends of what Python knows has no equal in another zone.
YEAR_FIRST = 1900
YEAR_LAST = 2199

# What splits a line in Unicode, and the tab.
_LINE_ENDS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")

Element = TypeVar("Element")
Time = TypeVar("Time", bound=date)


class Body(BaseModel):
    """The base of every request and reply: no unknown fields, no conversions, no changes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _single_line(text: str) -> str:
    if not _LINE_ENDS.isdisjoint(text):
        raise PydanticCustomError("line-broken", "a line has no line breaks or tabs")
    return _written(text)


def _written(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text-blank", "a text says something")
    return text


def _unix_line_ends(text: str) -> str:
    return _written(text.replace("\r\n", "\n").replace("\r", "\n"))


def _from_text(value: object) -> object:
    if isinstance(value, date):
        return value  # Ours, on its way out; JSON knows no dates.
    if not isinstance(value, str) or len(value) > INSTANT_CHARACTERS_MAX or value[4:5] != "-":
        raise PydanticCustomError("time-malformed", "a time is written as ISO 8601 text")
    return value


def _in_range(day: Time) -> Time:
    if not YEAR_FIRST <= day.year <= YEAR_LAST:
        raise PydanticCustomError("time-out-of-range", "nobody plans for other centuries")
    return day


def _zoned(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise PydanticCustomError("time-zone-missing", "a time says its zone")
    return instant


def no_list(code: str) -> BeforeValidator:
    """For a member that takes one value: a list is refused by a code that says where it goes."""

    def single(value: object) -> object:
        if isinstance(value, list):
            raise PydanticCustomError(code, "one value, and no list")
        return value

    return BeforeValidator(single)


Code = Annotated[str, Field(pattern=rf"^{CODE}$", max_length=CODE_CHARACTERS_MAX)]
"""The name of a cycle, agency, tier, questionnaire or piece of evidence."""

ItemCode = Annotated[
    str, Field(pattern=rf"^{field.CODE.pattern}$", max_length=field.CODE_LENGTH_MAX)
]
"""The code of an item, a criterion or an area, as a scheme may write it."""

Line = Annotated[
    str, Field(min_length=1, max_length=LINE_CHARACTERS_MAX), AfterValidator(_single_line)
]
"""A name or a number of a document: one line."""

Text = Annotated[
    str, Field(min_length=1, max_length=TEXT_CHARACTERS_MAX), AfterValidator(_unix_line_ends)
]
"""What a person writes, in as many lines as it takes."""

Instant = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(_from_text),
    AfterValidator(_in_range),
    AfterValidator(_zoned),
]
"""A time with its zone; JSON has no type for it, so that a strict model needs this one."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_from_text), AfterValidator(_in_range)]
"""A calendar day."""

Many = Annotated[tuple[Element, ...], Field(strict=False)]
"""A JSON array as a tuple, which a strict model would refuse."""
