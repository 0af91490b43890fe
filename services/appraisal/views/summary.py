"""What a sheet comes to: how far the council is, and the gap between claimed and awarded points.

A gap is self-score less awarded points, so that it is positive where the council gave less, and it
counts decided items only. Penalty items count with a minus in every sum.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from shared.kernel import points
from shared.kernel.view import Body

ZERO = Fraction(0)


def summary(items: Iterable[Body], penalties: Collection[str]) -> dict[str, Any]:
    """How many items are decided, pending (proposals among them), and their sums of points."""
    listed = list(items)
    decided = [item for item in listed if item["awarded"] is not None]
    return {
        "items": len(listed),
        "decided": len(decided),
        "pending": len(listed) - len(decided),
        "proposed": sum(item["status"] == "proposed" for item in listed),
        "self": _sum(listed, "self", penalties),
        "awarded": _sum(decided, "awarded", penalties),
        "gap": _sum(decided, "gap", penalties),
    }


def by_criterion(items: Iterable[Body], penalties: Collection[str]) -> list[dict[str, Any]]:
    """The same for each criterion, in the order of the sheet."""
    criteria: dict[str, list[Body]] = {}
    for item in items:
        criteria.setdefault(item["criterion"], []).append(item)
    return [
        {"criterion": criterion, **summary(members, penalties)}
        for criterion, members in criteria.items()
    ]


def _sum(items: Iterable[Mapping[str, Any]], column: str, penalties: Collection[str]) -> str:
    signed = (
        points.parse_exact(item[column]) * (-1 if item["item"] in penalties else 1)
        for item in items
    )
    return points.exact(sum(signed, ZERO))
