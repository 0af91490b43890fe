"""A sitting of the council: who speaks, when, over which papers, and whether they may.

Everything here either passes or raises the reason; commands and the list of what a reader may do
now ask the same questions.
"""

from dataclasses import dataclass
from datetime import datetime

from services.appraisal.domain.assignments import Assignments
from services.appraisal.domain.cycle import Cycle, Round
from services.appraisal.domain.sheet import Sheet
from services.appraisal.domain.state import Appraisal, Examined
from shared.kernel.actor import Actor
from shared.kernel.authority import require_another_agency, require_assignment
from shared.kernel.errors import Missing, Refused, Stale


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a command of the council is judged against, besides the facts of the appraisal."""

    at: datetime
    by: Actor
    agency: str
    cycle: Cycle
    assignments: Assignments
    sheet: Sheet

    @property
    def round(self) -> Round | None:
        """The round of appraisal that runs for the agency."""
        return self.cycle.round_at(self.at, self.agency)


def require_seat(sitting: Sitting, state: Appraisal) -> None:
    """Nobody appraises their own agency (by their claim, or as is known), or without a sheet."""
    own = {sitting.by.agency, *([sitting.agency] if is_own(sitting, sitting.by.id) else [])}
    require_another_agency(own, sitting.agency)
    sitting.cycle.require_running()
    sitting.cycle.require_agency(sitting.agency)
    sitting.cycle.require_scheme(sitting.cycle.agencies[sitting.agency])
    if not state.opened:
        raise Refused("appraisal-not-opened", agency=sitting.agency)


def is_own(sitting: Sitting, person: str) -> bool:
    """Whether somebody was ever registered with the agency, or acted for it."""
    is_registered = sitting.agency in sitting.assignments.agencies_of(person)
    return is_registered or person in sitting.sheet.hands


def require_assigned(sitting: Sitting, state: Appraisal, item: str) -> Examined:
    """The item, where it is assigned to the member who speaks."""
    if item not in state.items:
        raise Missing("item-unknown", item=item)
    examined = state.items[item]
    criterion = examined.given.criterion
    is_assigned = sitting.assignments.is_assigned(sitting.by.id, state.tier, criterion)
    require_assignment(criterion, is_assigned=is_assigned)
    return examined


def require_changeable(sitting: Sitting, state: Appraisal) -> None:
    """An approved appraisal stays, and a sheet that the agency has in hand waits for its lock."""
    if state.approved:
        raise Refused("appraisal-approved", agency=sitting.agency)
    require_locked(sitting)


def require_locked(sitting: Sitting) -> None:
    """The agency's sheet is closed."""
    if not sitting.sheet.locked:
        raise Refused("submission-not-locked", agency=sitting.agency)


def require_scanned(sitting: Sitting, item: str) -> None:
    """Nobody decides on evidence that may harm whoever opens it."""
    if sitting.sheet.is_quarantined(item):
        raise Refused("evidence-quarantined", item=item)
    if sitting.sheet.is_condemned(item):
        raise Refused("evidence-condemned", item=item)


def require_round(sitting: Sitting) -> Round:
    """The round that runs now; an extension for the agency counts."""
    if sitting.round is None:
        raise Refused("appraisal-round-closed", agency=sitting.agency)
    return sitting.round


def require_version(examined: Examined, based_on: int | None) -> None:
    """Whoever changes what was decided or proposed has read it."""
    if based_on is None and (examined.decision or examined.proposal):
        raise Stale("version-required", current=str(examined.version))
    if based_on is not None and based_on != examined.version:
        raise Stale("version-stale", current=str(examined.version))


def require_asking(sitting: Sitting) -> None:
    """An agency can be asked from the first round on, as long as it has time to explain."""
    begun = any(
        sitting.cycle.is_open(phase, sitting.at, sitting.agency)
        for phase in ("appraisal-1", "explanation", "appraisal-2")
    )
    closes = sitting.cycle.closes("explanation", sitting.agency)
    if not begun or closes is None or sitting.at >= closes:
        raise Refused("explanation-closed", agency=sitting.agency)
