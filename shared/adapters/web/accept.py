"""Which form of an answer the caller likes best (RFC 9110, 12.5.1), of those that there are."""

from collections.abc import Sequence
from fractions import Fraction

from shared.adapters.web.language import quality

RANGES_MAX = 20


def preferred(accepted: str | None, offered: Sequence[str]) -> str:
    """The media type liked best; of several liked alike, and where none is, the first offered."""
    ranges = [part.partition(";") for part in (accepted or "*/*").split(",")[:RANGES_MAX]]
    liked = [(name.strip().lower(), quality(parameter)) for name, _, parameter in ranges]
    return max(offered, key=lambda media_type: _liking(media_type, liked))


def _liking(media_type: str, liked: Sequence[tuple[str, Fraction]]) -> Fraction:
    """The weight of the most exact range that takes it; nothing where none does."""
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", "*/*"):
        weights = [weight for name, weight in liked if name == wanted]
        if weights:
            return max(weights)
    return Fraction(0)
