"""Scanning: what waits in quarantine is shown to the scanner, and what it says is recorded."""

from collections.abc import Sequence

from services.submission.application.shelf import Shelf
from services.submission.domain import submission as domain
from services.submission.views import QUARANTINE, quarantine
from shared.events.envelope import Context
from shared.kernel.actor import SYSTEM
from shared.kernel.authority import permit
from shared.kernel.view import Body
from shared.ports import Clock, Document, Documents, Files, Scanner
from shared.runtime.apart import apart

SHEETS_MAX = 200
"""So many sheets are looked at in a turn, each with all that waits there."""


class Scanning:
    """The files that wait, one after another; after a failure each is shown again."""

    def __init__(self, shelf: Shelf, files: Files, scanner: Scanner, clock: Clock) -> None:
        self._shelf = shelf
        self._files = files
        self._scanner = scanner
        self._clock = clock
        self._after = ""

    async def scan_waiting(self) -> int:
        """Show the scanner what waits; returns of how many files it said something.

        A file of which it says nothing holds up no other, and waits on. A turn goes on behind the
        sheet at which the last one ended or failed.
        """
        permit(SYSTEM, "scan-evidence")
        documents = await self._shelf.documents()
        scanned = 0
        for sheet in await self._next(documents):
            self._after = sheet.id
            for sha256 in quarantine.waiting(sheet.body):
                assert sheet.body is not None, "a page holds living documents"
                scanned += await apart(self._scan(sheet.body, sha256), f"the file {sha256}")
        return scanned

    async def _next(self, documents: Documents) -> Sequence[Document]:
        """The sheets behind the last one, from the beginning again where there is none."""
        behind = await self._page(documents, self._after)
        return behind or await self._page(documents, "")

    async def _page(self, documents: Documents, after: str) -> Sequence[Document]:
        name = QUARANTINE.collection
        return await documents.page(name, prefix="", after=after, limit=SHEETS_MAX)

    async def _scan(self, sheet: Body, sha256: str) -> int:
        said = await self._scanner.scan(self._files.read(sha256))
        cycle, agency = sheet["cycle"], sheet["agency"]
        command = domain.TakeScan(cycle, agency, sha256, said.scanner, said.finding)
        context = Context(at=self._clock.now(), actor=SYSTEM.reference)
        stream = domain.stream(cycle, agency)
        await self._shelf.own.handle(stream, domain.decider, command, context)
        return 1
