"""What may be read of an agency's sheet, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.submission.application.accesses import Accesses
from services.submission.application.given import Place
from services.submission.application.shelf import Shelf
from services.submission.domain.submission import (
    MEDIA_TYPES,
    Situation,
    Submission,
    require,
)
from services.submission.views import HISTORY, history, sheet
from services.submission.views.sheet import Texts
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Missing
from shared.kernel.quarantine import against_reading
from shared.ports import Clock, Content, Document, Files, Seals, read_out


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A stored file, to be streamed out; a name of it is made from what its document is called."""

    document: str
    ending: str
    media_type: str
    size_bytes: int
    chunks: Content


class Sheets:
    """The sheets of the agencies, as they are at the moment of reading."""

    def __init__(
        self, shelf: Shelf, files: Files, accesses: Accesses, seals: Seals, clock: Clock
    ) -> None:
        self._shelf = shelf
        self._files = files
        self._accesses = accesses
        self._seals = seals
        self._clock = clock

    async def sheet(self, by: Actor, place: Place) -> dict[str, Any]:
        """Everything about every item, explanations in clear."""
        permit(by, "read-submission", agency=place.agency)
        situation, submission = await self._reading(place)
        texts = await self._texts(submission)
        return sheet.whole(situation, submission, texts=texts, reader=by)

    async def score(self, by: Actor, place: Place) -> dict[str, Any]:
        """The declaration of one item; raises `Missing` where there is none."""
        permit(by, "read-submission", agency=place.agency)
        _, submission = await self._reading(place)
        score = submission.entry(place.item).score
        if score is None:
            raise Missing("score-unknown", item=place.item)
        return sheet.score_body(place.item, score)

    async def missing(self, by: Actor, place: Place) -> dict[str, Any]:
        """What keeps the agency from locking, and what it has not declared."""
        permit(by, "read-submission", agency=place.agency)
        situation, submission = await self._reading(place)
        return sheet.missing_body(situation, submission)

    async def history(
        self, by: Actor, place: Place, *, after: str, limit: int
    ) -> Sequence[Document]:
        """Changes of the sheet, or of one item of it, oldest first, texts in clear."""
        permit(by, "read-submission", agency=place.agency)
        await self._reading(place)
        documents = await self._shelf.documents()
        prefix = history.prefix(place.cycle, place.agency, place.item or None)
        found = await documents.page(HISTORY.collection, prefix=prefix, after=after, limit=limit)
        return [await self._opened(document) for document in found]

    async def file(self, by: Actor, place: Place, sha256: str, context: Context) -> OpenedFile:
        """A file that is attached to the sheet now; raises `Missing` for any other.

        Whoever judges or audits also reads what was replaced or withdrawn, since a decision may
        have seen it. Nobody reads what waits for a scanner, or was condemned by it. That others
        than the agency are given it is recorded before this returns, or raises.
        """
        permit(by, "read-evidence", agency=place.agency)
        situation, submission = await self._reading(place)
        file = submission.files.get(sha256)
        former = may(by, "read-former-evidence", agency=place.agency) is None
        size_bytes = await self._files.size(sha256)
        if file is None or size_bytes is None or not (former or submission.has_file(sha256)):
            raise Missing("file-unknown", sha256=sha256)
        require(against_reading(submission.scan(sha256)))
        await self._accesses.record(by, situation, (sha256, file.items), context)
        ending, chunks = MEDIA_TYPES[file.media_type], self._files.read(sha256)
        return OpenedFile(file.number, ending, file.media_type, size_bytes, chunks)

    async def _reading(self, place: Place) -> tuple[Situation, Submission]:
        return await self._shelf.reading(place.cycle, place.agency, self._clock.now())

    async def _texts(self, submission: Submission) -> Texts:
        explanations = [e.explanation for e in submission.entries.values() if e.explanation]
        return {e.fact: await read_out(self._seals, e.text) for e in explanations}

    async def _opened(self, document: Document) -> Document:
        assert document.body is not None, "a page holds living documents"
        sealed = history.sealed_text(document.body)
        if sealed is None:
            return document
        text = await read_out(self._seals, sealed)
        return replace(document, body={**document.body, "text": text})
