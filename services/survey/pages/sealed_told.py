"""What a page tells sealed.js, as JSON that no browser runs: where things lie, and what is sent."""

from collections.abc import Mapping
from typing import Any

from services.survey.application import About
from services.survey.domain.filled import Filled
from services.survey.pages.sheet import Tongue
from shared.adapters import web

PAUSE_S_MIN, PAUSE_S_MAX = 5, 20
"""Between exchange and ballot: not in the same second, and no longer than people wait."""

SAID = (
    *("preparing", "waiting", "sending", "resumed", "plain", "ended", "spent", "lost", "held"),
    *("lying", "again", "refused"),
)
"""What the script may have to say, of which each is a text `sealed-...`."""


def told_to_form(reader: web.Reader, about: About, *, has_draft: bool) -> Mapping[str, Any]:
    """To the form that was opened with a token."""
    return {**_told(reader, about), "home": reader.path, "hasDraft": has_draft}


def told_to_sealed_form(reader: web.Reader, about: About) -> Mapping[str, Any]:
    """To the form that has no token any more."""
    return _told(reader, about)


def told_to_check(
    reader: web.Reader, about: About, key: str, filled: Filled, tongue: Tongue
) -> Mapping[str, Any]:
    """To the page that sends: by which key, what, and how it says how far it is."""
    cycle, name = about.adopted.cycle, about.adopted.questionnaire
    return {
        **_told(reader, about),
        "base": f"{reader.root}/cycles/{cycle}/questionnaires/{name}",
        "agency": about.agency,
        "key": key,
        "slip": {
            "answers": dict(filled.answers),
            "choices": {code: list(chosen) for code, chosen in filled.choices.items()},
            "comments": dict(filled.comments),
        },
        "pauseS": [PAUSE_S_MIN, PAUSE_S_MAX],
        "texts": {
            "sent-title": tongue.said("sent-title"),
            "over": tongue.said("sealed-over", closes=tongue.until(about.closes)),
            **{name: tongue.said(f"sealed-{name}") for name in SAID},
        },
    }


def until_said(about: About, tongue: Tongue) -> str:
    """Until when it is to be sent, in which way."""
    sealed, closes = tongue.until(about.exchange_ends), tongue.until(about.closes)
    return tongue.said("sealed-until", sealed=sealed, closes=closes)


def sealed_at(root: str, about: About) -> str:
    """Where the form of an agency lies that needs no token."""
    return f"{root}/form/{about.adopted.cycle}/{about.adopted.questionnaire}/sealed/{about.agency}"


def _told(reader: web.Reader, about: About) -> Mapping[str, Any]:
    return {"sealed": sealed_at(reader.root, about)}
