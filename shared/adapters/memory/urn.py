"""The urn in memory."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.canonical import from_json, to_json
from shared.kernel.errors import Missing, Refused
from shared.ports import Chance, Draw, Invitation, Turnout


@dataclass(slots=True)
class _Box:
    """What one questionnaire has in the urn; answers as text, so that nobody holds a part."""

    waiting: list[str] = field(default_factory=list)
    drawn: dict[int, list[str]] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    discarded: int = 0
    shut: bool = False

    def holds(self, key: str, digest: str) -> bool:
        if self.dropped.get(key, digest) != digest:
            raise Refused("idempotency-key-reused", key=key)
        return key in self.dropped

    def put(self, texts: Sequence[str]) -> None:
        if self.shut:
            raise Refused("survey-closed")
        self.waiting += texts


class MemoryUrn:
    """An urn in memory."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._invitations: dict[str, tuple[str, Invitation]] = {}
        self._spent: set[str] = set()
        self._boxes: dict[str, _Box] = {}

    async def invite(self, questionnaire: str, invitations: Sequence[Invitation]) -> None:
        """Remember invitations; those that are known already stay as they are."""
        await asyncio.sleep(0)
        for invitation in invitations:
            self._invitations.setdefault(invitation.token_sha256, (questionnaire, invitation))

    async def invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""
        await asyncio.sleep(0)
        return self._invitation(questionnaire, token_sha256)

    async def spend(self, questionnaire: str, token_sha256: str, answer: Mapping[str, Any]) -> None:
        """Use up a token and drop the answer in, both or neither."""
        await asyncio.sleep(0)
        text = to_json(answer)
        self._invitation(questionnaire, token_sha256)
        if token_sha256 in self._spent:
            raise Refused("token-spent")
        self._box(questionnaire).put([text])
        self._spent.add(token_sha256)

    async def drop(
        self, questionnaire: str, key: str, answers: Sequence[Mapping[str, Any]], *, digest: str
    ) -> bool:
        """Put in answers collected elsewhere, once per key; False if the key was there already."""
        await asyncio.sleep(0)
        texts = [to_json(answer) for answer in answers]
        box = self._box(questionnaire)
        if box.holds(key, digest):
            return False
        box.put(texts)
        box.dropped[key] = digest
        return True

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        await asyncio.sleep(0)
        return self._box(questionnaire).holds(key, digest)

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""
        await asyncio.sleep(0)
        self._box(questionnaire).shut = True

    async def waiting(self, questionnaire: str) -> int:
        """How many answers have not been drawn and discarded."""
        await asyncio.sleep(0)
        box = self._box(questionnaire)
        return len(box.waiting) + sum(map(len, box.drawn.values()))

    async def draw(
        self, questionnaire: str, *, batch: int, least: int, most: int, leave: int = 0
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers, and `leave` some behind."""
        assert 1 <= least <= most, "a batch holds an answer"
        await asyncio.sleep(0)
        box = self._box(questionnaire)
        if batch <= box.discarded:
            return None
        if batch not in box.drawn:
            size = min(most, len(box.waiting) - leave)
            if size < least:
                return None
            order = self._chance.shuffled(len(box.waiting))
            box.drawn[batch] = [box.waiting[place] for place in order[:size]]
            box.waiting = [box.waiting[place] for place in order[size:]]
        return Draw(batch, [from_json(text) for text in box.drawn[batch]])

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget the answers of a drawn batch: they stand in the log now."""
        await asyncio.sleep(0)
        box = self._box(questionnaire)
        box.drawn.pop(batch, None)
        box.discarded = max(box.discarded, batch)

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """Invitations and answers by agency."""
        await asyncio.sleep(0)
        mine = [
            invitation for name, invitation in self._invitations.values() if name == questionnaire
        ]
        invited = Counter(invitation.agency for invitation in mine)
        answered = Counter(
            invitation.agency for invitation in mine if invitation.token_sha256 in self._spent
        )
        return {agency: Turnout(invited[agency], answered[agency]) for agency in sorted(invited)}

    def _box(self, questionnaire: str) -> _Box:
        return self._boxes.setdefault(questionnaire, _Box())

    def _invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        if token_sha256 not in self._invitations:
            raise Missing("token-unknown")
        name, invitation = self._invitations[token_sha256]
        if name != questionnaire:
            raise Refused("token-of-another-survey")
        return invitation
