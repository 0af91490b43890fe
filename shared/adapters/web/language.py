"""The language of an answer: Vietnamese, unless the caller prefers English (RFC 9110, 12.5.4)."""

from fractions import Fraction

from shared.adapters.messages import DEFAULT, Language, sentence

RANGES_MAX = 20


def told(code: str, language: Language, **details: str) -> str:
    """What an answer says beside its numbers, by its code."""
    return sentence(code, language, details)


def language_of(accepted: str | None) -> Language:
    """The one of our languages that an `Accept-Language` header likes best."""
    liked: dict[Language, Fraction] = {"vi": Fraction(0), "en": Fraction(0)}
    for part in (accepted or "").split(",")[:RANGES_MAX]:
        language_range, _, parameter = part.partition(";")
        weight = quality(parameter)
        match language_range.strip().lower().partition("-")[0]:
            case "vi":
                liked["vi"] = max(liked["vi"], weight)
            case "en":
                liked["en"] = max(liked["en"], weight)
            case _:
                pass
    return "en" if liked["en"] > liked["vi"] else DEFAULT


def quality(parameter: str) -> Fraction:
    """The weight of a range, `q=0.8`; 1 where it says none, 0 where that cannot be read."""
    name, separator, value = parameter.strip().partition("=")
    if not separator:
        return Fraction(1)
    weight = value.strip()
    if name.strip().lower() != "q" or not weight.replace(".", "", 1).isdecimal():
        return Fraction(0)
    return Fraction(weight[:5])
