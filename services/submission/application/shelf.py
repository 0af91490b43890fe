"""The shelf: where the service finds its own streams, its copies of others, and its documents."""

from datetime import datetime

from services.submission.domain import council, cycle, duties, submission
from services.submission.domain.cycle import Cycle
from services.submission.domain.duties import Duties
from services.submission.domain.submission import Situation, Submission
from shared.kernel.errors import Missing
from shared.ports import Documents
from shared.runtime.handle import Handler
from shared.runtime.project import Projector


class Shelf:
    """Everything that is read before something is decided or shown."""

    def __init__(self, own: Handler, copies: Handler, projector: Projector) -> None:
        self.own = own
        self._copies = copies
        self._projector = projector

    async def cycle(self, name: str) -> Cycle:
        """A cycle that was opened; raises `Missing`."""
        return _opened(await self.cycle_or_nothing(name))

    async def cycle_or_nothing(self, name: str) -> Cycle:
        """A cycle, opened or not."""
        return await self.own.load(cycle.stream(name), cycle.decider)

    async def submission(self, name: str, agency: str) -> Submission:
        """An agency's sheet, empty where nothing was said."""
        return await self.own.load(submission.stream(name, agency), submission.decider)

    async def situation(self, name: str, agency: str, at: datetime) -> Situation:
        """What a command about an agency's sheet is judged against; raises `Missing`."""
        situation = await self.situation_or_nothing(name, agency, at)
        _opened(situation.cycle)
        return situation

    async def situation_or_nothing(self, name: str, agency: str, at: datetime) -> Situation:
        """The same, also of a cycle that was never opened."""
        found = await self.cycle_or_nothing(name)
        said = await self._copies.load(council.stream(name, agency), council.fold)
        return Situation(agency, found, said, at)

    async def reading(self, name: str, agency: str, at: datetime) -> tuple[Situation, Submission]:
        """The sheet of an agency of the cycle, to be shown; raises `Missing`."""
        situation = await self.situation(name, agency, at)
        if agency not in situation.cycle.agencies:
            raise Missing("agency-not-in-cycle", agency=agency, cycle=name)
        return situation, await self.submission(name, agency)

    async def duties(self, name: str) -> Duties:
        """Who appraises what in a cycle, as far as the council's word was heard."""
        return await self._copies.load(duties.stream(name), duties.fold)

    async def documents(self) -> Documents:
        """The documents, showing everything that was recorded before."""
        return await self._projector.fresh()


def _opened(cycle: Cycle) -> Cycle:
    if cycle.status == "unopened":
        raise Missing("cycle-unknown")
    return cycle
