"""An agency's appraisal sheet (phiếu thẩm định): each item with what was claimed and decided.

Texts are sealed in it; whoever reads it opens them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.appraisal.views.plain import plain
from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.events.submission import LockedItem
from shared.kernel import points
from shared.kernel.view import Body, View

ZERO = "0"
UNDECIDED: Mapping[str, Any] = {
    "status": "pending",
    "round": None,
    "awarded": None,
    "gap": None,
    "seen": [],
    "because": None,
    "legal_basis": "",
    "by": None,
    "at": None,
}
"""What an item says of its decision while it has none."""


def _keys(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.CriterionAssigned():
            return ()
        case fact:
            return (f"{fact.cycle}/{fact.agency}",)


def _apply(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    match recorded.data:
        case events.AppraisalOpened() as fact:
            return _opened(fact, recorded)
        case events.AppraisalApproved() as fact:
            return _approve(body or {}, fact, recorded)
        case events.ActionProposed() | events.ActionSeconded() as fact:
            return _act(body or {}, fact, recorded)
        case events.ReappraisalDue() as fact:
            withdrawn = {**(body or {}), "approved": None}
            return _put(_void(withdrawn, fact.item.item), _due(fact, withdrawn, recorded))
        case events.ScoreRecognised() | events.ScoreRejected() as fact:
            return _decide(body or {}, fact, recorded)
        case events.ExplanationRequested() as fact:
            return _ask(body or {}, fact, recorded)
        case _:
            return body


def _opened(fact: events.AppraisalOpened, recorded: Recorded) -> Body:
    return {
        "cycle": fact.cycle,
        "agency": fact.agency,
        "tier": fact.tier,
        "submission": fact.submission,
        "approved": None,
        "items": [_given(given, recorded) for given in fact.items],
        "proposals": [],
    }


def _given(given: LockedItem, recorded: Recorded) -> dict[str, Any]:
    return {
        "item": given.item,
        "criterion": given.criterion,
        "maximum": given.maximum,
        "self": given.points or ZERO,
        "declaration": given.declaration,
        "evidence": list(given.evidence),
        "explanation": given.explanation,
        "version": recorded.version,
        "due": None,
        "proposal": None,
        "request": None,
        **UNDECIDED,
    }


def _due(fact: events.ReappraisalDue, body: Body, recorded: Recorded) -> dict[str, Any]:
    known = next((item for item in body["items"] if item["item"] == fact.item.item), None)
    request = known["request"] if known else None
    return {**_given(fact.item, recorded), "due": fact.cause, "request": request}


def _decide(
    body: Body, fact: events.ScoreRecognised | events.ScoreRejected, recorded: Recorded
) -> Body:
    item = _item(body, fact.item)
    return _put(
        _void(body, fact.item),
        {**item, **_decided(item, fact, recorded), "version": recorded.version},
    )


def _approve(body: Body, fact: events.AppraisalApproved, recorded: Recorded) -> Body:
    """The approval closes what nobody seconded: such an item stays as it was decided."""
    return {
        **body,
        "items": [{**item, "status": _status(item), "proposal": None} for item in body["items"]],
        "proposals": [
            {**action, "status": "void"} if action["status"] == "open" else action
            for action in body["proposals"]
        ],
        "approved": {**plain(fact.decision), **_who(recorded)},
    }


def _status(item: Body) -> str:
    if item["awarded"] is None:
        return "pending"
    return "rejected" if item["because"] else "recognised"


def _ask(body: Body, fact: events.ExplanationRequested, recorded: Recorded) -> Body:
    request = {
        "question": plain(fact.question),
        "until": fact.until.isoformat(),
        "settled": False,
        **_who(recorded),
    }
    asked = {"request": request, "version": recorded.version}
    return _put(body, {**_item(body, fact.item), **asked})


def _decided(
    item: Body, fact: events.ScoreRecognised | events.ScoreRejected, recorded: Recorded
) -> dict[str, Any]:
    rejected = fact if isinstance(fact, events.ScoreRejected) else None
    gap = points.parse_exact(item["self"]) - points.parse_exact(fact.awarded)
    return {
        "status": "rejected" if rejected else "recognised",
        "round": fact.round,
        "awarded": fact.awarded,
        "gap": points.exact(gap),
        "seen": list(fact.evidence),
        "because": plain(rejected.because) if rejected else None,
        "legal_basis": rejected.legal_basis if rejected else "",
        "due": None,
        "proposal": None,
        "request": {**item["request"], "settled": True} if item["request"] else None,
        **_who(recorded),
    }


def _act(
    body: Body, fact: events.ActionProposed | events.ActionSeconded, recorded: Recorded
) -> Body:
    match fact:
        case events.ActionProposed():
            voided = _void(body, fact.item)
            action = {**plain(fact), **_who(recorded), "status": "open", "seconded_by": None}
            acted: Body = {**voided, "proposals": [*voided["proposals"], action]}
            return _propose(acted, fact, recorded)
        case events.ActionSeconded():
            actions = [
                {**action, "status": "seconded", "seconded_by": recorded.context.actor}
                if action["action"] == fact.action
                else action
                for action in body["proposals"]
            ]
            return {**body, "proposals": actions}


def _propose(body: Body, fact: events.ActionProposed, recorded: Recorded) -> Body:
    if not fact.item:
        return body
    proposal = {"status": "proposed", "proposal": fact.action, "version": recorded.version}
    return _put(body, {**_item(body, fact.item), **proposal})


def _void(body: Body, item: str) -> Body:
    """Close what is open about an item, or (the empty item) about the agency as a whole."""
    actions = [
        {**action, "status": "void"}
        if action["status"] == "open" and action["item"] == item
        else action
        for action in body["proposals"]
    ]
    return {**body, "proposals": actions}


def _item(body: Body, code: str) -> Body:
    found: Body = next(item for item in body["items"] if item["item"] == code)
    return found


def _put(body: Body, item: Body) -> Body:
    """The item in its old place, or behind the others where it is new."""
    known = any(before["item"] == item["item"] for before in body["items"])
    items = [item if before["item"] == item["item"] else before for before in body["items"]]
    return {**body, "items": items if known else [*items, item]}


def _who(recorded: Recorded) -> dict[str, str | None]:
    return {"by": recorded.context.actor, "at": recorded.context.at.isoformat()}


SHEET = View[Recorded]("appraisal_sheet", 2, _keys, _apply)
