"""Routes of an agency's sheet: read, declared, locked and reopened."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.submission.api.bodies import ReopeningBody, ScoreBody, ScoresBody
from services.submission.application import Place, Sheets, Submissions
from shared.adapters import web


async def _sheet(cycle: web.Code, agency: web.Code) -> Place:
    return Place(cycle, agency)


async def _item(cycle: web.Code, agency: web.Code, item: web.ItemCode) -> Place:
    return Place(cycle, agency, item)


SheetPlace = Annotated[Place, Depends(_sheet)]
ItemPlace = Annotated[Place, Depends(_item)]
SHEET = "/cycles/{cycle}/agencies/{agency}"
SCORE = SHEET + "/items/{item}/score"


def add_readings(router: APIRouter, sheets: Sheets) -> None:
    """What the agency itself, the council and the administration read."""

    @router.get(
        SHEET,
        dependencies=[web.needs("read-submission")],
        responses=web.tagged("submit_scores", always=False),
    )
    async def read_sheet(place: SheetPlace, call: web.Call, response: Response) -> dict[str, Any]:
        """The sheet with all items. Its `ETag` serves `If-Match` of a whole sheet."""
        sheet = await sheets.sheet(call.actor, place)
        if sheet["version"]:
            web.tag(response, sheet["version"])
        return sheet

    @router.get(
        SCORE,
        dependencies=[web.needs("read-submission")],
        responses=web.tagged("submit_score", "withdraw_score"),
    )
    async def read_score(place: ItemPlace, call: web.Call, response: Response) -> dict[str, Any]:
        """The declaration of an item. Its `ETag` serves `If-Match` of a change."""
        score = await sheets.score(call.actor, place)
        web.tag(response, score["version"])
        return score

    @router.get(SHEET + "/missing", dependencies=[web.needs("read-submission")])
    async def read_missing(place: SheetPlace, call: web.Call) -> dict[str, Any]:
        """What has to be proved before the sheet can be locked, and what is not declared."""
        return await sheets.missing(call.actor, place)

    @router.get(SHEET + "/history", dependencies=[web.needs("read-submission")])
    async def read_history(
        place: SheetPlace,
        call: web.Call,
        paging: web.Paging,
        item: Annotated[web.ItemCode | None, Query()] = None,
    ) -> web.Page:
        """Every change of the sheet or of one item, with its time and actor; oldest first."""
        part = replace(place, item=item or "")
        found = await sheets.history(call.actor, part, after=paging.after, limit=paging.wanted)
        return web.page(found, paging)


def add_declarations(router: APIRouter, submissions: Submissions) -> None:
    """What an agency declares."""

    @router.put(SCORE, dependencies=[web.needs("submit-score")], responses=web.tagged())
    async def submit_score(
        place: ItemPlace,
        body: ScoreBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Declare an item. A change needs `If-Match` with the version that was read."""
        outcome = await submissions.submit_score(
            call.actor, place, body.inputs, call.if_match, call.context
        )
        etag = outcome.state.entry(place.item).score.version
        return web.written(response, outcome, etag=etag)

    @router.delete(SCORE, dependencies=[web.needs("submit-score")])
    async def withdraw_score(place: ItemPlace, call: web.Call, response: Response) -> web.Written:
        """Take a declaration back."""
        outcome = await submissions.withdraw_score(call.actor, place, call.if_match, call.context)
        return web.written(response, outcome)

    @router.put(SHEET + "/scores", dependencies=[web.needs("submit-score")], responses=web.tagged())
    async def submit_scores(
        place: SheetPlace, body: ScoresBody, call: web.Call, response: Response
    ) -> web.Written:
        """Declare many items, all or nothing. A change needs `If-Match` of the sheet as read."""
        outcome = await submissions.submit_scores(
            call.actor, place, body.inputs(), call.if_match, call.context
        )
        return web.written(response, outcome, etag=outcome.version)


def add_locks(router: APIRouter, submissions: Submissions) -> None:
    """How a sheet is closed, and opened again."""

    @router.post(SHEET + "/lock", dependencies=[web.needs("lock-submission")])
    async def lock_submission(
        place: SheetPlace, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Close the sheet; refused with what is missing."""
        outcome = await submissions.lock(call.actor, place, call.context)
        return web.written(response, outcome)

    @router.post(SHEET + "/reopening", dependencies=[web.needs("reopen-submission")])
    async def reopen_submission(
        place: SheetPlace,
        body: ReopeningBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Let the agency work on its locked sheet again, until a time."""
        outcome = await submissions.reopen(call.actor, place, body.until, body.reason, call.context)
        return web.written(response, outcome)
