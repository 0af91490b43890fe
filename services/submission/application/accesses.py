"""Who reads the evidence of others: for a reason, and recorded before the first byte is sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.submission.application.given import Place
from services.submission.application.shelf import Shelf
from services.submission.domain import access as domain
from services.submission.domain.duties import criteria_of
from services.submission.domain.submission import Situation
from services.submission.views import ACCESSES, accesses
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.view import Body
from shared.ports import Clock, Document, Seals
from shared.runtime.handle import Outcome


@dataclass(frozen=True, slots=True)
class Justified:
    """A reason that was taken, and until when it is good; None where that is over."""

    outcome: Outcome
    until: datetime | None


class Accesses:
    """The readings of evidence, each with its reason."""

    def __init__(self, shelf: Shelf, seals: Seals, clock: Clock) -> None:
        self._shelf = shelf
        self._seals = seals
        self._clock = clock

    async def justify(self, by: Actor, place: Place, because: str, context: Context) -> Justified:
        """Say why one reads the evidence of an agency; the text is sealed before it is recorded."""
        permit(by, "justify-reading", agency=place.agency)
        await self._shelf.reading(place.cycle, place.agency, context.at)
        stream = domain.stream(place.cycle, place.agency)
        known = await self._shelf.own.load(stream, domain.decider)
        given = known.justification(by.reference, context.at)
        sealed = await self._seals.seal(because, like=[given.because] if given else [])
        command = domain.JustifyReading(place.cycle, place.agency, by.reference, sealed, context.at)
        outcome = await self._shelf.own.handle(stream, domain.decider, command, context)
        good = outcome.state.justification(by.reference, context.at)
        return Justified(outcome, good.until if good else None)

    async def record(
        self,
        by: Actor,
        situation: Situation,
        file: tuple[str, Collection[str]],
        context: Context,
    ) -> None:
        """Keep that somebody is given a file: its SHA-256, and the items that it was for.

        What is the agency's own it reads without a trace. Others who have neither a duty nor a
        reason get `Forbidden("reading-needs-reason")`; it also raises what recording raises.
        """
        if by.role == "agency":
            return
        cycle, agency, (sha256, items) = situation.cycle, situation.agency, file
        duties = await self._shelf.duties(cycle.name)
        criteria = criteria_of(situation.cycle, agency, items)
        hands = (await self._shelf.submission(cycle.name, agency)).hands
        command = domain.ReadEvidence(
            cycle=cycle.name,
            agency=agency,
            by=by.reference,
            sha256=sha256,
            items=tuple(sorted(items)),
            duty=duties.of(by, agency, criteria, hands=hands),
            at=context.at,
        )
        stream = domain.stream(cycle.name, agency)
        await self._shelf.own.handle(stream, domain.decider, command, context)

    async def list(self, by: Actor, place: Place, *, after: str, limit: int) -> Sequence[Document]:
        """Who read what of an agency, and why, oldest first.

        The agency sees roles, and neither who it was nor the words of their reason.
        """
        permit(by, "read-accesses", agency=place.agency)
        await self._shelf.reading(place.cycle, place.agency, self._clock.now())
        documents = await self._shelf.documents()
        prefix = accesses.prefix(place.cycle, place.agency)
        found = await documents.page(ACCESSES.collection, prefix=prefix, after=after, limit=limit)
        return [replace(each, body=await self._shown(by, each.body)) for each in found]

    async def _shown(self, by: Actor, body: Body | None) -> Body:
        assert body is not None, "a page holds living documents"
        if by.role == "agency":
            return accesses.as_the_agency_sees(body)
        sealed = accesses.sealed_reason(body)
        return body if sealed is None else {**body, "reason": await self._seals.open(sealed)}
