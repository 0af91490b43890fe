"""The papers on the council's table: its own streams, and its copies of others'."""

from dataclasses import dataclass
from datetime import datetime

from services.appraisal.domain import appraisal, assignments
from services.appraisal.domain.assignments import Assignments
from services.appraisal.domain.cycle import CYCLE, Cycle
from services.appraisal.domain.sheet import SHEET, Sheet
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.state import Appraisal
from shared.kernel.actor import Actor
from shared.kernel.errors import Missing
from shared.runtime.handle import Handler


@dataclass(frozen=True, slots=True)
class Place:
    """An agency in a cycle."""

    cycle: str
    agency: str

    @property
    def stream(self) -> str:
        """Where the appraisal of the agency is recorded."""
        return f"appraisal/{self.cycle}/{self.agency}"


class Papers:
    """Reads what commands and readings are judged against; `copies` is the inbox."""

    def __init__(self, own: Handler, copies: Handler) -> None:
        self._own = own
        self._copies = copies

    async def cycle(self, cycle: str) -> Cycle:
        """The cycle as the council knows it, once it was opened."""
        copy = await self._copies.load(f"cycle/{cycle}", CYCLE)
        if not copy.code:
            raise Missing("cycle-unknown", cycle=cycle)
        return copy

    async def sheet(self, place: Place) -> Sheet:
        """What the agency presents now."""
        return await self._copies.load(f"submission/{place.cycle}/{place.agency}", SHEET)

    async def assignments(self, cycle: str) -> Assignments:
        """Who appraises what."""
        return await self._own.load(assignments_stream(cycle), assignments.decider)

    async def appraisal(self, place: Place) -> Appraisal:
        """The appraisal of the agency; not opened where there is none."""
        return await self._own.load(place.stream, appraisal.decider)

    async def sitting(self, by: Actor, place: Place, at: datetime) -> Sitting:
        """Everything that a member's command on the agency is judged against."""
        return Sitting(
            at=at,
            by=by,
            agency=place.agency,
            cycle=await self.cycle(place.cycle),
            assignments=await self.assignments(place.cycle),
            sheet=await self.sheet(place),
        )


def assignments_stream(cycle: str) -> str:
    """Where the assignments of a cycle are recorded."""
    return f"assignment/{cycle}"
