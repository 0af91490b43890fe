"""Quarantine: the files of each sheet that wait for a scanner, in the order in which they came."""

from collections.abc import Sequence

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View


def _keys(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case (
            events.EvidenceQuarantined() | events.EvidenceCleared() | events.EvidenceCondemned()
        ) as fact:
            return (f"{fact.cycle}/{fact.agency}",)
        case _:
            return ()


def _apply(_key: str, body: Body | None, recorded: Recorded) -> Body | None:
    fact = recorded.data
    left = [sha256 for sha256 in (body["waiting"] if body else ()) if sha256 != fact.sha256]
    if isinstance(fact, events.EvidenceQuarantined):
        left.append(fact.sha256)
    return {"cycle": fact.cycle, "agency": fact.agency, "waiting": left} if left else None


QUARANTINE: View[Recorded] = View("submission_quarantine", 1, _keys, _apply)
