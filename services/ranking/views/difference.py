"""What changed between two places of a ledger: by agency, down to the facts that changed it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from services.ranking.views.figure import exact_or_none, shown_or_none
from shared.count.difference import Change, Difference, Standing
from shared.events import codec
from shared.events.submission import Agency
from shared.kernel.points import exact

METHOD = "one fact after the other, in ledger order"
"""How changes are put down to facts; `shared.count.difference` says why."""

Said = str | int | bool | None | Mapping[str, str]


def difference_body(
    difference: Difference, roster: Mapping[str, Agency], agency: str = ""
) -> dict[str, Any]:
    """The agencies for which something has changed; only one of them where it is named."""
    changed = [agency] if agency else sorted(difference.changes)
    return {
        "from": difference.first,
        "to": difference.last,
        "method": METHOD,
        "agencies": [_agency(difference, code, roster) for code in changed],
    }


def without_others(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same for an agency that may not see how the others stand: only what it changed itself."""
    agencies = [
        {
            **_without_rank(each),
            "changes": [
                {**_without_rank(change), "by": [each["agency"]]}
                for change in each["changes"]
                if change["own"]
            ],
        }
        for each in body["agencies"]
    ]
    return {**body, "agencies": agencies}


def _without_rank(compared: Mapping[str, Any]) -> dict[str, Any]:
    standings = {
        name: compared[name] and {**compared[name], "rank": None} for name in ("before", "after")
    }
    return {**compared, **standings}


def _agency(difference: Difference, agency: str, roster: Mapping[str, Agency]) -> dict[str, Any]:
    before, after = difference.before.get(agency), difference.after.get(agency)
    known = roster.get(agency)
    return {
        "agency": agency,
        "name": known.name if known else None,
        **_from_to(before, after),
        "changes": [_change(agency, each) for each in difference.changes.get(agency, ())],
    }


def _change(agency: str, change: Change) -> dict[str, Any]:
    return {
        "number": change.number,
        **_fact(change.entry),
        "own": agency in change.by,
        "by": list(change.by),
        **_from_to(change.before, change.after),
    }


def _from_to(before: Standing | None, after: Standing | None) -> dict[str, Any]:
    """Where it stood and stands, and by how much that differs; the differences are exact."""
    was, now = (each.index if each else None for each in (before, after))
    index = None if was is None or now is None else now - was
    return {
        "before": _standing(before),
        "after": _standing(after),
        "points": exact(_points(after) - _points(before)),
        "index": exact_or_none(index),
        "index_shown": shown_or_none(index),
    }


def _standing(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "tier": standing.tier,
        "points": exact(standing.points),
        "maximum": exact(standing.maximum),
        "index": exact_or_none(standing.index),
        "index_shown": shown_or_none(standing.index),
        "grade": standing.grade,
        "rank": standing.rank,
    }


def _points(standing: Standing | None) -> Fraction:
    return standing.points if standing else Fraction(0)


def _fact(entry: bytes) -> dict[str, Any]:
    """Who said it, when, and what it says in short; the whole stands in the ledger."""
    try:
        recorded = codec.decode(entry)
    except codec.Unreadable:
        return {"fact": None, "type": None, "at": None, "actor": None, "said": {}}
    return {
        "fact": recorded.id,
        "type": recorded.type,
        "at": recorded.context.at.isoformat(),
        "actor": recorded.context.actor,
        "said": dict(_said(codec.plain(recorded.data))),
    }


def _said(plain: Mapping[str, Any]) -> Iterator[tuple[str, Said]]:
    """Texts and numbers, inputs and sealed reasons; neither lists nor whole schemes."""
    for name, value in plain.items():
        if isinstance(value, Mapping):
            if all(isinstance(each, str) for each in value.values()):
                yield name, value
        elif not isinstance(value, list):
            yield name, value
