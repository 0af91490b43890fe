"""The language of an answer: Vietnamese, unless the caller prefers English (RFC 9110, 12.5.4)."""

from collections.abc import Mapping
from fractions import Fraction

from shared.adapters.messages import DEFAULT, Language, sentence

RANGES_MAX = 20
NOT_LIKED = (Fraction(0), True)


def told(code: str, language: Language, **details: str) -> str:
    """What an answer says beside its numbers, by its code."""
    return sentence(code, language, details)


def said_in(language: Language) -> Mapping[str, str]:
    """The headers of an answer in which sentences stand: nobody is to be given another's."""
    return {"Content-Language": language, "Vary": "Accept, Accept-Language"}


def language_of(accepted: str | None) -> Language:
    """The one of our languages that an `Accept-Language` header likes best.

    `*` speaks of each that is not named; of two that are liked alike one that is named is meant.
    """
    named: dict[str, Fraction] = {}
    for part in (accepted or "").split(",")[:RANGES_MAX]:
        language_range, _, parameter = part.partition(";")
        name, weight = language_range.strip().lower().partition("-")[0], quality(parameter)
        named[name] = max(named.get(name, weight), weight)
    others = named.get("*", Fraction(0))
    vietnamese, english = ((named.get(code, others), code in named) for code in ("vi", "en"))
    return "en" if english > max(vietnamese, NOT_LIKED) else DEFAULT


def quality(parameter: str) -> Fraction:
    """The weight of a range, `q=0.8`; 1 where it says none, 0 where that cannot be read."""
    name, separator, value = parameter.strip().partition("=")
    if not separator:
        return Fraction(1)
    weight = value.strip()
    if name.strip().lower() != "q" or not weight.replace(".", "", 1).isdecimal():
        return Fraction(0)
    return Fraction(weight[:5])
