"""Scan: what waits in a quarantine is shown to the scanner, and what it says is recorded."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.kernel.view import Body
from shared.ports import Document, Documents, Files, Scan, Scanner
from shared.runtime.apart import apart

PLACES_MAX = 200
"""So many places are looked at in a turn, each with all that waits there."""

WAITING = "waiting"
"""The member of a place's body that names its files, by their content, in the order they came."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Where files wait, and who records what a scanner says of one.

    A document of the collection is a place: a sheet, or a questionnaire.
    """

    collection: str
    documents: Callable[[], Awaitable[Documents]]
    take: Callable[[Body, str, Scan], Awaitable[None]]


class Scanning:
    """The files that wait, one after another; after a failure each is shown again."""

    def __init__(self, quarantine: Quarantine, files: Files, scanner: Scanner) -> None:
        self._quarantine = quarantine
        self._files = files
        self._scanner = scanner
        self._place = ""
        self._file = ""

    async def scan_waiting(self) -> int:
        """Show the scanner what waits; returns of how many files it said something.

        A file of which it says nothing, or that cannot be read, holds up no other, and waits on.
        Where the scanner is away the turn is over; the next one goes on behind the file at which
        this one ended, so that a file that ends every turn is met once in each round.
        """
        scanned = 0
        for place, body, sha256 in await self._next(await self._quarantine.documents()):
            self._place, self._file = place, sha256
            scanned += await apart(self._scan(body, sha256), f"the file {sha256}")
        return scanned

    async def _next(self, documents: Documents) -> Sequence[tuple[str, Body, str]]:
        """What waits behind the last file, and from the beginning again where nothing does."""
        begun = await documents.get(self._quarantine.collection, self._place)
        rest = _behind(self._file, _files([begun] if begun else []))
        behind = [*rest, *_files(await self._page(documents, self._place))]
        return behind or [*_files(await self._page(documents, ""))]

    async def _page(self, documents: Documents, after: str) -> Sequence[Document]:
        name = self._quarantine.collection
        return await documents.page(name, prefix="", after=after, limit=PLACES_MAX)

    async def _scan(self, body: Body, sha256: str) -> int:
        said = await self._scanner.scan(self._files.read(sha256))
        await self._quarantine.take(body, sha256, said)
        return 1


def waiting(body: Body | None) -> Sequence[str]:
    """The files that wait at a place."""
    return body[WAITING] if body else ()


def _files(places: Iterable[Document]) -> Iterator[tuple[str, Body, str]]:
    for place in places:
        for sha256 in waiting(place.body):
            assert place.body is not None, "where something waits there is a body"
            yield place.id, place.body, sha256


def _behind(last: str, files: Iterable[tuple[str, Body, str]]) -> Sequence[tuple[str, Body, str]]:
    """Those behind the last one; none where it waits no more."""
    known = list(files)
    place = next((at for at, (_, _, sha256) in enumerate(known, 1) if sha256 == last), len(known))
    return known[place:]
