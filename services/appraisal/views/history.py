"""Who decided what, and when: one entry for each fact about an agency, by opaque ids."""

from collections.abc import Sequence
from typing import Any

from services.appraisal.views.plain import plain
from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View

VERSION_DIGITS = 8
"""Versions are padded to so many digits, so that entries sort as they happened."""


def _keys(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.CriterionAssigned():
            return ()
        case fact:
            return (f"{fact.cycle}/{fact.agency}/{recorded.version:0{VERSION_DIGITS}}",)


def _apply(_: str, __: Body | None, recorded: Recorded) -> Body | None:
    return {
        "fact": recorded.id,
        "what": type(recorded.data).__name__,
        "by": recorded.context.actor,
        "at": recorded.context.at.isoformat(),
        **_said(recorded.data),
    }


def _said(fact: events.Fact) -> dict[str, Any]:
    """What the fact says, without the agency, which every entry is about."""
    said: dict[str, Any] = plain(fact)
    del said["cycle"], said["agency"]
    match fact:
        case events.AppraisalOpened():
            return {**said, "items": [given.item for given in fact.items]}
        case events.ReappraisalDue():
            return {**said["item"], "cause": fact.cause}
        case _:
            return said


HISTORY = View[Recorded]("appraisal_history", 1, _keys, _apply)
