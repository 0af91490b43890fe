"""What an HTML form sends: `application/x-www-form-urlencoded`, read within limits.

There is no session that another site could ride on, so that a form needs no secret against that
(CSRF): whoever can make a request has the token of an invitation, and needs no browser for it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from shared.adapters.web.characters import FORBIDDEN
from shared.adapters.web.problem import Malformed, TooLarge, answer_in

MEDIA_TYPE = "application/x-www-form-urlencoded"
FIELDS_MAX = 2_000
VALUE_CHARACTERS_MAX = 20_000


class Fields:
    """The fields of a form, each with what was filled in, normalised to NFC."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        """What stands in a field, or nothing; of several the last, as a browser shows it."""
        return self._values.get(name, [""])[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """Everything that was chosen under a name."""
        return tuple(self._values.get(name, ()))

    def pairs(self) -> Sequence[tuple[str, str]]:
        """All of them, as they came."""
        return self._pairs


def read(body: bytes, headers: Mapping[str, str]) -> Fields:
    """The fields of a body; raises `Malformed` or `TooLarge`."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Malformed("form-expected")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except UnicodeDecodeError as error:
        raise Malformed("encoding-malformed") from error
    except ValueError as error:
        raise TooLarge("form-too-large", maximum=str(FIELDS_MAX)) from error
    return Fields([(name, _normal(value)) for name, value in pairs])


def _normal(value: str) -> str:
    if len(value) > VALUE_CHARACTERS_MAX:
        raise TooLarge("string-too-long", maximum=str(VALUE_CHARACTERS_MAX))
    if FORBIDDEN.search(value):
        raise Malformed("character-forbidden")
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


async def _form(request: Request) -> Fields:
    fields = read(await request.body(), request.headers)
    if wanted := fields.one("language"):
        answer_in(request.scope, wanted)
    return fields


Form = Annotated[Fields, Depends(_form)]
