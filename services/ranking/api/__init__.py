"""Ranking over HTTP: tables for everybody once they are published, and before that for few."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.ranking.api.alarms import add_alarms
from services.ranking.api.bundle import add_bundle
from services.ranking.api.catalogue import add_catalogue
from services.ranking.api.checkpoints import add_checkpoints, add_proofs
from services.ranking.api.difference import add_difference
from services.ranking.api.explanation import add_explanation
from services.ranking.api.flags import add_flags
from services.ranking.api.forgetting import add_forgetting
from services.ranking.api.ledger import add_following, add_ledger
from services.ranking.api.moment import AsRevision, At, Revision
from services.ranking.api.rebuilds import add_rebuilds
from services.ranking.api.scenarios import add_scenarios
from services.ranking.application import (
    Alarms,
    Bundles,
    Checkpoints,
    Differences,
    Explanations,
    Followers,
    Forgetting,
    Moment,
    Rankings,
    Rebuilds,
    RedFlags,
    Scenarios,
)
from shared.adapters import web
from shared.events import submission


class ApprovalBody(web.Body):
    """The digest of the tables that the council has seen, as every reading of them says it."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class DecisionBody(web.Body):
    """The decision (quyết định) by which a result is made public."""

    number: web.Line
    on: web.Day


class PublicationBody(web.Body):
    """A publication; one that corrects an earlier one says why."""

    decision: DecisionBody
    because: web.Text | None = None


@dataclass(frozen=True, slots=True)
class UseCases:
    """Everything that can be asked of the service."""

    rankings: Rankings
    alarms: Alarms
    bundles: Bundles
    checkpoints: Checkpoints
    differences: Differences
    explanations: Explanations
    followers: Followers
    forgetting: Forgetting
    red_flags: RedFlags
    rebuilds: Rebuilds
    scenarios: Scenarios


def routes(use: UseCases) -> APIRouter:
    """The routes of the ranking service."""
    router = web.new_router()
    _add_tables(router, use.rankings)
    _add_results(router, use.rankings)
    add_ledger(router, use.rankings)
    add_following(router, use.followers)
    add_bundle(router, use.bundles)
    add_alarms(router, use.alarms)
    add_checkpoints(router, use.checkpoints)
    add_proofs(router, use.checkpoints)
    add_difference(router, use.differences)
    add_explanation(router, use.explanations)
    add_flags(router, use.red_flags)
    add_forgetting(router, use.forgetting)
    add_rebuilds(router, use.rebuilds)
    add_scenarios(router, use.scenarios)
    add_catalogue(router)
    return router


def _add_tables(router: APIRouter, rankings: Rankings) -> None:
    @router.get(
        "/cycles",
        dependencies=[web.FOR_ANYBODY],
        responses=web.leads_to(
            "read_table", "list_publications", "list_checkpoints", cycle="body#/items/0/cycle"
        ),
    )
    async def list_cycles(call: web.Call, paging: web.Paging) -> web.Page:
        """The cycles that are counted; for the public, those with a published result."""
        found = await rankings.cycles(call.actor, paging.after, paging.wanted)
        return web.page(found, paging)

    @router.get("/cycles/{cycle}/table", dependencies=[web.FOR_ANYBODY])
    async def read_table(
        cycle: web.Code,
        call: web.Call,
        tier: web.Code | None = None,
        at: At = None,
        revision: AsRevision = None,
    ) -> dict[str, Any]:
        """The table of a tier: the present one for who may see it, else the published one."""
        moment = Moment(at, revision)
        return dict(await rankings.table(call.actor, cycle, tier, moment))

    @router.get("/cycles/{cycle}/agencies/{agency}", dependencies=[web.FOR_ANYBODY])
    async def read_agency(
        cycle: web.Code,
        agency: web.Code,
        call: web.Call,
        at: At = None,
        revision: AsRevision = None,
    ) -> dict[str, Any]:
        """Every number of an agency's row, with the facts that it comes from."""
        moment = Moment(at, revision)
        return dict(await rankings.agency(call.actor, cycle, agency, moment))


def _add_results(router: APIRouter, rankings: Rankings) -> None:
    @router.get("/cycles/{cycle}/hindrances", dependencies=[web.needs("read-provisional")])
    async def read_hindrances(cycle: web.Code, call: web.Call, at: At = None) -> dict[str, Any]:
        """What forbids a publication, and the digest that would be approved."""
        return dict(await rankings.hindrances(call.actor, cycle, at))

    @router.post(
        "/cycles/{cycle}/approvals", dependencies=[web.needs("approve-result")], status_code=201
    )
    async def approve_result(
        cycle: web.Code, body: ApprovalBody, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Approve the tables that the council has seen."""
        outcome = await rankings.approve(call.actor, cycle, body.digest, call.context)
        return web.written(response, outcome)

    @router.get("/cycles/{cycle}/publications", dependencies=[web.FOR_ANYBODY])
    async def list_publications(cycle: web.Code, call: web.Call) -> dict[str, Any]:
        """Every revision of the result that was made public."""
        return dict(await rankings.publications(call.actor, cycle))

    @router.put(
        "/cycles/{cycle}/publications/{revision}", dependencies=[web.needs("publish-result")]
    )
    async def publish_result(
        cycle: web.Code,
        revision: Revision,
        body: PublicationBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Make the approved result public: revision 1, or the next one as a correction."""
        decision = submission.LegalAct(number=body.decision.number, on=body.decision.on)
        outcome = await rankings.publish(
            call.actor, (cycle, revision), decision, body.because, call.context
        )
        return web.written(response, outcome)
