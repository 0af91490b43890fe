"""Drafts in memory."""

import asyncio
from collections.abc import Sequence

from shared.kernel.errors import Refused
from shared.ports import FIRST_PILE, PERSONS_MAX, Draft, KeptPile, PileName, Typed


class MemoryDrafts:
    """Drafts in memory."""

    def __init__(self) -> None:
        self._piles: dict[tuple[str, str], dict[str, Draft]] = {}
        self._agreed: set[tuple[str, str]] = set()
        self._given_up: set[tuple[str, str]] = set()

    async def put(self, questionnaire: str, pile: str, draft: Draft) -> None:
        """Keep a person's draft of a pile, in place of the one that they had."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        if place in self._agreed:
            raise Refused("pile-agreed", pile=pile)
        if place in self._given_up:
            raise Refused("pile-given-up", pile=pile)
        drafts = self._piles.get(place, {})
        if draft.person not in drafts and len(drafts) >= PERSONS_MAX:
            raise Refused("pile-typed-by-two", pile=pile)
        self._piles[place] = {**drafts, draft.person: draft}

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile, all of one moment."""
        await asyncio.sleep(0)
        return self._typed((questionnaire, pile))

    async def agree(self, questionnaire: str, pile: str, revisions: Sequence[str]) -> bool:
        """Let the drafts of a pile change no more, if these are their revisions."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        drafts = self._piles.get(place, {}).values()
        if not drafts or {draft.revision for draft in drafts} != set(revisions):
            return False
        if place in self._given_up:
            return False
        self._agreed.add(place)
        return True

    async def give_up(self, questionnaire: str, pile: str) -> Typed:
        """Let nobody agree upon the drafts of a pile any more, unless that was done before."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        if place in self._piles and place not in self._agreed:
            self._given_up.add(place)
        return self._typed(place)

    async def forget(self, questionnaire: str, pile: str) -> None:
        """Forget the drafts of a pile."""
        await asyncio.sleep(0)
        self._piles.pop((questionnaire, pile), None)
        self._agreed.discard((questionnaire, pile))
        self._given_up.discard((questionnaire, pile))

    async def piles(
        self, questionnaire: str | None = None, *, after: PileName = FIRST_PILE, limit: int
    ) -> Sequence[KeptPile]:
        """The piles with drafts behind `after` by their names."""
        await asyncio.sleep(0)
        found = [
            KeptPile(
                *place,
                tuple(sorted(drafts)),
                tuple(drafts[person].revision for person in sorted(drafts)),
                place in self._agreed,
            )
            for place, drafts in sorted(self._piles.items())
            if questionnaire in {None, place[0]} and place > after
        ]
        return found[:limit]

    def _typed(self, place: tuple[str, str]) -> Typed:
        drafts = self._piles.get(place, {})
        ordered = tuple(drafts[person] for person in sorted(drafts))
        return Typed(ordered, place in self._agreed, place in self._given_up)
