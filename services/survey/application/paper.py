"""Answers that were given on paper: two people type in the same pile, and one goes into the urn.

    put     a draft of each person
    agree   the drafts are alike, and change no more
    drop    the answers into the urn, under the name of the pile
    record  that the pile was entered
    forget  the drafts

Whatever crashes in between, the steps are taken again from the first that may not have been done:
the urn takes a name once, the log says it once, and until then the drafts are there. They are
agreed upon first, so that nothing else is ever dropped under that name. What is in no urn when the
survey closes is in none for ever: it is given up, and its drafts are forgotten as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from services.survey.application.shelf import Shelf, stream, urn_name
from services.survey.domain import paper
from services.survey.domain import questionnaire as domain
from services.survey.domain.filled import comments_of
from services.survey.domain.token import receipt_of
from shared.events import survey as events
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
    Slip,
    Typed,
    Urn,
)
from shared.runtime.apart import apart
from shared.runtime.handle import Outcome

PILES_MAX = 200
"""So many piles of a questionnaire wait to be agreed upon at most."""

PILES_FINISHED_MAX = 200
"""So many piles are looked at in one turn, of all questionnaires; the next goes on behind them."""

FLAWS_MAX = 100

LAPSED = "Khảo sát đã đóng trước khi hai người nhập giống nhau."
"""Why a pile is given up that nobody gave up: the survey closed before two had typed it alike."""

Status = Literal["typed-once", "different", "agreed", "entered", "given-up"]
Place = tuple[str, str]


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
        self._shelf = shelf
        self._urn = urn
        self._drafts = drafts
        self._seals = seals
        self._clock = clock
        self._chance = chance
        self._after = FIRST_PILE

    async def type_in(
        self, by: Actor, at: Place, pile: str, forms: Sequence[paper.Form], context: Context
    ) -> Pile:
        """Type in a pile, or correct what one typed; where two typed it alike, it goes in.

        What one of the two says of a pile that is in already changes nothing.
        Raises `Refused("forms-invalid")` with the flaws, and what `Drafts.put` and `Urn.drop`
        raise.
        """
        permit(by, "enter-responses")
        state, cycle = await self._shelf.questionnaire(*at), await self._shelf.cycle(at[0])
        if domain.was_entered_by(state, pile, by.reference):
            return Pile(pile, "entered")
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
        await self._settle(at, pile)
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

        A pile that both typed alike goes in, unless the urn was shut before.
        """
        permit(by, "enter-responses")
        typed = await self._drafts.typed(urn_name(*at), pile)
        if typed.agreed and await self._goes_in(at, pile, typed):
            await self._enter(at, pile, typed)
        because = await self._seals.seal(reason)
        command = domain.GiveUpPile(pile, because, typed=bool(typed.drafts))
        outcome = await self._shelf.decide(*at, command, context)
        await self._drafts.forget(urn_name(*at), pile)
        return outcome

    async def finish_all(self, piles_max: int = PILES_FINISHED_MAX) -> int:
        """Take the steps that a crash or a closing left open, of the next piles; of how many."""
        finished = 0
        found = await self._drafts.piles(after=self._after, limit=piles_max)
        is_last = len(found) < piles_max
        self._after = FIRST_PILE if is_last else (found[-1].questionnaire, found[-1].pile)
        for kept in found:
            finished += await apart(self._finish(kept), stream(*_place(kept)))
        return finished

    async def _finish(self, kept: KeptPile) -> int:
        at = _place(kept)
        state = await self._shelf.questionnaire(*at)
        if kept.pile in {*state.piles, *state.given_up}:
            await self._drafts.forget(kept.questionnaire, kept.pile)
            return 1
        typed = await self._drafts.typed(kept.questionnaire, kept.pile)
        if typed.agreed and await self._goes_in(at, kept.pile, typed):
            await self._enter(at, kept.pile, typed)
            return 1
        if not state.closed:
            return 0
        # The urn was shut before the log said so, and the drafts were looked at after that.
        await self._lapse(at, kept.pile)
        return 1

    async def _lapse(self, at: Place, pile: str) -> None:
        command = domain.GiveUpPile(pile, await self._seals.seal(LAPSED), typed=True)
        context = Context(at=self._clock.now(), actor=SYSTEM.reference)
        await self._shelf.decide(*at, command, context)
        await self._drafts.forget(urn_name(*at), pile)

    async def _goes_in(self, at: Place, pile: str, typed: Typed) -> bool:
        """Whether a pile that is agreed upon is in the urn, or still can be put there."""
        if not (await self._shelf.questionnaire(*at)).closed:
            return True
        return await self._urn.dropped(urn_name(*at), _key(pile), digest=_digest(typed))

    async def _is_agreed(
        self, by: Actor, at: Place, pile: str, forms: Sequence[paper.Form]
    ) -> bool:
        """Whether a person says again what was agreed upon, and goes on from there."""
        typed = await self._drafts.typed(urn_name(*at), pile)
        mine = (draft.content for draft in typed.drafts if draft.person == by.reference)
        return typed.agreed and any(not _differ(content, forms) for content in mine)

    async def _require_room(self, at: Place, pile: str) -> None:
        kept = await self._drafts.piles(urn_name(*at), limit=PILES_MAX)
        if len(kept) >= PILES_MAX and pile not in {each.pile for each in kept}:
            raise Refused("piles-too-many", maximum=str(PILES_MAX))

    async def _settle(self, at: Place, pile: str) -> None:
        """Put the pile in if both typed it alike; whoever types last comes by here last."""
        typed = await self._drafts.typed(urn_name(*at), pile)
        if len(typed.drafts) < PERSONS_MAX:
            return
        one, other = typed.drafts
        if _differ(one.content, paper.from_document(other.content)):
            return
        revisions = [draft.revision for draft in typed.drafts]
        if await self._drafts.agree(urn_name(*at), pile, revisions):
            await self._enter(at, pile, typed)

    async def _enter(self, at: Place, pile: str, typed: Typed) -> None:
        """Drop, record and forget a pile that is agreed upon; each of them is done once."""
        if not typed.drafts:
            return  # Another process has forgotten them since, and has done the rest before.
        state = await self._shelf.questionnaire(*at)
        forms = paper.from_document(typed.drafts[0].content)
        slips = [(form.agency, self._slip(domain.adopted_in(state), form)) for form in forms]
        await self._urn.drop(urn_name(*at), _key(pile), slips, digest=_digest(typed))
        by = tuple(draft.person for draft in typed.drafts)
        command = domain.EnterPile(pile, paper.by_agency(forms), by)
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        await self._shelf.decide(*at, command, Context(at=day))
        await self._drafts.forget(urn_name(*at), pile)

    def _slip(self, adopted: events.QuestionnaireAdopted, form: paper.Form) -> Slip:
        """Nobody holds the receipt of a form on paper."""
        receipt = receipt_of(self._chance.token())
        return Slip(paper.answer(adopted, form), receipt, comments_of(form.filled))

    async def _seen(self, by: Actor, at: Place, pile: str) -> Pile:
        typed = await self._drafts.typed(urn_name(*at), pile)
        if not typed.drafts or typed.agreed:
            state = await self._shelf.questionnaire(*at)
            domain.require_known(state, pile, typed=bool(typed.drafts))
            return Pile(pile, _status(state, pile))
        mine = [draft for draft in typed.drafts if draft.person == by.reference]
        forms = paper.from_document(mine[0].content) if mine else ()
        status: Status = "typed-once" if len(typed.drafts) < PERSONS_MAX else "different"
        found: Sequence[paper.Difference] = ()
        if mine and status == "different":
            theirs = [draft for draft in typed.drafts if draft.person != by.reference]
            other = paper.from_document(theirs[0].content)
            found = paper.told(list(paper.differences(forms, other)), len(forms))
        return Pile(pile, status, len(typed.drafts), forms, found)


def _status(state: domain.Questionnaire, pile: str) -> Status:
    if pile in state.piles:
        return "entered"
    return "given-up" if pile in state.given_up else "agreed"


def _differ(content: Mapping[str, Any], forms: Sequence[paper.Form]) -> bool:
    return any(paper.differences(paper.from_document(content), forms))


def _key(pile: str) -> str:
    return f"pile {pile}"


def _digest(typed: Typed) -> str:
    """The revisions stand for what was agreed upon, and say nothing of it."""
    return " ".join(draft.revision for draft in typed.drafts)


def _place(kept: KeptPile) -> Place:
    cycle, name = kept.questionnaire.split("/")
    return cycle, name
