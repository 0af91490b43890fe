"""What the answers came to: all of it for those who run the survey, the rest for everybody."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.survey.api import results_shown, results_table
from services.survey.application import Compared, Results
from shared.adapters import web
from shared.kernel.code import CODE

CSV = "text/csv"

ComparedWith = Annotated[
    str,
    Query(
        pattern=rf"^({CODE}(/{CODE})?)?$",
        max_length=200,
        description=(
            "A cycle, for what this questionnaire was copied from there, or what is called like "
            "it; or a cycle and a questionnaire, `2020/citizens`"
        ),
    ),
]
_ANSWERS: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "As JSON, or where `text/csv` is asked for as a table, a row per option",
        "content": {
            "application/json": {"example": results_shown.EXAMPLE},
            CSV: {"schema": {"type": "string"}, "example": results_table.EXAMPLE},
        },
    }
}


def add_results(router: APIRouter, results: Results) -> None:
    """The counted answers."""

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/results",
        dependencies=[web.needs("read-turnout")],
        response_model=dict[str, Any],
        responses=dict(_ANSWERS),
    )
    async def read_results(
        cycle: web.Code,
        questionnaire: web.Code,
        call: web.Call,
        request: Request,
        response: Response,
        compared_with: ComparedWith = "",
    ) -> Response | dict[str, Any]:
        """The counted answers, by question, agency, service and area; small groups too."""
        at = (cycle, questionnaire)
        found = await results.read(call.actor, at, _named(compared_with))
        response.headers.update(web.said_in(call.language))
        return _answer(request, found, call.language)

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/results/public",
        dependencies=[web.FOR_ANYBODY],
        response_model=dict[str, Any],
        responses=dict(_ANSWERS),
    )
    async def read_public_results(
        cycle: web.Code,
        questionnaire: web.Code,
        call: web.Call,
        request: Request,
        response: Response,
        compared_with: ComparedWith = "",
    ) -> Response | dict[str, Any]:
        """The same for everybody, once the questionnaire is closed: nothing of small groups."""
        at = (cycle, questionnaire)
        found = await results.published(at, _named(compared_with))
        response.headers.update(web.said_in(call.language))
        return _answer(request, found, call.language)


def _named(compared_with: str) -> tuple[str, str]:
    cycle, _, questionnaire = compared_with.partition("/")
    return cycle, questionnaire


def _answer(request: Request, found: Compared, language: web.Language) -> Response | dict[str, Any]:
    # What a person's browser or a program sends of itself names no table, so that to name it is
    # to ask for it.
    if CSV in request.headers.get("accept", ""):
        text = results_table.text_of(found.now.report, found.now.mode)
        return Response(text, media_type=CSV, headers={"Vary": "Accept"})
    return results_shown.shown(found, language)
