"""Answers that were given on paper: two people type in the same pile, and one goes into the urn.

    put     a draft of each person
    agree   the drafts are alike, and change no more
    drop    the answers into the urn, under the name of the pile
    record  that the pile was entered
    forget  the drafts

Whatever crashes in between, the steps are taken again from the first that may not have been done:
the urn takes a name once, the log says it once, and until then the drafts are there. They are
agreed upon first, so that nothing else is ever dropped under that name. What two typed alike goes
in also where the second heard nothing any more: the worker goes on from the drafts, and so does the
closing before it shuts the urn.

    give up   the drafts, which nobody can agree upon any more
    record    that the pile was given up
    forget    the drafts

Whether a pile goes in or comes to nothing is settled among its drafts, by which of the two steps
was first. What is in no urn when the survey closes is in none for ever: it is given up as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from services.survey.application.entering import Entering, differ, is_alike
from services.survey.application.shelf import Place, Shelf, stream, urn_name
from services.survey.domain import paper
from services.survey.domain import questionnaire as domain
from shared.events.envelope import Context
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Refused
from shared.ports import (
    FIRST_PILE,
    PERSONS_MAX,
    Chance,
    Clock,
    Draft,
    Drafts,
    KeptPile,
    Seals,
    Typed,
    Urn,
)
from shared.runtime.apart import Bookmark
from shared.runtime.handle import Outcome

PILES_MAX = 200
"""So many piles of a questionnaire wait to be agreed upon at most."""

PILES_FINISHED_MAX = 200
"""So many piles are looked at in one turn, of all questionnaires; the next goes on behind them."""

FLAWS_MAX = 100

LAPSED = "Khảo sát đã đóng trước khi hai người nhập giống nhau."
"""Why a pile is given up that nobody gave up: the survey closed before two had typed it alike."""

TOO_LATE = (
    "Hai người đã nhập giống nhau, nhưng khảo sát đã đóng trước khi tập phiếu vào thùng phiếu."
)
"""Why a pile is given up that two had typed alike: the urn was shut before it was put in."""

Status = Literal["typed-once", "different", "agreed", "entered", "given-up"]


@dataclass(frozen=True, slots=True)
class Pile:
    """How far a pile is, as one person may see it.

    `forms` are those that the person typed in; `differences` are known to who typed it in alone.
    """

    name: str
    status: Status
    persons: int = 0
    forms: Sequence[paper.Form] = ()
    differences: Sequence[paper.Difference] = ()


class Paper:
    """Operators type in what people filled in by hand, each pile twice."""

    def __init__(
        self, shelf: Shelf, urn: Urn, drafts: Drafts, seals: Seals, clock: Clock, chance: Chance
    ) -> None:
        self._entering = Entering(shelf, urn, drafts, clock, chance)
        self._shelf = shelf
        self._drafts = drafts
        self._seals = seals
        self._clock = clock
        self._chance = chance
        self._finished = Bookmark(FIRST_PILE)

    async def type_in(
        self, by: Actor, at: Place, pile: str, forms: Sequence[paper.Form], context: Context
    ) -> Pile:
        """Type in a pile, or correct what one typed; where two typed it alike, it goes in.

        Raises `Refused("forms-invalid")` with the flaws, `Refused("pile-entered")` of a pile that
        is in, to the two as to anybody: what they typed is forgotten, and nobody can tell whether
        this is it again or another pile under the same name. And what `Drafts.put` and `Urn.drop`
        raise.
        """
        permit(by, "enter-responses")
        state, cycle = await self._shelf.questionnaire(*at), await self._shelf.cycle(at[0])
        domain.require_taking(state, cycle, context.at)
        domain.require_undecided(state, pile)
        flaws = tuple(islice(paper.flaws(state, cycle, forms), FLAWS_MAX))
        if flaws:
            raise Refused("forms-invalid", flaws=flaws)
        if not await self._is_agreed(by, at, pile, forms):
            await self._require_room(at, pile)
            draft = Draft(by.reference, self._chance.token(), paper.to_document(forms))
            await self._drafts.put(urn_name(*at), pile, draft)
        # It may have been over by then; what came too late is forgotten by `finish_all`.
        now = await self._shelf.questionnaire(*at)
        domain.require_undecided(now, pile)
        domain.require_not_closed(now)
        await self._entering.settle(at, pile)
        return await self._seen(by, at, pile)

    async def read(self, by: Actor, at: Place, pile: str) -> Pile:
        """How far a pile is; what others typed shows who typed it in as well, where it differs."""
        permit(by, "enter-responses")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        return await self._seen(by, at, pile)

    async def waiting(self, by: Actor, at: Place) -> Sequence[KeptPile]:
        """The piles that were typed in and are not in the urn."""
        permit(by, "enter-responses")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        return await self._drafts.piles(urn_name(*at), limit=PILES_MAX)

    async def give_up(
        self, by: Actor, at: Place, pile: str, reason: str, context: Context
    ) -> Outcome:
        """Forget what was typed in of a pile, for a reason; its name is not used again.

        A pile that was agreed upon goes in, unless the urn was shut before. Where it crashes,
        nobody types in the pile any more, and whoever gives it up again says why.
        """
        permit(by, "enter-responses")
        because = await self._seals.seal(reason)
        typed = await self._drafts.give_up(urn_name(*at), pile)
        if typed.agreed and await self._entering.goes_in(at, pile, typed):
            await self._entering.enter(at, pile, typed)
        command = domain.GiveUpPile(pile, because, typed=bool(typed.drafts))
        outcome = await self._shelf.decide(*at, command, context)
        await self._drafts.forget(urn_name(*at), pile)
        return outcome

    async def finish_all(self, piles_max: int = PILES_FINISHED_MAX) -> int:
        """Take the steps that a crash or a closing left open, of the next piles; of how many."""
        found = await self._drafts.piles(after=self._finished.after, limit=piles_max)
        met = [((kept.questionnaire, kept.pile), kept) for kept in found]
        finished = await self._finished.go_on(met, self._finish, lambda kept: stream(*_place(kept)))
        if len(found) < piles_max:
            self._finished.begin_anew()
        return finished

    async def _finish(self, kept: KeptPile) -> int:
        at = _place(kept)
        state = await self._shelf.questionnaire(*at)
        if kept.pile in {*state.piles, *state.given_up}:
            await self._drafts.forget(kept.questionnaire, kept.pile)
            return 1
        if not state.closed:
            return await self._entering.settle_kept(at, kept)
        typed = await self._drafts.give_up(kept.questionnaire, kept.pile)
        if typed.agreed and await self._entering.goes_in(at, kept.pile, typed):
            await self._entering.enter(at, kept.pile, typed)
            return 1
        if not typed.drafts:
            return 0
        # The urn was shut before the log said so, and the drafts were looked at after that.
        await self._lapse(at, kept.pile, TOO_LATE if is_alike(typed) else LAPSED)
        return 1

    async def _lapse(self, at: Place, pile: str, reason: str) -> None:
        command = domain.GiveUpPile(pile, await self._seals.seal(reason), typed=True)
        context = Context(at=self._clock.now(), actor=SYSTEM.reference)
        await self._shelf.decide(*at, command, context)
        await self._drafts.forget(urn_name(*at), pile)

    async def _is_agreed(
        self, by: Actor, at: Place, pile: str, forms: Sequence[paper.Form]
    ) -> bool:
        """Whether a person says again what was agreed upon, and goes on from there."""
        typed = await self._drafts.typed(urn_name(*at), pile)
        mine = (draft.content for draft in typed.drafts if draft.person == by.reference)
        return typed.agreed and any(not differ(content, forms) for content in mine)

    async def _require_room(self, at: Place, pile: str) -> None:
        kept = await self._drafts.piles(urn_name(*at), limit=PILES_MAX)
        if len(kept) >= PILES_MAX and pile not in {each.pile for each in kept}:
            raise Refused("piles-too-many", maximum=str(PILES_MAX))

    async def _seen(self, by: Actor, at: Place, pile: str) -> Pile:
        typed = await self._drafts.typed(urn_name(*at), pile)
        if not typed.drafts or typed.agreed or typed.given_up:
            state = await self._shelf.questionnaire(*at)
            domain.require_known(state, pile, typed=bool(typed.drafts))
            return Pile(pile, _status(state, pile, typed))
        mine = [draft for draft in typed.drafts if draft.person == by.reference]
        forms = paper.from_document(mine[0].content) if mine else ()
        status = _standing(typed)
        found: Sequence[paper.Difference] = ()
        if mine and status == "different":
            theirs = [draft for draft in typed.drafts if draft.person != by.reference]
            other = paper.from_document(theirs[0].content)
            found = paper.told(list(paper.differences(forms, other)), len(forms))
        return Pile(pile, status, len(typed.drafts), forms, found)


def _status(state: domain.Questionnaire, pile: str, typed: Typed) -> Status:
    if pile in state.piles:
        return "entered"
    return "given-up" if typed.given_up or pile in state.given_up else "agreed"


def _standing(typed: Typed) -> Status:
    """How far a pile is that nobody has agreed upon."""
    if len(typed.drafts) < PERSONS_MAX:
        return "typed-once"
    # What both typed alike is about to go in: whoever typed last is at it, or else the worker.
    return "agreed" if is_alike(typed) else "different"


def _place(kept: KeptPile) -> Place:
    cycle, name = kept.questionnaire.split("/")
    return cycle, name
