"""What was counted and is not to count: one proposes it, another agrees."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.survey.application import Exclusions, Proposed
from shared.adapters import web
from shared.events import survey as events

BATCHES_MAX = 1_000_000
POSITIONS_MAX = 1_000


class ExclusionBody(web.Body):
    """Counted responses that are not to count, by their places in a batch, from 0."""

    batch: Annotated[int, Field(ge=1)]
    positions: Annotated[
        web.Many[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=POSITIONS_MAX)
    ]
    reason: web.Text


class DroppingBody(web.Body):
    """Why a proposal comes to nothing."""

    reason: web.Text


def add_exclusions(router: APIRouter, exclusions: Exclusions) -> None:
    """What does not count: one proposes it, another agrees."""

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/batches/{batch}",
        dependencies=[web.needs("read-turnout")],
    )
    async def read_batch(
        cycle: web.Code,
        questionnaire: web.Code,
        batch: Annotated[int, Path(ge=1, le=BATCHES_MAX)],
        call: web.Call,
    ) -> list[dict[str, Any]]:
        """The responses of a batch in their places from 0, as they were counted."""
        counted = await exclusions.batch(call.actor, (cycle, questionnaire), batch)
        return [
            {"position": place, **_response(each.response), "excluded": each.excluded}
            for place, each in enumerate(counted)
        ]

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/exclusions",
        dependencies=[web.needs("read-turnout")],
        responses=web.leads_to("second_exclusion", "drop_exclusion", exclusion="body#/0/exclusion"),
    )
    async def list_exclusions(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[dict[str, Any]]:
        """The proposals, and what became of them."""
        listed = await exclusions.listed(call.actor, (cycle, questionnaire))
        return [_shown(exclusion) for exclusion in listed]

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/exclusions",
        dependencies=[web.needs("propose-exclusion")],
        responses=web.leads_to(
            "second_exclusion", "drop_exclusion", exclusion="exclusion-{body#/version}"
        ),
    )
    async def propose_exclusion(
        cycle: web.Code,
        questionnaire: web.Code,
        body: ExclusionBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Propose to take counted responses out, for a reason. A second person has to agree.

        What is proposed already, or taken out, is refused (`exclusion-proposed-already`,
        `answers-excluded-already`); the same request again is answered as it was.
        """
        outcome = await exclusions.propose(
            call.actor,
            (cycle, questionnaire),
            (body.batch, body.positions),
            body.reason,
            call.context,
        )
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/exclusions/{exclusion}/seconding",
        dependencies=[web.needs("second-exclusion")],
    )
    async def second_exclusion(
        cycle: web.Code,
        questionnaire: web.Code,
        exclusion: web.Code,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Agree, as a second person: the responses do not count. They stay in the log."""
        at = (cycle, questionnaire)
        outcome = await exclusions.second(call.actor, at, exclusion, call.context)
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/exclusions/{exclusion}/dropping",
        dependencies=[web.needs("propose-exclusion")],
    )
    async def drop_exclusion(
        cycle: web.Code,
        questionnaire: web.Code,
        exclusion: web.Code,
        body: DroppingBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Let a proposal come to nothing, for a reason."""
        outcome = await exclusions.drop(
            call.actor, (cycle, questionnaire), exclusion, body.reason, call.context
        )
        return web.written(response, outcome)


def _shown(proposed: Proposed) -> dict[str, Any]:
    exclusion = proposed.exclusion
    named = exclusion.proposed
    return {
        "exclusion": named.exclusion,
        "batch": named.batch,
        "positions": list(named.positions),
        "reason": proposed.because,
        "responses": [_response(response) for response in proposed.responses],
        "status": exclusion.status,
        "by": exclusion.by,
        "seconded_by": exclusion.seconded_by,
    }


def _response(response: events.Response) -> dict[str, Any]:
    choices = {question: list(chosen) for question, chosen in response.choices.items()}
    return {"agency": response.agency, "answers": dict(response.answers), "choices": choices}
