"""JSON as we take it: strict, normalised to NFC, and written again in one canonical form.

The standard library reads NaN, doubled keys and lone surrogates, and the models behind would see
them; RFC 8259 and I-JSON (RFC 7493) forbid them or warn of them. Whatever stands behind sees
canonical bytes only, so that the digest of a request does not depend on how it was written.
"""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, NoReturn

from shared.adapters.web import flaws
from shared.adapters.web.characters import FORBIDDEN
from shared.adapters.web.problem import Invalid, Malformed
from shared.kernel.errors import Flaw

DEPTH_MAX = 64
MEMBERS_MAX = 1_000
"""Of one object: what is wrong with each member is found out before it is told of the first few."""
ALL_MEMBERS_MAX = 60_000
ALL_MEMBERS_OF_STRANGERS_MAX = 4_000
"""Of all objects of a body together; who has proved nothing has no tables to send."""
INTEGER_CHARACTERS_MAX = 18

KEY_CHARACTERS_MAX = 256
POINTERS_CHARACTERS_MAX = 16 * 1024
"""Flaws are listed up to so much of pointers: an answer stays smaller than what it answers."""


def canonical(body: bytes) -> bytes:
    """The same JSON, normalised, with sorted keys; raises `Malformed` or `Invalid`."""
    return written(read(body))


def written(value: object) -> bytes:
    """A value that was read, in its one canonical form."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def read(body: bytes, members_max: int = ALL_MEMBERS_MAX) -> object:
    """What the JSON says, normalised; raises `Malformed` or `Invalid`."""
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_Objects(members_max).take,
            parse_constant=_not_a_number,
            parse_int=_integer,
            parse_float=_number,
        )
    except UnicodeDecodeError as error:
        raise Malformed("encoding-malformed") from error
    except json.JSONDecodeError as error:
        line, column = str(error.lineno), str(error.colno)
        raise Malformed("json-malformed", line=line, column=column) from error
    except RecursionError as error:
        raise Malformed("json-too-deep", maximum=str(DEPTH_MAX)) from error
    found: list[Flaw] = []
    normal = _normal(value, (), found)
    if found:
        raise Invalid("request-invalid", flaws=found)
    return normal


def _normal(value: object, steps: Sequence[str | int], found: list[Flaw]) -> object:
    if isinstance(value, list | dict) and len(steps) >= DEPTH_MAX:
        raise Malformed("json-too-deep", maximum=str(DEPTH_MAX))
    match value:
        case str():
            if FORBIDDEN.search(value):
                _add(found, Flaw(flaws.pointer(steps), "character-forbidden"))
                return ""
            return unicodedata.normalize("NFC", value)
        case list():
            return [_normal(each, (*steps, place), found) for place, each in enumerate(value)]
        case dict():
            return {key: _normal(each, (*steps, key), found) for key, each in value.items()}
        case _:
            return value


def _add(found: list[Flaw], flaw: Flaw) -> None:
    """List a flaw; raises `Invalid`, where nobody would read any further."""
    found.append(flaw)
    characters = sum(len(each.pointer) for each in found)
    if len(found) == flaws.FLAWS_MAX or characters > POINTERS_CHARACTERS_MAX:
        raise Invalid("request-invalid", flaws=found)


class _Objects:
    """The objects of one body, as they are read."""

    def __init__(self, members_max: int) -> None:
        self._members_max = members_max
        self._members = 0

    def take(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object of these members."""
        self._members += len(pairs)
        for members, maximum in ((len(pairs), MEMBERS_MAX), (self._members, self._members_max)):
            if members > maximum:
                raise Malformed("json-too-wide", maximum=str(maximum))
        normal = {_key(name): value for name, value in pairs}
        if len(normal) < len(pairs):
            raise Malformed("json-key-twice")
        return normal


def _key(name: str) -> str:
    if len(name) > KEY_CHARACTERS_MAX:
        details = {"maximum": str(KEY_CHARACTERS_MAX)}
        raise Invalid("request-invalid", flaws=[Flaw("", "string-too-long", details)])
    if FORBIDDEN.search(name):
        raise Invalid("request-invalid", flaws=[Flaw("", "character-forbidden")])
    return unicodedata.normalize("NFC", name)


def _not_a_number(name: str) -> NoReturn:
    raise Malformed("number-not-finite", number=name)


def _integer(digits: str) -> int:
    if len(digits) > INTEGER_CHARACTERS_MAX:
        raise Malformed("number-too-long", maximum=str(INTEGER_CHARACTERS_MAX))
    return int(digits)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Malformed("number-not-finite", number=text[:INTEGER_CHARACTERS_MAX])
    return number
