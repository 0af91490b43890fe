"""Questionnaires: adopted, copied, opened and closed by survey officers, read by anybody."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.survey.api import unread
from services.survey.application import Copy, Surveys
from shared.adapters import web
from shared.runtime.handle import Outcome


class CopyBody(web.Body):
    """What is copied, of whatever cycle, and when it is to be asked."""

    cycle: Annotated[web.Code, Field(examples=["2020"])]
    questionnaire: web.Code
    opens: web.Instant
    closes: web.Instant


class ClosingBody(web.Body):
    """Whether to close although ballots were given that have not come back, and then cannot."""

    despite_ballots: bool = False


CLOSING = ClosingBody()
"""What is meant where nothing is sent."""


def add_officers(router: APIRouter, surveys: Surveys) -> None:
    """The routes of survey officers."""

    @router.put(
        "/cycles/{cycle}/questionnaires/{questionnaire}",
        dependencies=[web.needs("adopt-questionnaire")],
        responses=web.tagged(),
    )
    async def adopt_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: unread.Written,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Adopt a questionnaire, or replace one that is not open yet.

        To replace one needs `If-Match` with the edition that was read.
        """
        adopted = await unread.adopted(surveys, call.actor, (cycle, questionnaire), body)
        outcome = await surveys.adopt(call.actor, adopted, call.context, based_on=call.if_match)
        return _written(response, outcome)

    @router.put(
        "/cycles/{cycle}/questionnaires/{questionnaire}/copy",
        dependencies=[web.needs("adopt-questionnaire")],
        responses=web.tagged(),
    )
    async def copy_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: CopyBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Adopt what was asked in an earlier cycle; where it does not fit, it is said why.

        To replace a questionnaire by it needs `If-Match` with the edition that was read.
        """
        source, into = (body.cycle, body.questionnaire), (cycle, questionnaire)
        copy = Copy(source, into, body.opens, body.closes)
        outcome = await surveys.copy(call.actor, copy, call.context, based_on=call.if_match)
        return _written(response, outcome)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/ballot-keys",
        dependencies=[web.needs("run-survey")],
    )
    async def offer_ballots(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Publish the keys that sign ballots blindly (RFC 9474), one for each agency."""
        at = (cycle, questionnaire)
        return web.written(response, await surveys.offer_ballots(call.actor, at, call.context))

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/opening",
        dependencies=[web.needs("run-survey")],
    )
    async def open_survey(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Begin to take answers."""
        outcome = await surveys.open(call.actor, cycle, questionnaire, call.context)
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/closing",
        dependencies=[web.needs("close-survey")],
    )
    async def close_survey(
        cycle: web.Code,
        questionnaire: web.Code,
        call: web.KeyedCall,
        response: Response,
        body: ClosingBody = CLOSING,
    ) -> web.Written:
        """Take no more answers, and count those that wait."""
        outcome = await surveys.close_by_hand(
            call.actor,
            (cycle, questionnaire),
            call.context,
            despite_ballots=body.despite_ballots,
        )
        return web.written(response, outcome)


def _written(response: Response, outcome: Outcome) -> web.Written:
    """The answer to an adoption, with the edition to replace next."""
    return web.written(response, outcome, etag=outcome.state.adopted.edition)


def add_readings(router: APIRouter, surveys: Surveys) -> None:
    """What is asked."""

    @router.get(
        "/cycles/{cycle}/questionnaires",
        dependencies=[web.FOR_ANYBODY],
        responses=web.leads_to("read_questionnaire", questionnaire="body#/items/0/questionnaire"),
    )
    async def list_questionnaires(cycle: web.Code, paging: web.Paging) -> web.Page:
        """What is asked in a cycle, by the codes of the questionnaires; anybody may see it."""
        found = await surveys.questionnaires(cycle, after=paging.after, limit=paging.wanted)
        return web.page(found, paging)

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}",
        dependencies=[web.FOR_ANYBODY],
        responses=web.tagged("adopt_questionnaire", "copy_questionnaire"),
    )
    async def read_questionnaire(
        cycle: web.Code, questionnaire: web.Code, call: web.Call, response: Response
    ) -> dict[str, Any]:
        """One questionnaire, and what its reader may do with it now.

        Its `ETag` is the edition, which serves `If-Match` of another one.
        """
        document = await surveys.questionnaire(call.actor, cycle, questionnaire)
        web.tag(response, document["edition"])
        return dict(document)
