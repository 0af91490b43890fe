"""Accesses: who was given which file of an agency, and for which reason, newest last."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.submission.views.cycles import iso
from shared.events import submission as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.view import Body, View

VERSION_DIGITS = 12


def prefix(cycle: str, agency: str) -> str:
    """What the ids of an agency's accesses begin with."""
    return f"{cycle}/{agency}/"


def _keys(recorded: Recorded) -> Sequence[str]:
    category, _, place = recorded.stream.partition("/")
    return (f"{place}/{recorded.version:0{VERSION_DIGITS}}",) if category == "access" else ()


def _apply(_key: str, _body: Body | None, recorded: Recorded) -> Body | None:
    actor = recorded.context.actor or ""
    return {
        "fact": recorded.id,
        "what": type(recorded.data).__name__,
        "at": iso(recorded.context.at),
        "role": actor.partition(":")[0],
        "by": actor,
        **_told(recorded.data),
    }


def _told(fact: events.Fact) -> Mapping[str, Any]:
    match fact:
        case events.ReadingJustified():
            reason = {"key": fact.because.key, "text": fact.because.text}
            return {"until": iso(fact.until), "reason": reason}
        case events.EvidenceRead():
            file = {"sha256": fact.sha256}
            return {"file": file, "items": list(fact.items), "ground": fact.ground}
        case _:
            return {}


def sealed_reason(body: Body) -> Sealed | None:
    """The words of a reason, still sealed."""
    reason = body.get("reason")
    return None if reason is None else Sealed(reason["key"], reason["text"])


def as_the_agency_sees(body: Body) -> Body:
    """An entry without who it was, and without their words."""
    return {name: part for name, part in body.items() if name not in {"by", "reason"}}


ACCESSES: View[Recorded] = View("submission_accesses", 1, _keys, _apply)
