"""The language of an answer: Vietnamese, unless the caller prefers English (RFC 9110, 12.5.4)."""

from fractions import Fraction

from shared.adapters.messages import DEFAULT, Language

RANGES_MAX = 20


def language_of(accepted: str | None) -> Language:
    """The one of our languages that an `Accept-Language` header likes best."""
    liked: dict[Language, Fraction] = {"vi": Fraction(0), "en": Fraction(0)}
    for part in (accepted or "").split(",")[:RANGES_MAX]:
        language_range, _, parameter = part.partition(";")
        quality = _quality(parameter)
        match language_range.strip().lower().partition("-")[0]:
            case "vi":
                liked["vi"] = max(liked["vi"], quality)
            case "en":
                liked["en"] = max(liked["en"], quality)
            case _:
                pass
    return "en" if liked["en"] > liked["vi"] else DEFAULT


def _quality(parameter: str) -> Fraction:
    name, separator, value = parameter.strip().partition("=")
    if not separator:
        return Fraction(1)
    weight = value.strip()
    if name.strip().lower() != "q" or not weight.replace(".", "", 1).isdecimal():
        return Fraction(0)
    return Fraction(weight[:5])
