"""Certified totals of surveys that were run elsewhere, with the documents that certify them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.survey.application.shelf import Place, Shelf
from services.survey.domain import questionnaire as domain
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused
from shared.kernel.quarantine import against_reading
from shared.kernel.view import Body
from shared.ports import Clock, Content, Files, Inspector, Scan, Wanted
from shared.runtime.handle import Outcome
from shared.runtime.intray import Intray

DOCUMENT_BYTES_MAX = 20 * 1024 * 1024
PDF = "application/pdf"
OFFICE = "result-documents"
"""Who holds what was handed in: what one of the survey's officers brings another types in."""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document on its way out."""

    size_bytes: int
    chunks: Content


@dataclass(frozen=True, slots=True)
class Archive:
    """Where documents come in and are kept, and who looks into them before.

    Where there is a scanner, the document of a result waits for it.
    """

    files: Files
    intray: Intray
    inspector: Inspector
    scans: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A result to take over.

    `beside` says that others were asked than those of other sources about the same agency.
    """

    result: events.ResultImported
    beside: bool


class Certified:
    """Totals that somebody certifies, and the documents in which they do."""

    def __init__(self, shelf: Shelf, archive: Archive, clock: Clock) -> None:
        self._shelf = shelf
        self._files = archive.files
        self._intray = archive.intray
        self._inspector = archive.inspector
        self._scans = archive.scans
        self._clock = clock

    async def store(self, by: Actor, sha256: str, chunks: Content) -> bool:
        """Hold a document, in PDF, under its SHA-256; False if it is there already.

        Those who run the survey have one in-tray; a document is kept for ever once somebody types
        in a result by it. Raises `Refused("document-not-pdf")`, and what bringing a file raises.
        """
        permit(by, "import-survey-result")
        known = await self._is_there(sha256)
        await self._intray.bring(
            OFFICE,
            chunks,
            wanted=Wanted(sha256, DOCUMENT_BYTES_MAX),
            check=self._require_pdf,
            at=self._clock.now(),
        )
        return not known

    async def _is_there(self, sha256: str) -> bool:
        """Whether it waits, or is kept since a result names it."""
        if await self._intray.size(OFFICE, sha256) is not None:
            return True
        return await self._files.size(sha256) is not None

    async def _require_pdf(self, content: Content) -> None:
        if await self._inspector.media_type(content) != PDF:
            raise Refused("document-not-pdf")

    async def read(self, by: Actor, sha256: str) -> Document:
        """The document of a result that was typed in; raises `Missing` for any other.

        Nobody reads what waits for a scanner, or was condemned by it.
        """
        permit(by, "read-result-document")
        scan = await self._shelf.scan_of(sha256)
        size_bytes = await self._files.size(sha256)
        if scan is None or size_bytes is None:
            raise Missing("file-unknown", sha256=sha256)
        if refusal := against_reading(scan):
            raise refusal
        return Document(size_bytes, self._files.read(sha256))

    async def type_in(
        self, by: Actor, taken: Taken, context: Context
    ) -> tuple[Outcome, domain.ResultStatus, Sequence[str]]:
        """Type in a certified result, as one of two people; it counts once both said the same.

        Returns what has become of it, and where others typed something else. Raises
        `Refused("file-not-stored")` where its document was not handed in before.
        """
        result = taken.result
        permit(by, "import-survey-result")
        if result.sha256 is not None and not await self._is_there(result.sha256):
            raise Refused("file-not-stored", sha256=result.sha256)
        cycle = await self._shelf.cycle(result.cycle)
        command = domain.TypeResult(
            result, cycle, by.reference, beside=taken.beside, waits=self._scans
        )
        await self._file(command)
        outcome = await self._shelf.decide(result.cycle, result.questionnaire, command, context)
        if result.sha256 is not None:
            await self._intray.clear(OFFICE, result.sha256)
        place = (result.agency, result.source)
        return outcome, *domain.result_status(outcome.state, place, by.reference)

    async def _file(self, command: domain.TypeResult) -> None:
        """Keep the document for ever before a fact names it, unless the fact is refused."""
        result = command.result
        if result.sha256 is None or await self._files.size(result.sha256) is not None:
            return
        state = await self._shelf.questionnaire(result.cycle, result.questionnaire)
        if domain.decide(command, state):
            await self._intray.file(OFFICE, result.sha256, DOCUMENT_BYTES_MAX)

    async def sweep_uploads(self) -> int:
        """Forget some of what was handed in and named by no result for too long."""
        permit(SYSTEM, "sweep-uploads")
        return await self._intray.sweep(self._clock.now())

    async def take_scan(self, questionnaire: Body, sha256: str, said: Scan) -> None:
        """Record what the scanner says of a document that waits in quarantine."""
        permit(SYSTEM, "scan-evidence")
        cycle, name = questionnaire["cycle"], questionnaire["questionnaire"]
        command = domain.TakeScan(cycle, name, sha256, said.scanner, said.finding)
        context = Context(at=self._clock.now(), actor=SYSTEM.reference)
        await self._shelf.decide(cycle, name, command, context)

    async def waiting(
        self, by: Actor, at: Place, *, after: str, limit: int
    ) -> Sequence[domain.Waiting]:
        """What one typed in and no second person alike, by `agency/source` from `after` on."""
        permit(by, "read-turnout")
        state = await self._shelf.questionnaire(*at)
        domain.adopted_in(state)
        agency, _, source = after.partition("/")
        found = domain.waiting(state, by.reference)
        return [each for each in found if (each.agency, each.source) > (agency, source)][:limit]
