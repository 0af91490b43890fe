"""What people and the calendar do with the survey of a cycle: adopt, open, count, close, read."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.survey.application.about import About, about
from services.survey.application.closing import Closing
from services.survey.application.counting import HOLDS, Counting
from services.survey.application.shelf import (
    RUNNING_MAX,
    Body,
    Place,
    Round,
    Shelf,
    ballot_name,
    bodies,
    stream,
)
from services.survey.domain import questionnaire as domain
from services.survey.policy import CloseCycle
from shared.events import survey as events
from shared.events.envelope import Context, Recorded
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Problem
from shared.ports import BallotKeys, Clock, Document, Tracking
from shared.runtime.apart import apart
from shared.runtime.handle import Outcome
from shared.runtime.pulse import Progress

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Copy:
    """What was asked in an earlier cycle, to be asked again; both are (cycle, name)."""

    source: Place
    into: Place
    opens: datetime
    closes: datetime


class Surveys:
    """What people and the calendar do with the survey of a cycle."""

    def __init__(
        self,
        shelf: Shelf,
        counting: Counting,
        closing: Closing,
        ballots: BallotKeys,
        clock: Clock,
        *,
        running_max: int = RUNNING_MAX,
    ) -> None:
        self._shelf = shelf
        self._to_count = Round(shelf, running_max)
        self._to_follow = Round(shelf, running_max)
        self._to_release = Round(shelf, running_max)
        self._running_max = running_max
        self._counting = counting
        self._closing = closing
        self._ballots = ballots
        self._held: dict[Place, str] = {}
        self._clock = clock

    # ----------------------------------------------------------------------- survey officers

    async def adopt(
        self,
        by: Actor,
        adopted: events.QuestionnaireAdopted,
        context: Context,
        *,
        based_on: int | None = None,
    ) -> Outcome:
        """Adopt a questionnaire, or replace one that is not open yet and was read before.

        Raises `Stale` where `based_on` is another edition than the one that would be replaced.
        """
        permit(by, "adopt-questionnaire")
        cycle = await self._shelf.cycle(adopted.cycle)
        command = domain.AdoptQuestionnaire(adopted, cycle, based_on)
        return await self._shelf.decide(adopted.cycle, adopted.questionnaire, command, context)

    async def preview(self, by: Actor, adopted: events.QuestionnaireAdopted) -> About:
        """What people would be shown of a questionnaire, which is not adopted by this.

        Raises what `adopt` raises of one that cannot be asked like this.
        """
        permit(by, "adopt-questionnaire")
        cycle = await self._shelf.cycle(adopted.cycle)
        domain.decide(domain.AdoptQuestionnaire(adopted, cycle), domain.Questionnaire())
        asked_about = sorted(domain.asked_about(adopted, cycle))
        return about(adopted, cycle, asked_about[0] if asked_about else "")

    async def copy(
        self, by: Actor, copy: Copy, context: Context, *, based_on: int | None = None
    ) -> Outcome:
        """Adopt what was asked in an earlier cycle, as `adopt` does."""
        permit(by, "adopt-questionnaire")
        before = domain.adopted_in(await self._shelf.questionnaire(*copy.source))
        copied = domain.copied(before, copy.into, copy.opens, copy.closes)
        return await self.adopt(by, copied, context, based_on=based_on)

    async def offer_ballots(self, by: Actor, at: Place, context: Context) -> Outcome:
        """Publish the keys that sign ballots blindly, of every agency that is asked about."""
        permit(by, "run-survey")
        state = await self._shelf.questionnaire(*at)
        agencies = domain.asked_about(domain.adopted_in(state), await self._shelf.cycle(at[0]))
        keys = state.keys.keys if state.keys else {}
        if not keys:
            keys = {each: await self._ballots.make(ballot_name(at, each)) for each in agencies}
        command = domain.AdoptBallotKeys(tuple(keys.items()))
        return await self._shelf.decide(*at, command, context)

    async def open(self, by: Actor, cycle: str, name: str, context: Context) -> Outcome:
        """Begin to take answers."""
        permit(by, "run-survey")
        command = domain.OpenSurvey(context.at, await self._shelf.cycle(cycle))
        return await self._shelf.decide(cycle, name, command, context)

    async def close(
        self, by: Actor, cycle: str, name: str, closed_by: events.ClosedBy, context: Context
    ) -> Outcome:
        """Take no more answers, count what waits, and say that this was all."""
        permit(by, "run-survey")
        return await self._closing.close((cycle, name), closed_by, context)

    async def close_by_hand(
        self, by: Actor, at: Place, context: Context, *, despite_ballots: bool
    ) -> Outcome:
        """Close before the calendar does, which is for good: nobody is given a ballot any more.

        Raises `Refused("ballots-out")` while some are, unless it is to be done despite them: whose
        they are cannot answer any more then.
        """
        permit(by, "close-survey")
        if not despite_ballots:
            await self._closing.require_ballots_back(at)
        return await self._closing.close(at, "survey-officer", context)

    # ------------------------------------------------------------------------ the calendar

    async def count_waiting(self) -> int:
        """Count batches of the next questionnaires in which enough answers wait."""
        return await self._to_count.turn(self._count)

    async def count_and_rest(self) -> int:
        """The same; returns 0, so that the loop rests, and what comes meanwhile is stirred once."""
        await self.count_waiting()
        return 0

    async def counting(self) -> Progress:
        """What holds counting up, of what this process came across; how much waits is no lag."""
        # As they are now: the loop may come across another one while these are looked at.
        held = list(self._held.items())
        still = [code for at, code in held if await self._counting.is_held(at, code)]
        return Progress(0, 0, still[0] if still else "")

    async def follow_calendar(self) -> int:
        """Open what is due to open and close what is due to close; returns how many."""
        now = self._clock.now()
        return await self._to_follow.turn(lambda document: self._follow(document, now))

    async def release_comments(self) -> int:
        """Let comments of the next questionnaires be read that hide among enough; how many."""
        return await self._to_release.turn(self._release)

    async def stir_urn(self) -> int:
        """Leave no trace in the urn of how its answers came; returns 0, so that the loop rests."""
        await self._counting.stir()
        return 0

    async def perform(self, command: CloseCycle, cause: Recorded, _: Tracking | None) -> None:
        """Do what the policy asked for; what cannot be closed now, following the calendar does."""
        after, prefix = "", f"{command.cycle}/"
        while page := await self._shelf.running(prefix, after, self._running_max):
            after = page[-1].id
            for document in bodies(page):
                if _is_open(document):
                    context = Context(
                        at=self._clock.now(), actor=SYSTEM.reference, causation_id=cause.id
                    )
                    at = (command.cycle, document["questionnaire"])
                    closing = self._close(at, "withdrawal", context)
                    await apart(self._unless_held(at, closing), stream(*at))

    async def _count(self, document: Body) -> int:
        if not _is_open(document):
            return 0
        at = _place(document)
        return await self._unless_held(at, self._count_some(at))

    async def _count_some(self, at: Place) -> int:
        await self._counting.require_log(*at)
        return await self._counting.count_some(*at)

    async def _release(self, document: Body) -> int:
        return await self._counting.release(*_place(document)) if _is_open(document) else 0

    async def _unless_held(self, at: Place, work: Awaitable[int]) -> int:
        """How much was done; 0 where something holds it that people have to mend, told once."""
        try:
            done = await work
        except Problem as problem:
            if problem.code not in HOLDS:
                raise
            if self._held.get(at) != problem.code:
                self._held[at] = problem.code
                _log.error("%s is not counted: %s", stream(*at), problem.code)
            return 0
        self._held.pop(at, None)
        return done

    async def _close(self, at: Place, closed_by: events.ClosedBy, context: Context) -> int:
        await self.close(SYSTEM, *at, closed_by, context)
        return 1

    async def _follow(self, document: Body, now: datetime) -> int:
        name, cycle = document["questionnaire"], await self._shelf.cycle(document["cycle"])
        context = Context(at=now, actor=SYSTEM.reference)
        if _is_open(document):
            at, announced = (document["cycle"], name), datetime.fromisoformat(document["closes"])
            closed_by = await self._closing.due(at, cycle, announced, now)
            if closed_by is None:
                return 0
            return await self._unless_held(at, self._close(at, closed_by, context))
        if not cycle.running or now < datetime.fromisoformat(document["opens"]):
            return 0
        if now >= cycle.closes(datetime.fromisoformat(document["closes"])):
            return 0
        await self.open(SYSTEM, cycle.name, name, context)
        return 1

    # ---------------------------------------------------------------------------- readings

    async def questionnaires(self, cycle: str, *, after: str, limit: int) -> Sequence[Document]:
        """Questionnaires of a cycle; who answers may see what is asked."""
        return await self._shelf.listed(cycle, after, limit)

    async def questionnaire(self, by: Actor, cycle: str, name: str) -> Body:
        """One questionnaire, with what its reader may do with it now."""
        document = await self._shelf.document(cycle, name)
        return {**document, "actions": _actions(by, document["status"])}


def _place(document: Body) -> Place:
    return document["cycle"], document["questionnaire"]


def _is_open(document: Body) -> bool:
    return bool(document["status"] == "open")


def _actions(by: Actor, status: str) -> Mapping[str, str | None]:
    opening = {"adopted": None, "open": "survey-already-open", "closed": "survey-closed"}
    closing = {"adopted": "survey-not-open", "open": None, "closed": "survey-closed"}
    return {
        "adopt-questionnaire": may(by, "adopt-questionnaire") or opening[status],
        "open-survey": may(by, "run-survey") or opening[status],
        "close-survey": may(by, "close-survey") or closing[status],
        "invite-respondents": may(by, "invite-respondents")
        or ("survey-closed" if status == "closed" else None),
        "answer": closing[status],
    }
