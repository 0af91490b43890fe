"""The files of each sheet that wait for a scanner, and all of them, in the order they came in."""

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


def _kept_keys(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.EvidenceAttached() as fact:
            return (f"{fact.cycle}/{fact.agency}",)
        case _:
            return ()


def _apply_kept(_key: str, body: Body | None, recorded: Recorded) -> Body | None:
    fact = recorded.data
    before: Sequence[str] = body["kept"] if body else ()
    kept = [*before, *({fact.file.sha256} - {*before})]
    return {"cycle": fact.cycle, "agency": fact.agency, "kept": kept}


QUARANTINE: View[Recorded] = View("submission_quarantine", 1, _keys, _apply)
KEPT: View[Recorded] = View("submission_kept", 1, _kept_keys, _apply_kept)
