"""What the rooms need of the outside world, and what it promises them, failure included.

Every port has one contract suite in tests/ports, which each of its adapters passes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.events.codec import Stored
from shared.events.envelope import Sealed


@dataclass(frozen=True, slots=True)
class Tracking:
    """How far a consumer has come in a source; positions count from 1, 0 is the beginning."""

    consumer: str
    position: int


@dataclass(frozen=True, slots=True)
class Logged:
    """A fact in a store's own log, which is its outbox: positions grow, and may have holes."""

    position: int
    fact: Stored


class EventStore(Protocol):
    """Streams of facts, and one log of them all in the order in which they were committed."""

    async def append(self, facts: Sequence[Stored], *, tracking: Tracking | None = None) -> None:
        """Record all of them and the tracking, durably, or nothing.

        Raises `Conflict("version-taken")` where a stream already has one of the versions, and
        `Conflict("already-tracked")` where the consumer is at that position or beyond.
        No facts with a tracking is allowed. Raises `Unavailable` while the database is away.
        """

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream with a version above `after`, in their order."""

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Up to `limit` facts with a position above `after`, and none is skipped for ever."""

    async def end(self) -> int:
        """The last position of the log; 0 while it is empty."""

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come; 0 if it never began."""


@dataclass(frozen=True, slots=True)
class Message:
    """A fact on its way to the topic; the key (the cycle) decides on the partition."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record of the topic, which took it at `appended_at`.

    Positions count from 1 in each partition.
    """

    partition: int
    position: int
    appended_at: datetime
    key: str
    body: bytes


class Subscription(Protocol):
    """One consumer's share of the topic."""

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records, in order within each partition; none if nothing came in time."""


class Stream(Protocol):
    """The topic `facts`: what every service tells the others."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order; returns when all are acknowledged.

        After a failure any prefix may have been taken, so that sending again repeats records.
        """

    def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AbstractAsyncContextManager[Subscription]:
        """Follow the topic as one member of a group.

        Each partition that is given to it is read from just behind `position_of(partition)`, which
        the consumer keeps itself.
        """


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a read model; a `body` of None is the mark of a deleted one."""

    id: str
    position: int
    body: Mapping[str, Any] | None


class Documents(Protocol):
    """Collections of JSON documents, each guarded by the position that it was made from."""

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position."""

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""

    async def drop(self, collection: str) -> None:
        """Forget a collection; nothing happens if it is not there."""


class Files(Protocol):
    """Files by their content. What is stored stays; the same content is stored once."""

    async def put(self, chunks: AsyncIterator[bytes], *, sha256: str, bytes_max: int) -> int:
        """Store a file while it streams in; returns its size in bytes.

        Raises `Refused("file-too-large")` or `Refused("file-hash-differs")`, and keeps nothing.
        """

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""

    def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The content in chunks; raises `Missing("file-unknown")`."""


class Seals(Protocol):
    """Seals free text, so that it can be shredded later without a trace in the log."""

    async def seal(self, text: str, *, like: Sequence[Sealed] = ()) -> Sealed:
        """Seal under a new key, kept before this returns.

        Where one of `like` already holds this very text, that one is returned: saying it again is
        no news.
        """

    async def open(self, sealed: Sealed) -> str | None:
        """The text, or None if its key was shredded."""

    async def shred(self, key: str) -> None:
        """Delete a key; deleting it again does nothing."""

    def digest(self, body: bytes) -> str:
        """A digest, keyed by a secret of the service, that tells nothing to who lacks the key."""


class Clock(Protocol):
    """The time, always with its zone."""

    def now(self) -> datetime:
        """This instant, in UTC."""


class Chance(Protocol):
    """Randomness, fit for secrets in production and seeded in a simulation."""

    def token(self) -> str:
        """A new secret of 128 bits or more, safe in a URL."""

    def shuffled(self, count: int) -> Sequence[int]:
        """The numbers 0 .. count - 1 in an order that nobody can foresee."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The right to answer a questionnaire once, about one agency; only the token's hash is kept."""

    token_sha256: str
    agency: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many were invited about an agency, and how many of the invitations were used."""

    invited: int
    answered: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Answers that left the urn together, shuffled; the same until they are discarded."""

    batch: int
    answers: Sequence[Mapping[str, Any]]


class Urn(Protocol):
    """Where answers wait until they are counted, apart from who gave them.

    A questionnaire is named `cycle/questionnaire`.
    """

    async def invite(self, questionnaire: str, invitations: Sequence[Invitation]) -> None:
        """Remember invitations; those that are known already stay as they are."""

    async def invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""

    async def spend(self, questionnaire: str, token_sha256: str, answer: Mapping[str, Any]) -> None:
        """Use up a token and drop the answer in, both or neither, sharing nothing afterwards.

        Raises `Refused("token-spent")` the second time, `Refused("survey-closed")` once the urn
        is shut, and what `invitation` raises.
        """

    async def drop(
        self, questionnaire: str, key: str, answers: Sequence[Mapping[str, Any]], *, digest: str
    ) -> bool:
        """Put in answers collected elsewhere, once per key; False if the key was there already.

        Raises `Refused("survey-closed")` for a new key once the urn is shut, and
        `Refused("idempotency-key-reused")` where the key was there with another digest.
        """

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there; raises where it came with another digest, as `drop` does."""

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on, so that what is waiting is all there will be."""

    async def waiting(self, questionnaire: str) -> int:
        """How many answers have not been drawn and discarded."""

    async def draw(self, questionnaire: str, *, batch: int, least: int, most: int) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers; None if fewer are waiting.

        A batch once drawn is drawn again unchanged until it is discarded, also after a crash; a
        batch that was discarded, or one before it, is never drawn again (None).
        """

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget the answers of a drawn batch: they stand in the log now."""

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """Invitations and answers by agency."""
