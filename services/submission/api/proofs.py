"""Routes of files, evidence and explanations."""

from fastapi import APIRouter, Response, status
from fastapi.responses import StreamingResponse

from services.submission.api.bodies import EvidenceBody, ExplanationBody, Sha256
from services.submission.api.sheets import SHEET, ItemPlace, SheetPlace
from services.submission.application import MEDIA_TYPES, Sheets, Submissions, Upload
from shared.adapters import web

FILE = SHEET + "/files/{sha256}"
ANY = "application/octet-stream"
UNDECLARED = frozenset({"", ANY})
FILE_CONTENT = {
    "required": True,
    "content": {ANY: {"schema": {"type": "string", "format": "binary"}}},
}
EVIDENCE = SHEET + "/items/{item}/evidence/{evidence}"


class StoredFile(web.Body):
    """A file that is stored now."""

    sha256: str


def add_files(router: APIRouter, submissions: Submissions, sheets: Sheets) -> None:
    """Files by their content, on their way in and out."""

    @router.put(
        FILE,
        dependencies=[web.needs("attach-evidence")],
        status_code=status.HTTP_201_CREATED,
        responses={200: {"description": "The sheet has it already", "model": StoredFile}},
        openapi_extra={"requestBody": FILE_CONTENT},
    )
    async def store_file(
        place: SheetPlace,
        sha256: Sha256,
        upload: web.Upload,
        call: web.Call,
        response: Response,
    ) -> StoredFile:
        """Store a file; the body is its content, its SHA-256 stands in the address.

        What it is, its content tells; a `Content-Type` other than `application/octet-stream` has to
        agree with that.
        """
        declared = None if upload.media_type in UNDECLARED else upload.media_type
        file = Upload(sha256, declared, upload.chunks)
        new = await submissions.store_file(call.actor, place, file)
        if not new:
            response.status_code = status.HTTP_200_OK
        return StoredFile(sha256=sha256)

    @router.get(
        FILE,
        dependencies=[web.needs("read-evidence")],
        response_class=StreamingResponse,
        responses=web.file_of(MEDIA_TYPES),
    )
    async def read_file(
        place: SheetPlace, sha256: Sha256, call: web.RecordedCall
    ) -> StreamingResponse:
        """A file that is attached to the sheet, always as a download.

        The log keeps who else than the agency was given it, and why: by the criterion that is
        assigned to them, or by the reason that they gave before (`.../readings`).
        """
        file = await sheets.file(call.actor, place, sha256, call.context)
        headers = web.attachment(file.document, file.ending, file.size_bytes)
        return StreamingResponse(file.chunks, media_type=file.media_type, headers=headers)


def add_proofs(router: APIRouter, submissions: Submissions) -> None:
    """What proves an item."""

    @router.put(
        EVIDENCE,
        dependencies=[web.needs("attach-evidence")],
        responses=web.tagged("withdraw_evidence"),
    )
    async def attach_evidence(
        place: ItemPlace,
        evidence: web.Code,
        body: EvidenceBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Attach a stored file to an item; the same name again replaces it."""
        outcome = await submissions.attach_evidence(
            call.actor, place, body.proof(evidence), call.context
        )
        etag = outcome.state.entry(place.item).evidence[evidence].version
        return web.written(response, outcome, etag=etag)

    @router.delete(EVIDENCE, dependencies=[web.needs("attach-evidence")])
    async def withdraw_evidence(
        place: ItemPlace,
        evidence: web.Code,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Detach evidence; its file stays. `If-Match` has its version, as the sheet says."""
        outcome = await submissions.withdraw_evidence(
            call.actor, place, evidence, call.if_match, call.context
        )
        return web.written(response, outcome)

    @router.put(SHEET + "/items/{item}/explanation", dependencies=[web.needs("give-explanation")])
    async def give_explanation(
        place: ItemPlace,
        body: ExplanationBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Explain an item; the last explanation counts."""
        outcome = await submissions.give_explanation(call.actor, place, body.text, call.context)
        return web.written(response, outcome)
