"""Who is to answer: the sampling plan, invitations, and open links."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.survey.api.bodies import QuestionCode
from services.survey.application import About, Link, Rights
from services.survey.domain.limits import (
    COUNT_MAX,
    INVITATIONS_MAX,
    LINK_ANSWERS_MAX,
    STRATA_MAX,
)
from services.survey.domain.questionnaire import Issue
from shared.adapters import web

KEY_CHARACTERS_MAX = 128
MARGIN = r"^0\.[0-9]{1,6}$"


class StratumBody(web.Body):
    """How many people there are about an agency, or about one of its services."""

    agency: web.Code
    service: QuestionCode | None = None
    population: Annotated[int, Field(ge=0, le=COUNT_MAX)]


class PlanBody(web.Body):
    """How exact the survey is to be, and of how many people a sample is taken."""

    margin: Annotated[str, Field(pattern=MARGIN, examples=["0.05"])]
    strata: Annotated[web.Many[StratumBody], Field(min_length=1, max_length=STRATA_MAX)]


class InvitationsBody(web.Body):
    """How many tokens to make, and about which agency."""

    agency: web.Code
    count: Annotated[int, Field(ge=1, le=INVITATIONS_MAX)]


class Invitations(web.Body):
    """The tokens; only their hashes are kept."""

    tokens: list[str]


class LinkBody(web.Body):
    """An open link, and how often it may be used."""

    agency: web.Code
    answers_max: Annotated[int, Field(ge=1, le=LINK_ANSWERS_MAX)]
    answers_per_day_max: Annotated[int, Field(ge=1, le=LINK_ANSWERS_MAX)]


class OpenedLink(web.Body):
    """The token by which anybody may answer."""

    token: str


class LinkSeen(web.Body):
    """A link that was opened, and whether it was closed by hand since."""

    link: str
    agency: str
    answers_max: int
    answers_per_day_max: int
    is_closed: bool


class ReasonBody(web.Body):
    """Why."""

    reason: web.Text


Printing = Callable[[About, Sequence[str], web.Language], Response]
"""Draws invitations."""
Printer = Callable[[str], Printing | None]
"""What draws them in one of the forms, or nothing where that is JSON; may refuse to."""

FORMS = ("application/json", "text/csv", "text/html")
PRINTED: dict[int | str, dict[str, Any]] = {
    201: {"content": {"text/csv": {}, "text/html": {}}, "description": "Also printed, by Accept"}
}


def add_rights(router: APIRouter, rights: Rights, printer: Printer) -> None:
    """The plan and the invitations."""

    @router.put(
        "/cycles/{cycle}/questionnaires/{questionnaire}/plan",
        dependencies=[web.needs("invite-respondents")],
    )
    async def plan_sample(
        cycle: web.Code,
        questionnaire: web.Code,
        body: PlanBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Plan how many people are to be asked: n = N / (1 + N e²) for each stratum."""
        strata = [(each.agency, each.service or "", each.population) for each in body.strata]
        at, margin = (cycle, questionnaire), Fraction(body.margin)
        outcome = await rights.plan(call.actor, at, margin, strata, call.context)
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/invitations",
        dependencies=[web.needs("invite-respondents")],
        status_code=201,
        response_model=Invitations,
        responses=PRINTED,
    )
    async def invite_respondents(
        cycle: web.Code,
        questionnaire: web.Code,
        body: InvitationsBody,
        call: web.KeyedCall,
        accepted: web.Accepted,
    ) -> Invitations | Response:
        """Make tokens, each good for one answer; for a day the same key shows you them again."""
        at, printing = (cycle, questionnaire), printer(web.form_for(accepted, FORMS))
        tokens = await rights.invite(call.actor, at, body.agency, body.count, call.context)
        if printing is None:
            return Invitations(tokens=list(tokens))
        return printing(await rights.about(at, body.agency), tokens, call.language)

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/invitations",
        dependencies=[web.needs("invite-respondents")],
    )
    async def list_invitations(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[dict[str, Any]]:
        """How many people were invited, request by request."""
        issues = await rights.issues(call.actor, (cycle, questionnaire))
        return [_issue(issue) for issue in issues]

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/reminders",
        dependencies=[web.needs("invite-respondents")],
    )
    async def list_reminders(
        cycle: web.Code,
        questionnaire: web.Code,
        call: web.Call,
        key: Annotated[str | None, Query(max_length=KEY_CHARACTERS_MAX)] = None,
    ) -> list[dict[str, Any]]:
        """Which invitations nobody has used, by their serial numbers within each request."""
        reminders = await rights.reminders(call.actor, (cycle, questionnaire), key)
        return [{**_issue(each.issue), "unused": list(each.serials)} for each in reminders]


def _issue(issue: Issue) -> dict[str, Any]:
    return {"key": issue.key, "agency": issue.agency, "count": issue.count}


def add_links(router: APIRouter, rights: Rights) -> None:
    """Open links."""

    @router.put(
        "/cycles/{cycle}/questionnaires/{questionnaire}/links/{link}",
        dependencies=[web.needs("invite-respondents")],
    )
    async def open_link(
        cycle: web.Code, questionnaire: web.Code, link: web.Code, body: LinkBody, call: web.Call
    ) -> OpenedLink:
        """Let anybody answer about an agency, up to a limit in all and one for each day."""
        opened = Link(link, body.agency, body.answers_max, body.answers_per_day_max)
        at = (cycle, questionnaire)
        return OpenedLink(token=await rights.open_link(call.actor, at, opened, call.context))

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/links",
        dependencies=[web.needs("invite-respondents")],
        responses=web.leads_to("close_link", link="body#/0/link"),
    )
    async def list_links(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[LinkSeen]:
        """The links, with their limits, closed ones too; `PUT` shows the token of an open one."""
        return [
            LinkSeen(
                link=each.link.name,
                agency=each.link.agency,
                answers_max=each.link.answers_max,
                answers_per_day_max=each.link.answers_per_day_max,
                is_closed=each.is_closed,
            )
            for each in await rights.links(call.actor, (cycle, questionnaire))
        ]

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/links/{link}/closing",
        dependencies=[web.needs("invite-respondents")],
    )
    async def close_link(
        cycle: web.Code,
        questionnaire: web.Code,
        link: web.Code,
        body: ReasonBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Take nothing more by a link, for a reason; what it took stays."""
        at = (cycle, questionnaire)
        outcome = await rights.close_link(call.actor, at, link, body.reason, call.context)
        return web.written(response, outcome)
