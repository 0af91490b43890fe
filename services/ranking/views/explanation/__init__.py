"""An explanation: the document of an agency, opened down to the facts and the sums behind it.

Every number has its working (`shared.kernel.working`) under the same name in `workings`: its exact
value, an expression over exact numbers, and what these belong to. What is said of an item names its
facts, and each fact stands in `facts` with its number, its leaf and its proof.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.ranking.views.explanation.cited import Anchor, Citations, Cited, anchor_body
from services.ranking.views.explanation.figures import ROUNDING, row_workings, score_workings
from services.ranking.views.explanation.items import item_body
from services.ranking.views.explanation.known import Known, known_of
from services.ranking.views.explanation.provenance import provenance_body
from services.ranking.views.explanation.words import HOW
from services.ranking.views.table import Body
from shared.events import codec, submission
from shared.kernel.index import AreaResult, CriterionResult

__all__ = [
    "Anchor",
    "Cited",
    "Known",
    "explanation_body",
    "known_of",
    "provenance_body",
]

Plain = Mapping[str, Any]


def explanation_body(
    known: Known, cited: Sequence[Cited], anchor: Anchor, *, sees_others: bool, with_people: bool
) -> Body:
    """The explanation of a row, or of a part of it.

    Who may not see the other rows yet is told no rank, and who may not see what is not published
    is told of people by their roles.
    """
    citations = Citations(cited)
    written = _written_items(citations, known.adopted)
    items = {
        code: item_body(known, citations, known.scheme.items[code], written.get(code))
        for code in known.scheme.items
        if code in known.codes
    }
    results = zip(known.body["areas"], known.row.areas, strict=True)
    body = {
        **known.body,
        **({} if sees_others else {"rank": None}),
        "scheme_title": known.scheme.title,
        "scheme_source": known.scheme.source,
        "sources": _sources(known, citations),
        "workings": row_workings(known, sees_others=sees_others),
        "areas": [opened for each in results if (opened := _area(*each, items))["criteria"]],
        "extras": _opened(known.body["extras"], items),
        "rounding": dict(ROUNDING),
        "ledger": anchor_body(anchor),
        "facts": citations.told(with_people=with_people),
        "more_facts": known.untold,
    }
    return {**body, "methods": _methods(body)}


def _area(body: Plain, result: AreaResult, items: Mapping[str, Plain]) -> dict[str, Any]:
    criteria = zip(body["criteria"], result.criteria, strict=True)
    return {
        **body,
        "workings": score_workings("criteria", {each.code: each.score for each in result.criteria}),
        "criteria": [opened for each in criteria if (opened := _criterion(*each, items))["items"]],
    }


def _criterion(body: Plain, result: CriterionResult, items: Mapping[str, Plain]) -> dict[str, Any]:
    return {
        **body,
        "workings": score_workings("items", {each.code: each.score for each in result.items}),
        "items": _opened(body["items"], items),
    }


def _opened(bodies: Sequence[Plain], items: Mapping[str, Plain]) -> list[dict[str, Any]]:
    return [{**body, **items[body["code"]]} for body in bodies if body["code"] in items]


def _sources(known: Known, citations: Citations) -> dict[str, Any]:
    """By which facts there is such a scheme and such an agency, and who approved the appraisal."""
    approved = known.said.approved
    return {
        "scheme": citations.reference(known.adopted),
        "agency": citations.reference(known.admitted),
        "approval": citations.reference(approved) if approved else None,
    }


def _written_items(citations: Citations, adopted: str) -> Mapping[str, Plain]:
    """The items of a scheme as they are written in the fact that holds it, by code.

    None are known where that fact stands behind a hole of a damaged ledger, and has no number.
    """
    said = citations.data(adopted)
    if not isinstance(said, submission.SchemeAdopted | submission.SchemeAmended):
        return {}
    scheme: Plain = codec.plain(said.scheme)
    groups = [scheme.get("bonus", ()), scheme.get("penalty", ())]
    for area in scheme["areas"]:
        groups += [each.get("components", (each,)) for each in area["criteria"]]
    return {item["code"]: item for group in groups for item in group}


def _methods(body: Plain) -> dict[str, Plain]:
    """What the codes mean that an explanation uses."""
    used = sorted(set(_codes(body)) & HOW.keys())
    return {code: {"vi": HOW[code][0], "en": HOW[code][1]} for code in used}


def _codes(value: object) -> Iterator[str]:
    match value:
        case dict():
            yield from (value[key] for key in ("how", "fell_by") if isinstance(value.get(key), str))
            for each in value.values():
                yield from _codes(each)
        case list():
            for each in value:
                yield from _codes(each)
        case _:
            pass
