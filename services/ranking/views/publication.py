"""The history of a cycle's publications, as a fold of ranking's own facts."""

from collections.abc import Sequence
from typing import Any

from shared.events import ranking as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View


def _keys(recorded: Recorded) -> Sequence[str]:
    return (recorded.data.cycle,)


def _apply_publication(cycle: str, body: Body | None, recorded: Recorded) -> Body | None:
    before = body or {"cycle": cycle, "approved": None, "publications": []}
    match recorded.data:
        case events.ResultApproved() as fact:
            approved = {**_basis(fact.basis), "at": recorded.context.at.isoformat()}
            return {**before, "approved": approved}
        case events.ResultPublished() | events.ResultCorrected() as fact:
            published = [*before["publications"], _publication(fact, recorded)]
            return {**before, "publications": published}
        case _:
            return body


def _publication(
    fact: events.ResultPublished | events.ResultCorrected, recorded: Recorded
) -> dict[str, Any]:
    because = fact.because if isinstance(fact, events.ResultCorrected) else None
    return {
        "revision": fact.revision,
        **_basis(fact.basis),
        "decision": {"number": fact.decision.number, "on": fact.decision.on.isoformat()},
        "because": None if because is None else {"key": because.key, "text": because.text},
        "fact": recorded.id,
        "at": recorded.context.at.isoformat(),
    }


def _basis(basis: events.Basis) -> dict[str, Any]:
    return {"position": basis.position, "root": basis.root, "digest": basis.digest}


PUBLICATIONS = View[Recorded]("ranking_publications", 1, _keys, _apply_publication)

VIEWS = (PUBLICATIONS,)
