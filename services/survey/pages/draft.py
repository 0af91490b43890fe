"""A draft: what somebody filled in, kept in a cookie of their own browser and nowhere else.

It is sent with requests to its own form only, and read by no script. What does not fit into a
cookie is left out, the longest first: what was written.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.survey.domain.filled import Filled

COOKIE = "draft"
DRAFT_CHARACTERS_MAX = 3_600
"""Browsers keep 4,096 with everything that stands around (RFC 6265, 6.1)."""

KEPT_S_MAX = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in, when that was begun, and in which language."""

    filled: Filled
    begun: str
    language: str


def packed(draft: Draft) -> tuple[str, bool] | None:
    """The value of the cookie, and whether it has everything; None where not even that fits."""
    filled = draft.filled
    short = Draft(Filled(filled.answers, filled.choices), draft.begun, draft.language)
    for each, is_whole in ((draft, True), (short, False)):
        text = _encoded(each)
        if len(text) <= DRAFT_CHARACTERS_MAX:
            return text, is_whole
    return None


def unpacked(text: str) -> Draft | None:
    """What a cookie says; None where it is none that was made here."""
    if not text or len(text) > DRAFT_CHARACTERS_MAX:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _read(told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # Whoever wrote it: the form is empty then, as without it.


def cookie(value: str, path: str, *, secure: bool, lasts_s: float) -> str:
    """The header that sets it for this path, no longer than it `lasts_s`; 0 deletes it."""
    seconds = int(max(0, min(lasts_s, KEPT_S_MAX)))
    # Whatever stands in a path ends no attribute: it is written as a browser asks for it.
    parts = [f"{COOKIE}={value}", f"Path={quote(path)}", f"Max-Age={seconds}"]
    parts += ["HttpOnly", "SameSite=Strict", *(["Secure"] if secure else [])]
    return "; ".join(parts)


def _encoded(draft: Draft) -> str:
    told = {
        "answers": dict(draft.filled.answers),
        "choices": {code: list(chosen) for code, chosen in draft.filled.choices.items()},
        "comments": dict(draft.filled.comments),
        "begun": draft.begun,
        "language": draft.language,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(told: Mapping[str, Any]) -> Draft:
    choices = {_text(code): tuple(map(_text, chosen)) for code, chosen in told["choices"].items()}
    filled = Filled(_texts(told["answers"]), choices, _texts(told["comments"]))
    return Draft(filled, _text(told["begun"]), _text(told["language"]))


def _texts(told: Mapping[Any, Any]) -> Mapping[str, str]:
    return {_text(code): _text(text) for code, text in told.items()}


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError(told)
    told.encode()  # Half of a character is no text: it is refused here, and drawn on no page.
    return told
