"""Scan: what waits in a quarantine is shown to the scanner, and what it says is recorded.

A scanner learns. So all that was ever taken is shown to it again, round after round: also what it
cleared before, and what came while there was none.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from shared.kernel.errors import Unavailable
from shared.kernel.view import Body
from shared.ports import Clock, Document, Documents, Files, Scan, Scanner
from shared.runtime.apart import Bookmark

PLACES_MAX = 200
"""So many places are looked at in a turn, each with all that waits there."""
SHOWN_MAX = 20
"""So many files are shown in a turn."""
SHOWN_S_MAX = 60.0
"""So long files are shown in a turn, one at least; the next turn goes on with the others.

However many wait and however slow the scanner is, a turn stays far below what counts as hanging.
"""
ROUND_EVERY = timedelta(days=1)
ROUND_AGAIN = timedelta(minutes=10)
"""From the end of a round to the next; sooner, where the scanner was away for some of it."""

WAITING = "waiting"
KEPT = "kept"
"""The members of a place's body that name files, by their content, in the order they came."""


_Listed = tuple[str, Body, str]
_NOTHING = ("", "")
"""What comes before every file, by its place and its content."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Where files wait, where all of them are, and who records what a scanner says of one.

    A document of these collections is a place: a sheet, or a questionnaire.
    """

    collection: str
    kept: str
    documents: Callable[[], Awaitable[Documents]]
    take: Callable[[Body, str, Scan], Awaitable[None]]


class Scanning:
    """The files of a quarantine, one after another; after a failure each is shown again."""

    def __init__(
        self, quarantine: Quarantine, files: Files, scanner: Scanner, clock: Clock
    ) -> None:
        self._quarantine = quarantine
        self._clock = clock
        self._files = files
        self._scanner = scanner
        self._waiting = Bookmark(_NOTHING)
        self._again = Bookmark(_NOTHING)
        self._has_missed = False
        self._next_round: datetime | None = None

    async def scan_waiting(self) -> int:
        """Show the scanner the next of what waits; returns of how many it said something.

        A file of which it says nothing, or that cannot be read, holds up no other, and waits on.
        Where the scanner is away the turn is over; the next one goes on behind the file at which
        this one ended, so that a file that ends every turn is met once in each round.
        """
        documents = await self._quarantine.documents()
        listed = documents, self._quarantine.collection, WAITING
        files = await _next(*listed, self._waiting.after) or await _next(*listed, _NOTHING)
        said, _ = await self._show(files, self._waiting)
        return said

    async def rescan_some(self) -> int:
        """Show the scanner the next of all files again; returns how many, 0 between two rounds.

        In trouble it goes on as with those that wait, and the next round comes soon. Whoever begins
        anew begins a round.
        """
        now = self._clock.now()
        if self._next_round is not None and now < self._next_round:
            return 0
        documents = await self._quarantine.documents()
        files = await _next(documents, self._quarantine.kept, KEPT, self._again.after)
        if not files:
            self._next_round = now + (ROUND_AGAIN if self._has_missed else ROUND_EVERY)
            self._again.begin_anew()
            self._has_missed = False
        try:
            _, shown = await self._show(files, self._again)
        except Unavailable:
            self._has_missed = True
            raise
        return shown

    async def _show(
        self, files: Sequence[_Listed], bookmark: Bookmark[tuple[str, str]]
    ) -> tuple[int, int]:
        """Show the first of these; of how many something was said, and how many were shown."""
        shown, time_s = 0, asyncio.get_running_loop().time
        end_s = time_s() + SHOWN_S_MAX

        def met() -> Iterator[tuple[tuple[str, str], tuple[Body, str]]]:
            nonlocal shown
            for place, body, sha256 in islice(files, SHOWN_MAX):
                if shown and time_s() >= end_s:
                    return
                shown += 1
                yield (place, sha256), (body, sha256)

        said = await bookmark.go_on(met(), self._scan, lambda file: f"the file {file[1]}")
        return said, shown

    async def _scan(self, file: tuple[Body, str]) -> int:
        body, sha256 = file
        said = await self._scanner.scan(self._files.read(sha256))
        await self._quarantine.take(body, sha256, said)
        return 1


async def _next(
    documents: Documents, collection: str, member: str, after: tuple[str, str]
) -> Sequence[_Listed]:
    """The files behind one, of its place and of those that follow."""
    place, last = after
    begun = await documents.get(collection, place)
    page = await documents.page(collection, prefix="", after=place, limit=PLACES_MAX)
    rest = _behind(last, _files([begun] if begun else [], member))
    return [*rest, *_files(page, member)]


def _files(places: Iterable[Document], member: str) -> Iterator[_Listed]:
    for place in places:
        if place.body is not None:
            for sha256 in place.body[member]:
                yield place.id, place.body, sha256


def _behind(last: str, files: Iterable[_Listed]) -> Sequence[_Listed]:
    """Those behind the last one; none where it waits no more."""
    known = list(files)
    place = next((at for at, (_, _, sha256) in enumerate(known, 1) if sha256 == last), len(known))
    return known[place:]
