"""Piles of paper forms that two typed alike: the steps from there into the urn.

    agree   the drafts are alike, and change no more
    drop    the answers into the urn, under the name of the pile
    record  that the pile was entered
    forget  the drafts

Each is safe to do twice, whoever did it before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.survey.application.shelf import Place, Shelf, stream, urn_name
from services.survey.domain import paper
from services.survey.domain import questionnaire as domain
from services.survey.domain.filled import comments_of
from services.survey.domain.token import receipt_of
from shared.events import survey as events
from shared.events.envelope import Context
from shared.ports import (
    FIRST_PILE,
    PERSONS_MAX,
    Chance,
    Clock,
    Drafts,
    KeptPile,
    Slip,
    Typed,
    Urn,
)
from shared.runtime.apart import apart

PILES_LISTED_MAX = 200
"""So many piles are listed at once."""

DIFFERENT_MAX = 10_000
"""So many piles are remembered as typed differently; of more, some are read again."""


class Entering:
    """Puts piles into the urn that two people typed alike."""

    def __init__(
        self, shelf: Shelf, urn: Urn, drafts: Drafts, clock: Clock, chance: Chance
    ) -> None:
        self._shelf = shelf
        self._urn = urn
        self._drafts = drafts
        self._clock = clock
        self._chance = chance
        self._different: dict[Sequence[str], None] = {}

    async def settle_kept(self, at: Place, kept: KeptPile) -> int:
        """The same as `settle` for a pile that waits, without reading it in vain.

        One person alone settles nothing, nor do two who were found to differ, until one of them
        corrects something: then a draft has another revision.
        """
        if kept.agreed or (
            len(kept.persons) == PERSONS_MAX and tuple(kept.revisions) not in self._different
        ):
            return await self.settle(at, kept.pile)
        return 0

    async def settle(self, at: Place, pile: str) -> int:
        """Put a pile in if two typed it alike; returns how many went in, 1 or 0.

        Whoever types last comes by here, and so do the worker and the closing: that person may
        have got no further than their draft. Raises what `Urn.drop` raises.
        """
        typed = await self._drafts.typed(urn_name(*at), pile)
        revisions = tuple(draft.revision for draft in typed.drafts)
        if not (typed.agreed or is_alike(typed)):
            self._remember_different(revisions)
            return 0
        if not await self._drafts.agree(urn_name(*at), pile, revisions):
            return 0
        await self.enter(at, pile, typed)
        return 1

    async def enter(self, at: Place, pile: str, typed: Typed) -> None:
        """Drop, record and forget a pile that is agreed upon; each of them is done once."""
        if not typed.drafts:
            return  # Another process has forgotten them since, and has done the rest before.
        state = await self._shelf.questionnaire(*at)
        if pile not in {*state.piles, *state.given_up}:
            await self._drop(at, pile, typed, domain.adopted_in(state))
        # Otherwise its name is used up, and nothing else is ever dropped under it.
        await self._drafts.forget(urn_name(*at), pile)

    async def goes_in(self, at: Place, pile: str, typed: Typed) -> bool:
        """Whether a pile that is agreed upon is in the urn, or still can be put there."""
        if not (await self._shelf.questionnaire(*at)).closed:
            return True
        return await self._urn.dropped(urn_name(*at), _key(pile), digest=_digest(typed))

    async def enter_all(self, at: Place, piles_max: int = PILES_LISTED_MAX) -> None:
        """Put in what waits of a questionnaire that two typed alike, before its urn is shut."""
        if (await self._urn.standing(urn_name(*at))).shut:
            return
        after = FIRST_PILE
        while found := await self._drafts.piles(urn_name(*at), after=after, limit=piles_max):
            for kept in found:
                await apart(self.settle_kept(at, kept), stream(*at))
            after = (found[-1].questionnaire, found[-1].pile)

    def _remember_different(self, revisions: Sequence[str]) -> None:
        if len(self._different) >= DIFFERENT_MAX:
            del self._different[next(iter(self._different))]
        self._different[revisions] = None

    async def _drop(
        self, at: Place, pile: str, typed: Typed, adopted: events.QuestionnaireAdopted
    ) -> None:
        forms = paper.from_document(typed.drafts[0].content)
        slips = [(form.agency, self._slip(adopted, form)) for form in forms]
        await self._urn.drop(urn_name(*at), _key(pile), slips, digest=_digest(typed))
        by = tuple(draft.person for draft in typed.drafts)
        command = domain.EnterPile(pile, paper.by_agency(forms), by)
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        await self._shelf.decide(*at, command, Context(at=day))

    def _slip(self, adopted: events.QuestionnaireAdopted, form: paper.Form) -> Slip:
        """Nobody holds the receipt of a form on paper."""
        receipt = receipt_of(self._chance.token())
        return Slip(paper.answer(adopted, form), receipt, comments_of(form.filled))


def is_alike(typed: Typed) -> bool:
    """Whether two people typed a pile in, and both the same."""
    if len(typed.drafts) < PERSONS_MAX:
        return False
    one, other = typed.drafts
    return not differ(one.content, paper.from_document(other.content))


def differ(content: Mapping[str, Any], forms: Sequence[paper.Form]) -> bool:
    """Whether a draft says something else than these forms."""
    return any(paper.differences(paper.from_document(content), forms))


def _key(pile: str) -> str:
    return f"pile {pile}"


def _digest(typed: Typed) -> str:
    """The revisions stand for what was agreed upon, and say nothing of it."""
    return " ".join(draft.revision for draft in typed.drafts)
