"""The end of a questionnaire: the steps of closing it, whoever began them, and what waits for them.

    end     exchanges: nobody is given a ballot any more    (an officer's closing alone)
    enter   the piles of paper forms that two typed alike
    shut    the urn: it takes nothing from now on
    count   everything that waits in it
    forget  the keys that sign ballots
    record  that it is closed

Each is safe to do twice. What stands open in the log although its urn is shut was left half done,
unless somebody is at it: then another finishes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.survey.application.counting import Counting
from services.survey.application.entering import Entering
from services.survey.application.shelf import Place, Shelf, ballot_name, urn_name
from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import Cycle
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from shared.ports import BallotKeys, Urn
from shared.runtime.handle import Outcome

LEFT_AFTER = timedelta(seconds=5)
"""Whoever closes is left alone as long as something of it is recorded within so long."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How far a closing that somebody began had come, and since when."""

    version: int
    since: datetime


class Closing:
    """Closes questionnaires, and finds those that others began to close and left."""

    def __init__(
        self, shelf: Shelf, urn: Urn, piles: Entering, ballots: BallotKeys, counting: Counting
    ) -> None:
        self._shelf = shelf
        self._urn = urn
        self._piles = piles
        self._ballots = ballots
        self._counting = counting
        self._begun: dict[Place, _Seen] = {}

    async def close(self, at: Place, closed_by: events.ClosedBy, context: Context) -> Outcome:
        """Take no more answers, count what waits, and say that this was all."""
        state = await self._shelf.questionnaire(*at)
        if state.opened and not state.closed:
            await self._counting.require_log(*at)
            await self._piles.enter_all(at)
            await self._urn.shut(urn_name(*at))
            await self._counting.count_all(*at)
            for agency in state.keys.keys if state.keys else ():
                # The urn is shut: nobody can use a ballot that would be signed from now on.
                await self._ballots.destroy(ballot_name(at, agency))
        outcome = await self._shelf.decide(*at, domain.CloseSurvey(closed_by), context)
        self._begun.pop(at, None)
        return outcome

    async def require_ballots_back(self, at: Place) -> None:
        """Give no more ballots; raises `Refused("ballots-out")` while some of them may come.

        Once the urn is shut none of them can.
        """
        state = await self._shelf.questionnaire(*at)
        if not state.keys or not state.opened or state.closed:
            return
        # First the end, then the count: so nobody is given one behind it.
        await self._urn.end_exchange(urn_name(*at))
        if (await self._urn.standing(urn_name(*at))).shut:
            return
        if count := await self._urn.ballots_out(urn_name(*at)):
            raise Refused("ballots-out", count=str(count))

    async def due(
        self, at: Place, cycle: Cycle, announced: datetime, now: datetime
    ) -> events.ClosedBy | None:
        """Why an open questionnaire has to be closed now, if it has to.

        Nobody noted down why an urn was shut; it follows from how things stand. An end that was
        announced may have been put off when the calendar had shut the urn.
        """
        if cycle.calendar is None:
            return None
        if not cycle.withdrawn and now >= cycle.closes(announced):
            return "calendar"
        if not cycle.withdrawn and not (await self._urn.standing(urn_name(*at))).shut:
            return None
        if not await self._is_left(at, now):
            return None
        if cycle.withdrawn:
            return "withdrawal"
        return "calendar" if now >= announced else "survey-officer"

    async def _is_left(self, at: Place, now: datetime) -> bool:
        """Whether nobody has got on with it for a while; counting records batch after batch."""
        version = (await self._shelf.questionnaire(*at)).version
        seen = self._begun.get(at)
        if seen is None or seen.version != version:
            seen = self._begun[at] = _Seen(version, now)
        return now - seen.since >= LEFT_AFTER
