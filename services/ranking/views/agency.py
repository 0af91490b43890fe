"""The document of one agency: every number of its row, down to the facts that it comes from."""

from collections.abc import Sequence
from typing import Any

from services.ranking.views.figure import exact_or_none, score_figures, shown_or_none
from services.ranking.views.table import Body, row_body, standing
from shared.count.ledger import Ledger
from shared.events.envelope import fact_id, split_id
from shared.kernel.index import AgencyResult, AreaResult, CriterionResult, ItemResult, Table
from shared.kernel.prefix import Joined
from shared.kernel.scheme import Area, Criterion, Item


def agency_body(ledger: Ledger, table: Table, row: AgencyResult) -> Body:
    """One agency, with its areas, criteria and items; facts by id or range, and ledger number.

    It stands until the next change, so that it does not say by itself how far it is counted, nor
    name the digest of the whole table: that is said when it is read.
    """
    scheme = ledger.replay.state.schemes[table.tier]
    areas = zip(scheme.areas, row.areas, strict=True)
    extras = zip((*scheme.bonus, *scheme.penalty), row.extras, strict=True)
    return {
        **standing(ledger),
        "tier": table.tier,
        "scheme": table.scheme,
        "sample": scheme.sample,
        **row_body(ledger, table, row),
        "areas": [_area(ledger, area, result) for area, result in areas],
        "extras": [_item(ledger, item, result) for item, result in extras],
    }


def _area(ledger: Ledger, area: Area, result: AreaResult) -> dict[str, Any]:
    criteria = zip(area.criteria, result.criteria, strict=True)
    return {
        "code": area.code,
        "title": area.title,
        **score_figures(result.score),
        "criteria": [_criterion(ledger, criterion, each) for criterion, each in criteria],
    }


def _criterion(ledger: Ledger, criterion: Criterion, result: CriterionResult) -> dict[str, Any]:
    items = zip(criterion.items, result.items, strict=True)
    return {
        "code": criterion.code,
        "title": criterion.title,
        **score_figures(result.score),
        "items": [_item(ledger, item, each) for item, each in items],
    }


def _item(ledger: Ledger, item: Item, result: ItemResult) -> dict[str, Any]:
    return {
        "code": item.code,
        "title": item.title,
        "part": item.part,
        "status": result.status,
        "claimed": exact_or_none(result.claimed),
        "claimed_shown": shown_or_none(result.claimed),
        **score_figures(result.score),
        "absent_groups": list(result.absent_groups),
        "facts": (_facts if item.part == "self" else _ranges)(ledger, result),
    }


def _facts(ledger: Ledger, result: ItemResult) -> list[dict[str, Any]]:
    return [{"id": fact, "number": ledger.replay.number_of(fact)} for fact in result.facts]


def _ranges(ledger: Ledger, result: ItemResult) -> list[dict[str, Any]]:
    """By stream, since the batches of a survey are many: `count` versions from `first` to `last`.

    `numbers` are those of the first and of the last in the ledger.
    """
    told: dict[str, list[Sequence[str]]] = {}
    for part in Joined([result.facts]).parts:
        told.setdefault(split_id(part[0])[0], []).append(part)
    return [_range(ledger, stream, parts) for stream, parts in sorted(told.items())]


def _range(ledger: Ledger, stream: str, parts: Sequence[Sequence[str]]) -> dict[str, Any]:
    first = min(split_id(part[0])[1] for part in parts)
    last = max(split_id(part[-1])[1] for part in parts)
    numbers = [ledger.replay.number_of(fact_id(stream, version)) for version in (first, last)]
    return {
        "stream": stream,
        "first": first,
        "last": last,
        "count": sum(map(len, parts)),
        "numbers": numbers,
    }
