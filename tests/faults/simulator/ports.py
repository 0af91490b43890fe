"""The ports of one process, over memory that outlives it: each call may meet a fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from shared.events.codec import Stored
from shared.ports import (
    Box,
    Claim,
    Comment,
    Document,
    Documents,
    Draw,
    EventStore,
    Logged,
    Right,
    Slip,
    Standing,
    Tracking,
    Turnout,
    Urn,
    Verdict,
)
from tests.faults.simulator.faults import DRAW, PUT, READ, TRACKED, WRITE
from tests.faults.simulator.life import Life


@dataclass(slots=True)
class News:
    """How often something new came to a place, so that nobody has to look in vain."""

    heard: int = 0


class FaultyStore:
    """An event store at the end of a bad line; what it does, it does whole or not at all."""

    def __init__(self, store: EventStore, news: "News", life: Life) -> None:
        self._store = store
        self._news = news
        self._life = life

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """As the port says."""
        peril = WRITE if tracking is None else TRACKED
        await self._life.call(peril, lambda: self._append(facts, tracking, behind=behind))

    async def _append(
        self, facts: Sequence[Stored], tracking: Tracking | None, *, behind: Stored | None
    ) -> None:
        await self._store.append(facts, tracking=tracking, behind=behind)
        if facts:
            self._news.heard += 1

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """As the port says."""
        return await self._life.call(
            READ, lambda: self._store.stream(stream, after=after, limit=limit)
        )

    async def last(self, stream: str) -> Stored | None:
        """As the port says."""
        return await self._life.call(READ, lambda: self._store.last(stream))

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._store.log(after=after, limit=limit))

    async def end(self) -> int:
        """As the port says."""
        return await self._life.call(READ, self._store.end)

    async def tracked(self, consumer: str) -> int:
        """As the port says."""
        return await self._life.call(READ, lambda: self._store.tracked(consumer))

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """As the port says."""
        return await self._life.call(
            READ, lambda: self._store.streams(prefix, after=after, limit=limit)
        )


class FaultyDocuments:
    """Documents at the end of a bad line; only one of them changes at once."""

    def __init__(self, documents: Documents, life: Life) -> None:
        self._documents = documents
        self._life = life

    async def get(self, collection: str, identity: str) -> Document | None:
        """As the port says."""
        return await self._life.call(READ, lambda: self._documents.get(collection, identity))

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._documents.many(collection, identities))

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """As the port says; a failure may leave any part of it done."""
        life = self._life
        life.require()
        kind = life.faults.draw(PUT)
        if kind == "partial":
            life.note(kind)
            some = documents[: life.faults.some(len(documents) + 1)]
            await self._documents.put(collection, some)
            kind = "crash-before" if life.faults.flip() else "unavailable-before"
        if kind is None:
            await self._documents.put(collection, documents)
        else:
            await life.suffer(kind, lambda: self._documents.put(collection, documents))
        life.require()

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """As the port says."""
        page = self._documents.page
        return await self._life.call(
            READ, lambda: page(collection, prefix=prefix, after=after, limit=limit)
        )

    async def drop(self, collection: str) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._documents.drop(collection))


class FaultyUrn:
    """An urn at the end of a bad line."""

    def __init__(self, urn: Urn, life: Life) -> None:
        self._urn = urn
        self._life = life

    async def grant(self, questionnaire: str, rights: Sequence[Right]) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._urn.grant(questionnaire, rights))

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.right(questionnaire, token_sha256))

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.unused(questionnaire, tokens_sha256))

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._urn.revoke(questionnaire, token_sha256))

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """As the port says."""
        spend = self._urn.spend
        await self._life.call(WRITE, lambda: spend(questionnaire, token_sha256, slip, day=day))

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """As the port says."""
        exchange = self._urn.exchange
        return await self._life.call(
            WRITE, lambda: exchange(questionnaire, token_sha256, blinded_sha256)
        )

    async def end_exchange(self, questionnaire: str) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._urn.end_exchange(questionnaire))

    async def ballots_out(self, questionnaire: str) -> int:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.ballots_out(questionnaire))

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """As the port says."""
        cast = self._urn.cast
        await self._life.call(WRITE, lambda: cast(questionnaire, agency, ballot_sha256, slip))

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """As the port says."""
        drop = self._urn.drop
        return await self._life.call(WRITE, lambda: drop(questionnaire, key, slips, digest=digest))

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """As the port says."""
        dropped = self._urn.dropped
        return await self._life.call(READ, lambda: dropped(questionnaire, key, digest=digest))

    async def shut(self, questionnaire: str) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._urn.shut(questionnaire))

    async def standing(self, questionnaire: str) -> Standing:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.standing(questionnaire))

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.waiting(questionnaire))

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.drawn(questionnaire))

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
        """As the port says."""
        draw = partial(self._urn.draw, batch=batch, least=least, most=most, leave=leave)
        return await self._life.call(DRAW, lambda: draw(questionnaire, boxes))

    async def discard(self, questionnaire: str, batch: int) -> None:
        """As the port says."""
        await self._life.call(DRAW, lambda: self._urn.discard(questionnaire, batch))

    async def know_counted(
        self, questionnaire: str, receipts: Sequence[str], *, batch: int
    ) -> None:
        """As the port says."""
        know = partial(self._urn.know_counted, questionnaire, receipts, batch=batch)
        await self._life.call(WRITE, know)

    async def stir(self) -> int:
        """As the port says."""
        return await self._life.call(WRITE, self._urn.stir)

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """As the port says."""
        release = partial(self._urn.release, least=least, leave=leave)
        return await self._life.call(WRITE, lambda: release(questionnaire))

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """As the port says."""
        comments = partial(self._urn.comments, limit=limit, after=after)
        return await self._life.call(READ, lambda: comments(questionnaire))

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """As the port says."""
        claim = partial(self._urn.claim_comment, text=text)
        return await self._life.call(WRITE, lambda: claim(questionnaire, name, verdict))

    async def claimed(self, *, after: str = "", limit: int) -> Sequence[Claim]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.claimed(after=after, limit=limit))

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """As the port says."""
        await self._life.call(WRITE, lambda: self._urn.remove_comment(questionnaire, name))

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """As the port says."""
        return await self._life.call(READ, lambda: self._urn.turnout(questionnaire))
