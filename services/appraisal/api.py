"""The appraisal over HTTP: the council decides, the agency reads what was decided on it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from services.appraisal.application import Appraisals, Place, Readings, Ruling, Status
from services.appraisal.domain.assignments import MEMBERS_MAX
from services.appraisal.domain.verdict import Verdict
from shared.adapters import web
from shared.events.appraisal import Member
from shared.events.submission import LegalAct
from shared.kernel.points import TEXT_CHARACTERS_MAX

DECISIONS_MAX = 200
EVIDENCE_MAX = 100
ASSIGNMENT = "/cycles/{cycle}/tiers/{tier}/criteria/{criterion}/assignment"
SHEET = "/cycles/{cycle}/agencies/{agency}"
ITEM = SHEET + "/items/{item}"
FACT_ID = r"^[a-z]+/[A-Za-z0-9./-]{1,180}@[1-9][0-9]{0,9}$"

FactId = Annotated[
    str, Field(pattern=FACT_ID, max_length=200, examples=["submission/2021/so-y-te@57"])
]
MemberId = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,255}$", examples=["member-7"])]
Points = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, examples=["0.5"])]
ActionCode = Annotated[str, Field(pattern=r"^action-[1-9][0-9]{0,9}$", examples=["action-12"])]


class MemberBody(web.Body):
    """A council member by an opaque id, and the member's own agency."""

    id: MemberId
    agency: web.Code


class AssignmentBody(web.Body):
    """Who appraises a criterion, in place of whoever did."""

    members: Annotated[web.Many[MemberBody], Field(min_length=1, max_length=MEMBERS_MAX)]


class DecisionBody(web.Body):
    """Recognise a self-score, or reject it with other points, a reason and its legal basis.

    `declaration` and `evidence` are what the member saw; without `evidence` it is what is attached
    now. `awarded` is needed to reject.
    """

    decision: Literal["recognise", "reject"]
    declaration: FactId | Literal[""]
    evidence: Annotated[web.Many[FactId], Field(max_length=EVIDENCE_MAX)] | None = None
    awarded: Points | None = None
    reason: web.Text | None = None
    legal_basis: web.Line | None = None


class ItemDecisionBody(DecisionBody):
    """One decision among several; `version` is what `If-Match` is for a single one."""

    item: web.ItemCode
    version: Annotated[int, Field(ge=1)] | None = None


class DecisionsBody(web.Body):
    """Decisions on several items of one agency."""

    decisions: Annotated[web.Many[ItemDecisionBody], Field(min_length=1, max_length=DECISIONS_MAX)]


class QuestionBody(web.Body):
    """What the council wants to know, and until when the agency may answer."""

    question: web.Text
    until: web.Instant


class ActionBody(web.Body):
    """Give the agency its sheet back until a time."""

    kind: Literal["reopen-submission"]
    reason: web.Text
    until: web.Instant


class ApprovalBody(web.Body):
    """The decision (quyết định) by which the council closes the agency."""

    number: web.Line
    on: web.Day


def routes(appraisals: Appraisals, readings: Readings) -> APIRouter:
    """The routes of the appraisal service."""
    router = web.new_router()
    _add_assignments(router, appraisals, readings)
    _add_readings(router, readings)
    _add_decisions(router, appraisals)
    _add_agreements(router, appraisals)
    return router


def _add_assignments(router: APIRouter, appraisals: Appraisals, readings: Readings) -> None:
    @router.put(ASSIGNMENT, dependencies=[web.needs("assign-criterion")])
    async def assign_criterion(
        cycle: web.Code,
        tier: web.Code,
        criterion: web.ItemCode,
        body: AssignmentBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Say which members appraise a criterion.

        A member is told by the id that facts have, or as the identity provider calls them.
        """
        members = [Member(id=call.id_of(each.id), agency=each.agency) for each in body.members]
        outcome = await appraisals.assign(
            call.actor, cycle, (tier, criterion), members, call.context
        )
        return web.written(response, outcome)

    @router.get(ASSIGNMENT, dependencies=[web.needs("read-progress")])
    async def read_assignment(
        cycle: web.Code, tier: web.Code, criterion: web.ItemCode, call: web.Call
    ) -> dict[str, Any]:
        """Which members appraise a criterion."""
        return dict(await readings.assignment(call.actor, cycle, tier, criterion))

    @router.get("/cycles/{cycle}/assignments", dependencies=[web.needs("read-progress")])
    async def read_assignments(cycle: web.Code, call: web.Call) -> list[dict[str, Any]]:
        """Every criterion that the council appraises, those without members too."""
        return [dict(each) for each in await readings.assignments(call.actor, cycle)]


def _add_readings(router: APIRouter, readings: Readings) -> None:
    @router.get(
        "/cycles/{cycle}/queue",
        dependencies=[web.needs("read-queue")],
        responses=web.leads_to(
            "read_item", agency="body#/items/0/agency", item="body#/items/0/item"
        ),
    )
    async def read_queue(
        cycle: web.Code, call: web.Call, paging: web.Paging, status: Status = "pending"
    ) -> web.Page:
        """The items that wait for the member who asks."""
        documents = await readings.queue(call.actor, cycle, status, (paging.after, paging.wanted))
        return web.page(documents, paging)

    @router.get("/cycles/{cycle}/progress", dependencies=[web.needs("read-progress")])
    async def read_progress(cycle: web.Code, call: web.Call) -> list[dict[str, Any]]:
        """How far the council is with each agency, and the gap of self and awarded points."""
        return [dict(each) for each in await readings.progress(call.actor, cycle)]

    @router.get(SHEET, dependencies=[web.needs("read-appraisal")])
    async def read_appraisal(cycle: web.Code, agency: web.Code, call: web.Call) -> dict[str, Any]:
        """The appraisal of an agency, item by item, with the notes of the council."""
        return dict(await readings.sheet(call.actor, Place(cycle, agency)))

    @router.get(
        ITEM, dependencies=[web.needs("read-appraisal")], responses=web.tagged("decide_score")
    )
    async def read_item(
        cycle: web.Code, agency: web.Code, item: web.ItemCode, call: web.Call, response: Response
    ) -> dict[str, Any]:
        """One item; its ETag goes into `If-Match` of a decision that changes another."""
        shown = await readings.item(call.actor, Place(cycle, agency), item)
        web.tag(response, shown["version"])
        return dict(shown)

    @router.get(SHEET + "/history", dependencies=[web.needs("read-appraisal")])
    async def read_history(
        cycle: web.Code, agency: web.Code, call: web.Call, paging: web.Paging
    ) -> web.Page:
        """Who decided what and when, by opaque ids."""
        documents = await readings.history(
            call.actor, Place(cycle, agency), (paging.after, paging.wanted)
        )
        return web.page(documents, paging)


def _add_decisions(router: APIRouter, appraisals: Appraisals) -> None:
    @router.put(
        ITEM + "/decision", dependencies=[web.needs("decide-score")], responses=web.tagged()
    )
    async def decide_score(
        cycle: web.Code,
        agency: web.Code,
        item: web.ItemCode,
        body: DecisionBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Recognise or reject a self-score; or give points outside the tree, claimed or not.

        Taking away more than the scheme's `loss_alone_max` (half, where it is silent) of what is
        claimed, or of what a penalty can still take, is a proposal that waits for a second member:
        the fact `...@12` is the action `action-12`.
        """
        outcome = await appraisals.decide(
            call.actor, Place(cycle, agency), _ruling(item, body, call.if_match), call.context
        )
        return web.written(response, outcome, etag=outcome.state.items[item].version)

    @router.put(SHEET + "/decisions", dependencies=[web.needs("decide-score")])
    async def decide_scores(
        cycle: web.Code, agency: web.Code, body: DecisionsBody, call: web.Call, response: Response
    ) -> web.Written:
        """Decide on many items of an agency: on all of them, or (with an error each) on none."""
        rulings = [_ruling(each.item, each, each.version) for each in body.decisions]
        outcome = await appraisals.decide_together(
            call.actor, Place(cycle, agency), rulings, call.context
        )
        return web.written(response, outcome)

    @router.post(
        ITEM + "/explanation-requests",
        dependencies=[web.needs("request-explanation")],
        responses=web.tagged(),
    )
    async def request_explanation(
        cycle: web.Code,
        agency: web.Code,
        item: web.ItemCode,
        body: QuestionBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Ask the agency to explain an item, or to prove it better."""
        request = (item, body.question, body.until)
        outcome = await appraisals.request_explanation(
            call.actor, Place(cycle, agency), request, call.context
        )
        return web.written(response, outcome, etag=outcome.state.items[item].version)


def _add_agreements(router: APIRouter, appraisals: Appraisals) -> None:
    @router.post(
        SHEET + "/actions",
        dependencies=[web.needs("propose-action")],
        responses=web.leads_to("second_action", action="action-{body#/version}"),
    )
    async def propose_action(
        cycle: web.Code, agency: web.Code, body: ActionBody, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Propose that the agency gets its sheet back, which takes a second member.

        The fact `...@12` is the action `action-12`.
        """
        outcome = await appraisals.propose_reopening(
            call.actor, Place(cycle, agency), body.reason, body.until, call.context
        )
        return web.written(response, outcome)

    @router.post(SHEET + "/actions/{action}/second", dependencies=[web.needs("second-action")])
    async def second_action(
        cycle: web.Code,
        agency: web.Code,
        action: ActionCode,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Agree to what another member proposed; it takes effect at once."""
        outcome = await appraisals.second(call.actor, Place(cycle, agency), action, call.context)
        return web.written(response, outcome)

    @router.post(SHEET + "/approval", dependencies=[web.needs("approve-appraisal")])
    async def approve_appraisal(
        cycle: web.Code,
        agency: web.Code,
        body: ApprovalBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Close the agency, once every item is decided and nothing waits for a second member."""
        decision = LegalAct(number=body.number, on=body.on)
        outcome = await appraisals.approve(call.actor, Place(cycle, agency), decision, call.context)
        return web.written(response, outcome)


def _ruling(item: str, body: DecisionBody, version: int | None) -> Ruling:
    verdict = Verdict(
        item=item,
        decision=body.decision,
        declaration=body.declaration,
        evidence=body.evidence,
        awarded=body.awarded,
        legal_basis=body.legal_basis or "",
        based_on=version,
    )
    return Ruling(verdict, body.reason)
