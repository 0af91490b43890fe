"""What takes two people: answers that were counted and are not to count."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.survey.application.shelf import Place, Shelf
from services.survey.domain import questionnaire as domain
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing
from shared.ports import Seals, read_out
from shared.runtime.handle import Outcome


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, its reason, and the responses that it names."""

    exclusion: domain.Exclusion
    because: str
    responses: Sequence[events.Response]


@dataclass(frozen=True, slots=True)
class Counted:
    """A response of a batch, and whether it was taken out."""

    response: events.Response
    excluded: bool


class Exclusions:
    """One proposes to exclude answers, and another agrees. They stay in the log."""

    def __init__(self, shelf: Shelf, seals: Seals) -> None:
        self._shelf = shelf
        self._seals = seals

    async def propose(
        self,
        by: Actor,
        at: Place,
        places: tuple[int, tuple[int, ...]],
        reason: str,
        context: Context,
    ) -> Outcome:
        """Propose it for the questionnaire `at` (cycle, name), for a reason.

        `places` is a batch, and the positions in it, from 0.
        """
        permit(by, "propose-exclusion")
        because = await self._seals.seal(reason)
        command = domain.ProposeExclusion(*places, because)
        return await self._shelf.decide(*at, command, context)

    async def second(self, by: Actor, at: Place, exclusion: str, context: Context) -> Outcome:
        """Agree to what another person proposed."""
        permit(by, "second-exclusion")
        command = domain.SecondExclusion(exclusion, by.reference)
        return await self._shelf.decide(*at, command, context)

    async def drop(
        self, by: Actor, at: Place, exclusion: str, reason: str, context: Context
    ) -> Outcome:
        """Let a proposal come to nothing, for a reason."""
        permit(by, "propose-exclusion")
        command = domain.DropExclusion(exclusion, await self._seals.seal(reason))
        return await self._shelf.decide(*at, command, context)

    async def listed(self, by: Actor, at: Place) -> Sequence[Proposed]:
        """All that were proposed, the first one first, with what whoever agrees has to know."""
        permit(by, "read-turnout")
        state = await self._shelf.questionnaire(*at)
        domain.adopted_in(state)
        return [
            Proposed(
                exclusion,
                await read_out(self._seals, exclusion.proposed.because),
                [
                    state.batches[exclusion.proposed.batch - 1][n]
                    for n in exclusion.proposed.positions
                ],
            )
            for exclusion in state.exclusions.values()
        ]

    async def batch(self, by: Actor, at: Place, number: int) -> Sequence[Counted]:
        """The responses of a batch in their places, as they were counted.

        Raises `Missing("batch-unknown")`.
        """
        permit(by, "read-turnout")
        state = await self._shelf.questionnaire(*at)
        domain.adopted_in(state)
        if not 1 <= number <= len(state.batches):
            raise Missing("batch-unknown", batch=str(number))
        return [
            Counted(response, excluded=(number, place) in state.excluded)
            for place, response in enumerate(state.batches[number - 1])
        ]
