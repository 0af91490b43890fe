"""What submission does when the council has spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.events import appraisal as events
from shared.events.envelope import Recorded, Sealed

REOPENED_FOR = timedelta(days=3)
"""How long a sheet is open again where the council did not say until when, or it has passed."""


@dataclass(frozen=True, slots=True)
class ReopenAsSeconded:
    """Two members of the council want an agency's sheet open again.

    `because` is theirs, sealed under a key of the appraisal's.
    """

    cycle: str
    agency: str
    until: datetime
    because: Sealed

    def ends(self, at: datetime) -> datetime:
        """Until when the sheet is open; what was seconded takes effect, also if heard too late."""
        return self.until if at < self.until else at + REOPENED_FOR


def react(recorded: Recorded) -> Sequence[ReopenAsSeconded]:
    """The commands that follow from a fact of another service."""
    match recorded.data:
        case events.ActionSeconded(kind="reopen-submission") as fact:
            until = fact.until or recorded.context.at + REOPENED_FOR
            return (ReopenAsSeconded(fact.cycle, fact.agency, until, fact.because),)
        case _:
            return ()
