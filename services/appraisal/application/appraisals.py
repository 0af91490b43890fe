"""What the council, the administrator and the submission service can make the appraisal do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from services.appraisal.application.papers import Papers, Place, assignments_stream
from services.appraisal.domain import appraisal, assignments
from services.appraisal.domain.action import ProposeReopening, SecondAction
from services.appraisal.domain.state import Appraisal
from services.appraisal.domain.verdict import Decide, DecideTogether, Verdict
from services.appraisal.policy import Reaction
from shared.events import appraisal as events
from shared.events.envelope import Context, Recorded, Sealed, caused_by
from shared.events.submission import LegalAct
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import permit
from shared.ports import Clock, Seals, Tracking
from shared.runtime.handle import Handler, Outcome


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict, with its reason in the member's own words, not sealed yet."""

    verdict: Verdict
    reason: str | None = None


class Appraisals:
    """One method for each thing that can be done; every one is safe to repeat."""

    def __init__(self, own: Handler, papers: Papers, seals: Seals, clock: Clock) -> None:
        self._own = own
        self._papers = papers
        self._seals = seals
        self._clock = clock

    async def assign(
        self,
        by: Actor,
        cycle: str,
        criterion: tuple[str, str],
        members: Sequence[events.Member],
        context: Context,
    ) -> Outcome:
        """Give a criterion (its tier and its code) to council members, in place of others."""
        permit(by, "assign-criterion")
        copy = await self._papers.cycle(cycle)
        command = assignments.AssignCriterion(copy, *criterion, tuple(members), by)
        stream = assignments_stream(cycle)
        return await self._own.handle(stream, assignments.decider, command, context)

    async def decide(self, by: Actor, place: Place, ruling: Ruling, context: Context) -> Outcome:
        """Recognise or reject the self-score of one item."""
        permit(by, "decide-score", agency=place.agency)
        sitting = await self._papers.sitting(by, place, context.at)
        verdict = await self._sealed(ruling, await self._papers.appraisal(place))
        return await self._handle(place, Decide(sitting, verdict), context)

    async def decide_together(
        self, by: Actor, place: Place, rulings: Sequence[Ruling], context: Context
    ) -> Outcome:
        """Decide on several items of the agency, on all of them or on none."""
        permit(by, "decide-score", agency=place.agency)
        sitting = await self._papers.sitting(by, place, context.at)
        state = await self._papers.appraisal(place)
        verdicts = tuple([await self._sealed(ruling, state) for ruling in rulings])
        return await self._handle(place, DecideTogether(sitting, verdicts), context)

    async def request_explanation(
        self, by: Actor, place: Place, request: tuple[str, str, datetime], context: Context
    ) -> Outcome:
        """Ask the agency to explain: the item, the question, and until when to answer."""
        permit(by, "request-explanation", agency=place.agency)
        item, question, until = request
        sitting = await self._papers.sitting(by, place, context.at)
        examined = (await self._papers.appraisal(place)).items.get(item)
        asked = [examined.request.question] if examined and examined.request else []
        sealed = await self._seals.seal(question, like=asked)
        command = appraisal.RequestExplanation(sitting, item, sealed, until)
        return await self._handle(place, command, context)

    async def propose_reopening(
        self, by: Actor, place: Place, reason: str, until: datetime, context: Context
    ) -> Outcome:
        """Propose to give the agency its sheet back; it takes a second member."""
        permit(by, "propose-action", agency=place.agency)
        sitting = await self._papers.sitting(by, place, context.at)
        known = (await self._papers.appraisal(place)).open_actions.values()
        because = await self._seals.seal(reason, like=[known.proposed.because for known in known])
        return await self._handle(place, ProposeReopening(sitting, because, until), context)

    async def second(self, by: Actor, place: Place, action: str, context: Context) -> Outcome:
        """Agree to what another member proposed; it takes effect at once."""
        permit(by, "second-action", agency=place.agency)
        sitting = await self._papers.sitting(by, place, context.at)
        return await self._handle(place, SecondAction(sitting, action), context)

    async def approve(
        self, by: Actor, place: Place, decision: LegalAct, context: Context
    ) -> Outcome:
        """Close the agency's appraisal by a decision of the council."""
        permit(by, "approve-appraisal", agency=place.agency)
        sitting = await self._papers.sitting(by, place, context.at)
        return await self._handle(place, appraisal.ApproveAppraisal(sitting, decision), context)

    async def perform(self, command: Reaction, cause: Recorded, tracking: Tracking | None) -> None:
        """Do what the policy asked for, with what the agency presents by now."""
        permit(SYSTEM, "open-appraisal")
        place = Place(command.cycle, command.agency)
        present = replace(command, sheet=await self._papers.sheet(place))
        context = caused_by(cause, Context(at=self._clock.now(), actor=SYSTEM.reference))
        await self._own.handle(place.stream, appraisal.decider, present, context, tracking=tracking)

    async def _handle(self, place: Place, command: appraisal.Command, context: Context) -> Outcome:
        return await self._own.handle(place.stream, appraisal.decider, command, context)

    async def _sealed(self, ruling: Ruling, state: Appraisal) -> Verdict:
        if ruling.reason is None:
            return ruling.verdict
        known = _reasons(state, ruling.verdict.item)
        return replace(ruling.verdict, because=await self._seals.seal(ruling.reason, like=known))


def _reasons(state: Appraisal, item: str) -> Sequence[Sealed]:
    """The reasons that were given for rejecting the item, so that they can be recognised."""
    examined = state.items.get(item)
    if examined is None:
        return ()
    proposal = state.actions.get(examined.proposal)
    proposed = [proposal.proposed.because] if proposal else []
    match examined.decision:
        case events.ScoreRejected(because=because):
            return [because, *proposed]
        case events.ScoreRecognised() | None:
            return proposed
        case _:
            assert_never(examined.decision)
