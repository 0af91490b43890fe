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

    async def put(self, questionnaire: str, pile: str, draft: Draft) -> None:
        """Keep a person's draft of a pile, in place of the one that they had."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        if place in self._agreed:
            raise Refused("pile-agreed", pile=pile)
        drafts = self._piles.get(place, {})
        if draft.person not in drafts and len(drafts) >= PERSONS_MAX:
            raise Refused("pile-typed-by-two", pile=pile)
        self._piles[place] = {**drafts, draft.person: draft}

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile, all of one moment."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        drafts = self._piles.get(place, {})
        return Typed(tuple(drafts[person] for person in sorted(drafts)), place in self._agreed)

    async def agree(self, questionnaire: str, pile: str, revisions: Sequence[str]) -> bool:
        """Let the drafts of a pile change no more, if these are their revisions."""
        await asyncio.sleep(0)
        place = (questionnaire, pile)
        drafts = self._piles.get(place, {}).values()
        if not drafts or {draft.revision for draft in drafts} != set(revisions):
            return False
        self._agreed.add(place)
        return True

    async def forget(self, questionnaire: str, pile: str) -> None:
        """Forget the drafts of a pile."""
        await asyncio.sleep(0)
        self._piles.pop((questionnaire, pile), None)
        self._agreed.discard((questionnaire, pile))

    async def piles(
        self, questionnaire: str | None = None, *, after: PileName = FIRST_PILE, limit: int
    ) -> Sequence[KeptPile]:
        """The piles with drafts behind `after` by their names."""
        await asyncio.sleep(0)
        found = [
            KeptPile(*place, tuple(sorted(drafts)), place in self._agreed)
            for place, drafts in sorted(self._piles.items())
            if questionnaire in {None, place[0]} and place > after
        ]
        return found[:limit]
