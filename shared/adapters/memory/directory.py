"""A directory in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shared.kernel.errors import Refused
from shared.ports import LOOKED_WITHIN, LOOKS_MAX, Entry, Look, Person, require_rare


class MemoryDirectory:
    """The people of one service in memory."""

    def __init__(self) -> None:
        self._mark: str | None = None
        self._entries: dict[str, Entry] = {}
        self._looks: dict[str, list[Look]] = {}

    async def claim(self, mark: str) -> None:
        """Take the directory for the ids of one key."""
        if self._mark is None:
            self._mark = mark
        if self._mark != mark:
            raise Refused("people-key-of-another", mark=mark, expected=self._mark)

    async def meet(self, person: Person, role: str, on: date) -> None:
        """Write a person down, or that they were there once more."""
        known = self._entries.get(person.id)
        first, last = (known.first_on, known.last_on) if known else (on, on)
        self._entries[person.id] = Entry(person, role, min(first, on), max(last, on))

    async def knows(self, person: str) -> bool:
        """Whether somebody stands behind an id."""
        return person in self._entries

    async def look_up(self, person: str, look: Look) -> Entry | None:
        """Who stands behind an id; the look is kept."""
        known = (kept for looks in self._looks.values() for kept in looks)
        require_rare(sum(k.looker == look.looker and k.at > look.at - LOOKED_WITHIN for k in known))
        self._looks.setdefault(person, []).append(look)
        return self._entries.get(person)

    async def looks(self, person: str) -> Sequence[Look]:
        """Who looked, the newest first."""
        return self._looks.get(person, [])[: -LOOKS_MAX - 1 : -1]

    async def forget(self, person: str) -> None:
        """Forget a person, and what was said when somebody looked, or when they did."""
        self._entries.pop(person, None)
        for seen, looks in self._looks.items():
            looks[:] = [
                replace(look, because="") if person in {seen, look.looker} else look
                for look in looks
            ]
