"""One reader's desk: parts of a sheet with their texts opened, and what the reader may do now."""

from datetime import datetime
from typing import Any

from services.appraisal.application import actions
from services.appraisal.domain.sheet import Presented
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.state import Appraisal
from shared.events.envelope import Sealed
from shared.kernel.view import Body
from shared.ports import Seals, read_out

TEXTS = {"because": "reason", "question": "question"}
"""Members that hold a sealed text, and what the text is called when it is read."""


class Desk:
    """Shows what a sheet holds to the reader for whom the sitting was called."""

    def __init__(self, seals: Seals, sitting: Sitting, state: Appraisal) -> None:
        self._seals = seals
        self._sitting = sitting
        self._state = state

    async def item(self, item: Body) -> dict[str, Any]:
        """An item with what the agency presents for it now."""
        presented = self._sitting.sheet.item(item["item"])
        return {
            **await opened(self._seals, item),
            **present(item, presented, self._sitting.at),
            "actions": dict(actions.on_item(self._sitting, self._state, item["item"])),
        }

    async def proposal(self, proposal: Body) -> dict[str, Any]:
        """Something that takes two people."""
        action = self._state.actions[proposal["action"]]
        return {
            **await opened(self._seals, proposal),
            "actions": dict(actions.on_proposal(self._sitting, self._state, action)),
        }

    def actions(self) -> dict[str, str | None]:
        """What the reader may do with the sheet as a whole."""
        return dict(actions.on_agency(self._sitting, self._state))


def present(item: Body, presented: Presented, at: datetime) -> dict[str, Any]:
    """What the agency presents for an item now, and whether it answered what it was asked."""
    shown = {"evidence": list(presented.evidence), "explanation": presented.explanation}
    request = item["request"]
    if request is None:
        return {**shown, "awaits_explanation": False}
    given = presented.explained_at
    answered = given is not None and given >= datetime.fromisoformat(request["at"])
    running = at < datetime.fromisoformat(request["until"]) and not request["settled"]
    return {**shown, "awaits_explanation": running and not answered}


async def opened(seals: Seals, body: Body) -> dict[str, Any]:
    """The body with its sealed texts opened, at every depth; one that was shredded says so."""
    shown: dict[str, Any] = {}
    for name, part in body.items():
        if name in TEXTS:
            shown[TEXTS[name]] = await read_out(seals, Sealed(**part)) if part else None
        elif isinstance(part, dict):
            shown[name] = await opened(seals, part)
        else:
            shown[name] = part
    return shown
