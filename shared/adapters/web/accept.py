"""Which form of an answer the caller likes best (RFC 9110, 12.5.1), of those that there are."""

from collections.abc import Sequence
from fractions import Fraction

from shared.adapters.web.language import quality

RANGES_MAX = 20


def preferred(accepted: str | None, offered: Sequence[str]) -> str:
    """The media type liked best; of several liked alike, and where none is, the first offered."""
    liked = _ranges(accepted or "*/*")
    return max(offered, key=lambda media_type: _liking(media_type, liked))


def is_taken(accepted: str, offered: Sequence[str]) -> bool:
    """Whether the caller takes any of them; where none is, 406 may be said (RFC 9110, 15.5.7)."""
    return _liking(preferred(accepted, offered), _ranges(accepted)) > 0


def _ranges(accepted: str) -> Sequence[tuple[str, Fraction]]:
    ranges = [part.partition(";") for part in accepted.split(",")[:RANGES_MAX]]
    return [(name.strip().lower(), quality(parameter)) for name, _, parameter in ranges]


def _liking(media_type: str, liked: Sequence[tuple[str, Fraction]]) -> Fraction:
    """The weight of the most exact range that takes it; nothing where none does."""
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", "*/*"):
        weights = [weight for name, weight in liked if name == wanted]
        if weights:
            return max(weights)
    return Fraction(0)
