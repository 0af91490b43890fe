"""Seals, time and chance, and the other processes of the same service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from shared.events.envelope import Sealed

Purpose = Literal["request", "invitation", "link", "stamp", "comment"]
"""What a digest is made for: repeated requests, tokens, stamps of forms, or comments."""


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

    def digest(self, purpose: Purpose, body: bytes) -> str:
        """A digest, keyed by a secret of the service, that tells nothing to who lacks the key.

        What is made for one purpose tells nothing of what the same body gives for another. Those
        of requests stand in the log, and are the same for ever.
        """


REMOVED = "[đã xóa theo yêu cầu · removed on request]"
"""What is read in the place of a text whose key was shredded, in both languages."""


async def read_out(seals: Seals, sealed: Sealed) -> str:
    """A sealed text as it is read: itself, or that it was removed."""
    text = await seals.open(sealed)
    return REMOVED if text is None else text


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


class Leases(Protocol):
    """What one process of a service does at a time, while the others stand by.

    A lease ends with its process, and is held by two for a moment at worst: what is done under one
    stays right when two do it.
    """

    async def hold(self, name: str) -> bool:
        """Whether this process has the lease now; it takes one that is free.

        Raises `Unavailable` while nobody can tell.
        """

    async def release(self, name: str) -> None:
        """Let go of a lease, so that whoever stands by takes it; without it, this does nothing."""


class Following(Protocol):
    """One who follows the news."""

    async def wait(self, timeout_s: float) -> None:
        """Return once something may have been written since the last wait, or when it is time."""


class News(Protocol):
    """That something may have been written to a service's stores, by whatever process."""

    def follow(self) -> Following:
        """Follow them from now on."""
