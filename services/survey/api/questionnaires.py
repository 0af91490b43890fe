"""Questionnaires: adopted, copied, opened and closed by survey officers, read by anybody."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.survey.api import bodies
from services.survey.application import Surveys
from shared.adapters import web


class CopyBody(web.Body):
    """What is copied, of whatever cycle, and when it is to be asked."""

    cycle: Annotated[web.Code, Field(examples=["2020"])]
    questionnaire: web.Code
    opens: web.Instant
    closes: web.Instant


def add_officers(router: APIRouter, surveys: Surveys) -> None:
    """The routes of survey officers."""

    @router.put("/cycles/{cycle}/questionnaires/{questionnaire}")
    async def adopt_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: bodies.QuestionnaireBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Adopt a questionnaire, or replace one that is not open yet."""
        adopted = bodies.adopted(cycle, questionnaire, body)
        return web.written(response, await surveys.adopt(call.actor, adopted, call.context))

    @router.put("/cycles/{cycle}/questionnaires/{questionnaire}/copy")
    async def copy_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: CopyBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Adopt what was asked in an earlier cycle; where it does not fit, it is said why."""
        outcome = await surveys.copy(
            call.actor,
            (body.cycle, body.questionnaire),
            (cycle, questionnaire),
            (body.opens, body.closes),
            call.context,
        )
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/ballot-keys")
    async def offer_ballots(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Publish the keys that sign ballots blindly (RFC 9474), one for each agency."""
        at = (cycle, questionnaire)
        return web.written(response, await surveys.offer_ballots(call.actor, at, call.context))

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/opening")
    async def open_survey(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Begin to take answers."""
        outcome = await surveys.open(call.actor, cycle, questionnaire, call.context)
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/closing")
    async def close_survey(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Take no more answers, and count those that wait."""
        outcome = await surveys.close(
            call.actor, cycle, questionnaire, "survey-officer", call.context
        )
        return web.written(response, outcome)


def add_readings(router: APIRouter, surveys: Surveys) -> None:
    """What is asked."""

    @router.get("/cycles/{cycle}/questionnaires")
    async def list_questionnaires(cycle: web.Code, paging: web.Paging) -> web.Page:
        """What is asked in a cycle, by the codes of the questionnaires; anybody may see it."""
        found = await surveys.questionnaires(cycle, after=paging.after, limit=paging.wanted)
        return web.page(found, paging)

    @router.get("/cycles/{cycle}/questionnaires/{questionnaire}")
    async def read_questionnaire(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> dict[str, Any]:
        """One questionnaire, and what its reader may do with it now."""
        return dict(await surveys.questionnaire(call.actor, cycle, questionnaire))
