"""What people and the calendar do with the survey of a cycle: adopt, open, count, close, read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.survey.application.about import About, about
from services.survey.application.counting import Counting
from services.survey.application.shelf import (
    RUNNING_MAX,
    Body,
    Round,
    Shelf,
    ballot_name,
    bodies,
    stream,
    urn_name,
)
from services.survey.domain import questionnaire as domain
from services.survey.policy import CloseCycle
from shared.events import survey as events
from shared.events.envelope import Context, Recorded
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import may, permit
from shared.ports import BallotKeys, Clock, Document, Tracking, Urn
from shared.runtime.apart import apart
from shared.runtime.handle import Outcome


class Surveys:
    """What people and the calendar do with the survey of a cycle."""

    def __init__(
        self,
        shelf: Shelf,
        urn: Urn,
        ballots: BallotKeys,
        clock: Clock,
        *,
        running_max: int = RUNNING_MAX,
    ) -> None:
        self._shelf = shelf
        self._to_count = Round(shelf, running_max)
        self._to_follow = Round(shelf, running_max)
        self._running_max = running_max
        self._urn = urn
        self._ballots = ballots
        self._counting = Counting(shelf, urn, clock)
        self._clock = clock

    # ----------------------------------------------------------------------- survey officers

    async def adopt(
        self, by: Actor, adopted: events.QuestionnaireAdopted, context: Context
    ) -> Outcome:
        """Adopt a questionnaire, or replace one that is not open yet."""
        permit(by, "adopt-questionnaire")
        cycle = await self._shelf.cycle(adopted.cycle)
        command = domain.AdoptQuestionnaire(adopted, cycle)
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
        self,
        by: Actor,
        source: tuple[str, str],
        into: tuple[str, str],
        window: tuple[datetime, datetime],
        context: Context,
    ) -> Outcome:
        """Adopt what was asked in an earlier cycle; both are (cycle, name)."""
        permit(by, "adopt-questionnaire")
        before = domain.adopted_in(await self._shelf.questionnaire(*source))
        return await self.adopt(by, domain.copied(before, into, *window), context)

    async def offer_ballots(self, by: Actor, at: tuple[str, str], context: Context) -> Outcome:
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
        state = await self._shelf.questionnaire(cycle, name)
        if state.opened and not state.closed:
            await self._urn.shut(urn_name(cycle, name))
            await self._counting.count_all(cycle, name)
            for agency in state.keys.keys if state.keys else ():
                # The urn is shut: nobody can use a ballot that would be signed from now on.
                await self._ballots.destroy(ballot_name((cycle, name), agency))
        return await self._shelf.decide(cycle, name, domain.CloseSurvey(closed_by), context)

    # ------------------------------------------------------------------------ the calendar

    async def count_waiting(self) -> int:
        """Count batches of the next questionnaires in which enough answers wait."""
        counted = 0
        for document in await self._to_count.turn():
            if document["status"] == "open":
                place = (document["cycle"], document["questionnaire"])
                counted += await apart(self._counting.count_some(*place), stream(*place))
        return counted

    async def follow_calendar(self) -> int:
        """Open what is due to open and close what is due to close; returns how many."""
        now, changed = self._clock.now(), 0
        for document in await self._to_follow.turn():
            place = stream(document["cycle"], document["questionnaire"])
            changed += await apart(self._follow(document, now), place)
        return changed

    async def stir_urn(self) -> int:
        """Leave no trace in the urn of how its answers came; returns 0, so that the loop rests."""
        await self._urn.stir()
        return 0

    async def perform(self, command: CloseCycle, cause: Recorded, _: Tracking | None) -> None:
        """Do what the policy asked for."""
        after, prefix = "", f"{command.cycle}/"
        while page := await self._shelf.running(prefix, after, self._running_max):
            after = page[-1].id
            for document in bodies(page):
                if document["status"] == "open":
                    context = Context(
                        at=self._clock.now(), actor=SYSTEM.reference, causation_id=cause.id
                    )
                    name = document["questionnaire"]
                    await self.close(SYSTEM, command.cycle, name, "withdrawal", context)

    async def _follow(self, document: Body, now: datetime) -> int:
        name, status = document["questionnaire"], document["status"]
        cycle = await self._shelf.cycle(document["cycle"])
        if not cycle.running:
            return 0
        context = Context(at=now, actor=SYSTEM.reference)
        if now >= cycle.closes(datetime.fromisoformat(document["closes"])):
            if status == "open":
                await self.close(SYSTEM, cycle.name, name, "calendar", context)
                return 1
        elif status == "adopted" and now >= datetime.fromisoformat(document["opens"]):
            await self.open(SYSTEM, cycle.name, name, context)
            return 1
        return 0

    # ---------------------------------------------------------------------------- readings

    async def questionnaires(self, cycle: str, *, after: str, limit: int) -> Sequence[Document]:
        """Questionnaires of a cycle; who answers may see what is asked."""
        return await self._shelf.listed(cycle, after, limit)

    async def questionnaire(self, by: Actor, cycle: str, name: str) -> Body:
        """One questionnaire, with what its reader may do with it now."""
        document = await self._shelf.document(cycle, name)
        return {**document, "actions": _actions(by, document["status"])}


def _actions(by: Actor, status: str) -> Mapping[str, str | None]:
    opening = {"adopted": None, "open": "survey-already-open", "closed": "survey-closed"}
    closing = {"adopted": "survey-not-open", "open": None, "closed": "survey-closed"}
    return {
        "adopt-questionnaire": may(by, "adopt-questionnaire") or opening[status],
        "open-survey": may(by, "run-survey") or opening[status],
        "close-survey": may(by, "run-survey") or closing[status],
        "invite-respondents": may(by, "invite-respondents")
        or ("survey-closed" if status == "closed" else None),
        "answer": closing[status],
    }
