"""Routes of who reads the evidence of an agency, and why."""

from fastapi import APIRouter

from services.submission.api.bodies import JustificationBody
from services.submission.api.sheets import SHEET, SheetPlace
from services.submission.application import Accesses
from shared.adapters import web


class Justified(web.Written):
    """A reason that was taken; it is good until then, or not any more (null)."""

    until: str | None


def add_accesses(router: APIRouter, accesses: Accesses) -> None:
    """Reasons for reading, and what was read."""

    @router.post(SHEET + "/readings", dependencies=[web.needs("justify-reading")])
    async def justify_reading(
        place: SheetPlace, body: JustificationBody, call: web.KeyedCall
    ) -> Justified:
        """Say why you read the evidence of an agency, which is not assigned to you.

        For an hour you are given its files; the log keeps the reason, sealed, and each file.
        """
        justified = await accesses.justify(call.actor, place, body.reason, call.context)
        outcome, until = justified.outcome, justified.until
        return Justified(
            facts=list(outcome.facts),
            version=outcome.version,
            until=until.isoformat() if until else None,
        )

    @router.get(SHEET + "/accesses", dependencies=[web.needs("read-accesses")])
    async def read_accesses(place: SheetPlace, call: web.Call, paging: web.Paging) -> web.Page:
        """Who was given which file of the agency, and why; oldest first.

        The agency sees the roles, and neither the persons nor the words of their reasons.
        """
        found = await accesses.list(call.actor, place, after=paging.after, limit=paging.wanted)
        return web.page(found, paging)
