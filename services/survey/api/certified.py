"""Certified totals over HTTP, and the documents that certify them."""

from typing import Annotated

from fastapi import APIRouter, Response, status
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.survey.api.bodies import Count, QuestionCode
from services.survey.application import Certified, Taken
from services.survey.domain.limits import QUESTIONS_MAX
from shared.adapters import web
from shared.events import survey as events

DOCUMENT = "/result-documents/{sha256}"
PDF = "application/pdf"
DOCUMENT_CONTENT = {
    "required": True,
    "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
}

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", max_length=64, examples=["0" * 64])]


class StoredDocument(web.Body):
    """A document that is stored now."""

    sha256: str


class ResultBody(web.Body):
    """A certified result: how often each option of each question was chosen.

    `forms` is how many people answered, where the document says so: no question was answered by
    more. `sha256` is that of the certified document, which is handed in first. A source that said
    something of the agency before is replaced; beside what other sources say, a result counts only
    where `beside` says that it is of another survey, which asked other people.
    """

    counts: Annotated[
        dict[QuestionCode, dict[QuestionCode, Count]],
        Field(max_length=QUESTIONS_MAX, examples=[{"q1": {"5": 120, "4": 30}}]),
    ]
    forms: Count | None = None
    source: web.Line
    document: web.Line
    sha256: Sha256 | None = None
    beside: bool = False


class WaitingBody(web.Body):
    """A certified result that was typed in, by whom, and does not count yet.

    `differs` has JSON pointers into what you typed: where others typed something else.
    """

    agency: str
    source: str
    persons: list[str]
    differs: list[str]


def add_certified(router: APIRouter, certified: Certified) -> None:
    """What others counted."""

    @router.put("/cycles/{cycle}/questionnaires/{questionnaire}/results/{agency}")
    async def import_result(
        cycle: web.Code,
        questionnaire: web.Code,
        agency: web.Code,
        body: ResultBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Type in the certified result of a survey run elsewhere, as one of two people.

        It counts once another person typed the same of the agency and the source; until then
        `.../results/typed` names it, and says where the two differ.
        """
        result = events.ResultImported(
            cycle=cycle,
            questionnaire=questionnaire,
            agency=agency,
            counts=body.counts,
            source=body.source,
            document=body.document,
            sha256=body.sha256,
        )
        taken = Taken(result, body.forms, beside=body.beside)
        outcome = await certified.take_over(call.actor, taken, call.context)
        return web.written(response, outcome)

    @router.get("/cycles/{cycle}/questionnaires/{questionnaire}/results/typed")
    async def list_typed_results(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[WaitingBody]:
        """The certified results that were typed in and do not count yet, by agency and source."""
        return [
            WaitingBody(
                agency=each.agency,
                source=each.source,
                persons=list(each.persons),
                differs=list(each.differs),
            )
            for each in await certified.waiting(call.actor, (cycle, questionnaire))
        ]

    @router.put(
        DOCUMENT,
        status_code=status.HTTP_201_CREATED,
        responses={200: {"description": "It is stored already", "model": StoredDocument}},
        openapi_extra={"requestBody": DOCUMENT_CONTENT},
    )
    async def store_result_document(
        sha256: Sha256, upload: web.Upload, call: web.Call, response: Response
    ) -> StoredDocument:
        """Store the document (PDF) that certifies a result, before the result is imported."""
        if not await certified.store(call.actor, sha256, upload.chunks):
            response.status_code = status.HTTP_200_OK
        return StoredDocument(sha256=sha256)

    @router.get(DOCUMENT, response_class=StreamingResponse, responses=web.file_of((PDF,)))
    async def read_result_document(sha256: Sha256, call: web.Call) -> StreamingResponse:
        """The document that certifies a result, always as a download."""
        document = await certified.read(call.actor, sha256)
        headers = web.attachment(sha256, "pdf", document.size_bytes)
        return StreamingResponse(document.chunks, media_type=PDF, headers=headers)
