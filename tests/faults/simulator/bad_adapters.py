"""Stores as somebody might have written them, each breaking one promise of its port."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shared.adapters.memory import MemoryDocuments, MemoryEventStore, MemoryUrn
from shared.events.codec import Stored
from shared.ports import Box, Document, Draw, Logged, Slip, Tracking

HIDDEN_FOR_S = 0.02


class TrustingStore(MemoryEventStore):
    """Does not look whether a version is taken: the last one wins."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record what is new, and overwrite what is not."""
        known = [fact for fact in facts if (fact.stream, fact.version) in self._facts]
        new = [fact for fact in facts if fact not in known]
        await super().append(new, tracking=tracking, behind=behind)
        for fact in known:
            place = (fact.stream, fact.version)
            before, self._facts[place] = self._facts[place], fact
            self._log = [
                replace(logged, fact=fact) if logged.fact is before else logged
                for logged in self._log
            ]


class UnorderedStore(MemoryEventStore):
    """Shows positions in another order than theirs, as a database's sequence does."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden: set[int] = set()

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record; the first new position is seen after those behind it."""
        await super().append(facts, tracking=tracking, behind=behind)
        if facts:
            hidden = len(self._log) - len(facts) + 1
            self._hidden.add(hidden)
            await asyncio.sleep(HIDDEN_FOR_S)
            self._hidden.discard(hidden)

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Those that can be seen."""
        logged = await super().log(after=after, limit=limit)
        return [each for each in logged if each.position not in self._hidden]


class OverwritingDocuments(MemoryDocuments):
    """Writes a document over a newer one."""

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one."""
        kept = self._collections.setdefault(collection, {})
        for document in documents:
            kept.pop(document.id, None)
        await super().put(collection, documents)


class ForgetfulUrn(MemoryUrn):
    """Does not set aside what it has given away."""

    async def draw(
        self,
        questionnaire: str,
        boxes: Sequence[Box],
        *,
        batch: int,
        least: int,
        most: int,
        leave: int = 0,
    ) -> Draw | None:
        """Draw a batch, and forget it."""
        drawn = await super().draw(
            questionnaire, boxes, batch=batch, least=least, most=most, leave=leave
        )
        self._polls[questionnaire].drawn.pop(batch, None)
        return drawn


class GenerousUrn(MemoryUrn):
    """Takes an answer before it looks whether the token is spent."""

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Put the slip in, and use up the token; whoever sends it again has a new receipt."""
        held = self._rights.get(token_sha256)
        if held is not None:
            self._rights[token_sha256] = replace(held, used=0)
        again = replace(slip, receipt=self._chance.token())
        await super().spend(questionnaire, token_sha256, again, day=day)
