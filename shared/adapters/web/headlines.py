"""What stands over a problem where people read it as a page: what has become of what they wanted.

The title of the problem itself is for programs, and the same for everything with its status.
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.adapters import messages
from shared.adapters.messages import Language

_OF_CODE: Mapping[str, str] = MappingProxyType(
    {
        "survey-not-open": "headline-early",
        "survey-not-yet-open": "headline-early",
        "form-not-open": "headline-early",
        "survey-closed": "headline-late",
        "form-closed": "headline-late",
        "cycle-withdrawn": "headline-withdrawn",
        "token-spent": "headline-spent",
        "token-unknown": "headline-code",
        "token-of-another-survey": "headline-code",
        "link-full": "headline-link",
        "link-full-today": "headline-link",
        "link-closed": "headline-link",
        "results-not-published": "headline-results",
    }
)
_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {
        400: "headline-unread",
        401: "headline-unsigned",
        403: "headline-kept",
        404: "headline-page",
        405: "headline-page",
        413: "headline-large",
        422: "headline-unread",
        429: "headline-wait",
        431: "headline-large",
        500: "headline-fault",
        503: "headline-wait",
    }
)


def headline(code: str, status: int, language: Language) -> str:
    """What a page says first of a problem with this code and status."""
    said = _OF_CODE.get(code) or _OF_STATUS.get(status, "headline-refused")
    return messages.sentence(said, language, {})
