"""Routes of cycles: opened, changed with a reason, read."""

from typing import Any

from fastapi import APIRouter, Response

from services.submission.api.bodies import (
    CycleBody,
    DeadlineBody,
    JoiningBody,
    ReasonBody,
    SchemeBody,
    TableBody,
)
from services.submission.application import Cycles
from shared.adapters import web


def add_readings(router: APIRouter, cycles: Cycles) -> None:
    """What everybody with a role may read of a cycle."""

    @router.get(
        "/cycles",
        dependencies=[web.needs("read-cycle")],
        responses=web.leads_to("read_cycle", "read_progress", cycle="body#/items/0/cycle"),
    )
    async def list_cycles(call: web.Call, paging: web.Paging) -> web.Page:
        """The cycles, by their names."""
        found = await cycles.list(call.actor, after=paging.after, limit=paging.wanted)
        return web.page(found, paging)

    @router.get("/cycles/{cycle}", dependencies=[web.needs("read-cycle")])
    async def read_cycle(cycle: web.Code, call: web.Call) -> dict[str, Any]:
        """A cycle: agencies, the calendar with its extensions, schemes in short."""
        return await cycles.cycle(call.actor, cycle)

    @router.get("/cycles/{cycle}/schemes/{tier}", dependencies=[web.needs("read-cycle")])
    async def read_scheme(cycle: web.Code, tier: web.Code, call: web.Call) -> dict[str, Any]:
        """The scheme of a tier, whole, as the log has it."""
        return dict(await cycles.scheme(call.actor, cycle, tier))

    @router.get("/cycles/{cycle}/progress", dependencies=[web.needs("read-cycle")])
    async def read_progress(cycle: web.Code, call: web.Call) -> dict[str, Any]:
        """How far each agency has come, and who has not begun; an agency sees itself alone."""
        return await cycles.progress(call.actor, cycle)


def add_changes(router: APIRouter, cycles: Cycles) -> None:
    """What Sở Nội vụ does."""

    @router.put("/cycles/{cycle}", dependencies=[web.needs("open-cycle")])
    async def open_cycle(
        cycle: web.Code, body: CycleBody, call: web.Call, response: Response
    ) -> web.Written:
        """Open a cycle, also by copying an earlier one."""
        outcome = await cycles.open(call.actor, cycle, body.opening(), call.context)
        return web.written(response, outcome)

    @router.put("/cycles/{cycle}/schemes/{tier}", dependencies=[web.needs("amend-scheme")])
    async def amend_scheme(
        cycle: web.Code, tier: web.Code, body: SchemeBody, call: web.Call, response: Response
    ) -> web.Written:
        """Replace the scheme of a tier while the cycle runs."""
        place = (cycle, tier)
        outcome = await cycles.amend_scheme(
            call.actor, place, body.scheme, body.why(), call.context
        )
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/withdrawal", dependencies=[web.needs("withdraw-cycle")])
    async def withdraw_cycle(
        cycle: web.Code, body: ReasonBody, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """End a cycle without a result."""
        outcome = await cycles.withdraw(call.actor, cycle, body.why(), call.context)
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/deadlines", dependencies=[web.needs("extend-deadline")])
    async def extend_deadline(
        cycle: web.Code, body: DeadlineBody, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Let a phase close later, for one agency or for all."""
        extension = (body.phase, body.agency, body.until)
        outcome = await cycles.extend_deadline(
            call.actor, cycle, extension, body.why(), call.context
        )
        return web.written(response, outcome)

    @router.put("/cycles/{cycle}/agencies/{agency}", dependencies=[web.needs("change-agencies")])
    async def add_agency(
        cycle: web.Code, agency: web.Code, body: JoiningBody, call: web.Call, response: Response
    ) -> web.Written:
        """Let an agency join a running cycle."""
        outcome = await cycles.add_agency(
            call.actor, cycle, body.fact(agency), body.why(), call.context
        )
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/agencies/{agency}/withdrawal", dependencies=[web.needs("change-agencies")]
    )
    async def withdraw_agency(
        cycle: web.Code,
        agency: web.Code,
        body: ReasonBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Let an agency leave a running cycle."""
        outcome = await cycles.withdraw_agency(call.actor, cycle, agency, body.why(), call.context)
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/imports", dependencies=[web.needs("import-results")])
    async def import_results(
        cycle: web.Code, body: TableBody, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Take over a table that was published elsewhere."""
        outcome = await cycles.import_results(call.actor, cycle, body.command(), call.context)
        return web.written(response, outcome)
