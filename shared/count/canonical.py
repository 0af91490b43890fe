"""The canonical table: one text for one result, whoever counts it, wherever and whenever.

It holds codes, points, index, rank and grade only: no names, no times, no ids of facts, no ledger
numbers, because these may differ between two runs of the same cycle. Its SHA-256 is the digest
that publications state and that rebuilds and verifiers compare. The text is JSON in UTF-8, keys
sorted, no spaces, every number as text:

    {"format": "cchc-table.v1", "cycle": "2021", "tiers": [TIER, ...]}             by tier code
    TIER      = {"tier", "scheme", "agencies": [AGENCY, ...]}                      by agency code
    AGENCY    = {"agency", "index", "rank", "grade", "points", "maximum",
                 "claimed", "appraised", "sipas", "officials": SCORE,
                 "bonus", "penalty", "areas": [AREA, ...], "extras": [ITEM, ...]}  in scheme order
    AREA      = {"code", "points", "maximum", "criteria": [CRITERION, ...]}
    CRITERION = {"code", "points", "maximum", "items": [ITEM, ...]}
    ITEM      = {"code", "points", "maximum"}
    SCORE     = {"points", "maximum"}

A number is its whole decimal ("7", "0.25") or, where that does not end, "numerator/denominator" in
lowest terms ("250/3"); `rank` is a decimal without fraction. `index`, `rank` and `grade` are null
where there is none. `points` and `maximum` of an agency are those that its index is the ratio of.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from shared.kernel.index import (
    AgencyResult,
    AreaResult,
    CriterionResult,
    ItemResult,
    Score,
    Table,
)
from shared.kernel.points import exact

FORMAT = "cchc-table.v1"

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(cycle: str, tables: Iterable[Table]) -> bytes:
    """The canonical text of a cycle's tables."""
    by_tier = sorted(tables, key=lambda table: table.tier)
    return _ENCODER.encode(
        {"format": FORMAT, "cycle": cycle, "tiers": [_tier(table) for table in by_tier]}
    )


def digest(text: bytes) -> str:
    """The SHA-256 of a canonical text, in hex."""
    return hashlib.sha256(text).hexdigest()


def _tier(table: Table) -> dict[str, Any]:
    rows = sorted(table.rows, key=lambda row: row.agency)
    return {"tier": table.tier, "scheme": table.scheme, "agencies": [_agency(r) for r in rows]}


def _agency(row: AgencyResult) -> dict[str, Any]:
    return {
        "agency": row.agency,
        "index": None if row.index is None else exact(row.index),
        "rank": None if row.rank is None else str(row.rank),
        "grade": row.grade,
        **_score(row.total),
        "claimed": _score(row.claimed),
        "appraised": _score(row.appraised),
        "sipas": _score(row.sipas),
        "officials": _score(row.officials),
        "bonus": exact(row.bonus),
        "penalty": exact(row.penalty),
        "areas": [_area(area) for area in row.areas],
        "extras": [_item(item) for item in row.extras],
    }


def _area(area: AreaResult) -> dict[str, Any]:
    criteria = [_criterion(criterion) for criterion in area.criteria]
    return {"code": area.code, **_score(area.score), "criteria": criteria}


def _criterion(criterion: CriterionResult) -> dict[str, Any]:
    items = [_item(item) for item in criterion.items]
    return {"code": criterion.code, **_score(criterion.score), "items": items}


def _item(item: ItemResult) -> dict[str, Any]:
    return {"code": item.code, **_score(item.score)}


def _score(score: Score) -> dict[str, str]:
    return {"points": exact(score.points), "maximum": exact(score.maximum)}
