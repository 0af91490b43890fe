"""History: every change of an agency's sheet, who made it and when, newest last.

A fact has a document in the history of the sheet and, if it concerns an item, one in the history of
that item. Free text stays sealed in it until somebody reads.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.submission.views.cycles import iso
from shared.events import submission as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.view import Body, View

VERSION_DIGITS = 12
WHOLE_SHEET = "@"


def prefix(cycle: str, agency: str, item: str | None = None) -> str:
    """What the ids of a history begin with: of the whole sheet, or of one item."""
    return f"{cycle}/{agency}/{item or WHOLE_SHEET}/"


def _keys(recorded: Recorded) -> Sequence[str]:
    category, _, place = recorded.stream.partition("/")
    if category != "submission":
        return ()
    item = getattr(recorded.data, "item", None)
    whose = (WHOLE_SHEET, item) if item else (WHOLE_SHEET,)
    return [f"{place}/{part}/{recorded.version:0{VERSION_DIGITS}}" for part in whose]


def _apply(_key: str, _body: Body | None, recorded: Recorded) -> Body | None:
    return {
        "fact": recorded.id,
        "what": type(recorded.data).__name__,
        "at": iso(recorded.context.at),
        "by": recorded.context.actor,
        **_change(recorded.data),
    }


def _change(fact: events.Fact) -> Mapping[str, Any]:
    match fact:
        case events.ScoreSubmitted():
            return {"item": fact.item, "inputs": fact.inputs, "points": fact.points}
        case events.ScoreWithdrawn():
            return {"item": fact.item}
        case events.EvidenceAttached():
            file = {"sha256": fact.file.sha256, "media_type": fact.file.media_type}
            return {"item": fact.item, "evidence": fact.evidence, "file": file}
        case events.EvidenceWithdrawn():
            return {"item": fact.item, "evidence": fact.evidence}
        case events.ExplanationGiven():
            return {"item": fact.item, "text": _sealed(fact.text)}
        case events.SubmissionLocked():
            return {"locked_by": fact.locked_by}
        case events.SubmissionReopened():
            return {"until": iso(fact.until), "text": _sealed(fact.because)}
        case _:
            return _scan(fact)


def _scan(fact: events.Fact) -> Mapping[str, Any]:
    match fact:
        case events.EvidenceQuarantined():
            return {"file": {"sha256": fact.sha256}}
        case events.EvidenceCleared():
            return {"file": {"sha256": fact.sha256}, "scanner": fact.scanner}
        case events.EvidenceCondemned():
            file = {"sha256": fact.sha256}
            return {"file": file, "scanner": fact.scanner, "finding": fact.finding}
        case _:
            return {}


def _sealed(text: Sealed) -> dict[str, str]:
    return {"key": text.key, "text": text.text}


def sealed_text(body: Body) -> Sealed | None:
    """The free text of an entry, still sealed."""
    text = body.get("text")
    return None if text is None else Sealed(text["key"], text["text"])


HISTORY: View[Recorded] = View("submission_history", 1, _keys, _apply)
