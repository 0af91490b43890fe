"""The directory: who stands behind the opaque ids of facts, apart from them and deletable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from shared.kernel.errors import Refused

LOOKS_MAX = 50
"""So many of the last looks at a person are shown."""
LOOKED_WITHIN = timedelta(days=1)
LOOKS_IN_A_DAY_MAX = 30
"""Enough for whoever has questions about people, and too few for going through a list of them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their identity provider calls them; `name` is empty where it does not say."""

    id: str
    issuer: str
    subject: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory holds of a person: no more than who it is, and whether still of use."""

    person: Person
    role: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody wanted to know who a person is; `by` is how facts name who looked."""

    at: datetime
    by: str
    because: str

    @property
    def looker(self) -> str:
        """The opaque id of who looked, in whichever role."""
        return self.by.partition(":")[2]


def require_rare(looked: int) -> None:
    """Raise `Refused("looks-too-many")` for whoever looked so often within a day."""
    if looked >= LOOKS_IN_A_DAY_MAX:
        raise Refused("looks-too-many", maximum=str(LOOKS_IN_A_DAY_MAX))


class Directory(Protocol):
    """The people who acted at one service; nothing of it goes into a fact, a document or a log."""

    async def claim(self, mark: str) -> None:
        """Take the directory for the ids of one key, the first time that it is used.

        Raises `Refused("people-key-of-another")` where its ids are of another key: everybody would
        be somebody else from then on.
        """

    async def meet(self, person: Person, role: str, on: date) -> None:
        """Write a person down, durably, or that they were there once more."""

    async def knows(self, person: str) -> bool:
        """Whether somebody stands behind an id; nobody learns who, and no look is kept."""

    async def look_up(self, person: str, look: Look) -> Entry | None:
        """Who stands behind an id, None where nobody does; no answer without the look being kept.

        Also that somebody looked for one who is not there is kept. Raises
        `Refused("looks-too-many")`, and keeps nothing, where the same person, in whichever role,
        looked as often as anybody may within a day: looks of one moment are counted one by one.
        """

    async def looks(self, person: str) -> Sequence[Look]:
        """Who looked, the last ones, the newest first."""

    async def forget(self, person: str) -> None:
        """Forget a person, without a trace in the files; a second time does nothing.

        That somebody looked stays, without what was said about it: of looks at the person, and of
        those that the person took.
        """
