"""Certified totals over HTTP, and the documents that certify them."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Response, status
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.survey.api.bodies import Count, QuestionCode
from services.survey.application import Certified, Taken
from services.survey.domain.limits import QUESTIONS_MAX
from services.survey.domain.questionnaire import ResultStatus, Waiting
from shared.adapters import web
from shared.events import survey as events
from shared.ports import Document

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
    more. It is kept and compared as the counts are, and stands beside them in the results. `sha256`
    is that of the certified document, which is handed in first. A source that said something of the
    agency before is replaced; beside what other sources say, a result counts only where `beside`
    says that it is of another survey, which asked other people.
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


class TypedBody(web.Written):
    """What has become of a certified result that was typed in.

    It `counts`; or it was `typed-once`, and counts when another person types the same; or others
    typed something `different`, where the JSON pointers of `differs` point to in what you typed.
    `forms` are those that you said; null, where you said nothing of them.
    """

    status: ResultStatus
    forms: int | None
    differs: list[str]


def add_certified(router: APIRouter, certified: Certified) -> None:
    """What others counted."""

    @router.put(
        "/cycles/{cycle}/questionnaires/{questionnaire}/results/{agency}",
        dependencies=[web.needs("import-survey-result")],
    )
    async def type_result(
        cycle: web.Code,
        questionnaire: web.Code,
        agency: web.Code,
        body: ResultBody,
        call: web.Call,
    ) -> TypedBody:
        """Type in the certified result of a survey run elsewhere, as one of two people.

        It counts once another person typed the same of the agency and the source; until then
        `.../results/typed` names it, and says where the two differ. Who says again what counts, or
        nothing where nothing counts, takes back what they typed.
        """
        result = events.ResultImported(
            cycle=cycle,
            questionnaire=questionnaire,
            agency=agency,
            counts=body.counts,
            source=body.source,
            document=body.document,
            sha256=body.sha256,
            forms=body.forms,
        )
        taken = Taken(result, beside=body.beside)
        outcome, become, differs = await certified.type_in(call.actor, taken, call.context)
        return TypedBody(
            facts=list(outcome.facts),
            version=outcome.version,
            status=become,
            forms=body.forms,
            differs=list(differs),
        )

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/results/typed",
        dependencies=[web.needs("read-turnout")],
    )
    async def list_typed_results(
        cycle: web.Code, questionnaire: web.Code, call: web.Call, paging: web.Paging
    ) -> web.Page:
        """The certified results that were typed in and do not count yet, by agency and source.

        `persons` typed them in; `differs` points to where others typed something else than you.
        """
        at = (cycle, questionnaire)
        found = await certified.waiting(call.actor, at, after=paging.after, limit=paging.wanted)
        return web.page([_document(each) for each in found], paging)

    @router.put(
        DOCUMENT,
        dependencies=[web.needs("import-survey-result")],
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

    @router.get(
        DOCUMENT,
        dependencies=[web.needs("read-result-document")],
        response_class=StreamingResponse,
        responses=web.file_of((PDF,)),
    )
    async def read_result_document(sha256: Sha256, call: web.Call) -> StreamingResponse:
        """The document that certifies a result, always as a download."""
        document = await certified.read(call.actor, sha256)
        headers = web.attachment(sha256, "pdf", document.size_bytes)
        return StreamingResponse(document.chunks, media_type=PDF, headers=headers)


def _document(waiting: Waiting) -> Document:
    return Document(f"{waiting.agency}/{waiting.source}", 0, asdict(waiting))
