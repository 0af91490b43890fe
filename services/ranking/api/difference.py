"""What changed, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.ranking.api.moment import Number
from services.ranking.application import Differences, Span
from shared.adapters import web

Place = Number | web.Instant


def add_difference(router: APIRouter, differences: Differences) -> None:
    """The one route of the differences."""

    @router.get("/cycles/{cycle}/diff", dependencies=[web.needs("read-provisional")])
    async def read_difference(
        cycle: web.Code,
        call: web.Call,
        first: Annotated[
            Place, Query(alias="from", description="A ledger number, or a time (RFC 3339)")
        ] = 0,
        last: Annotated[
            Place | None, Query(alias="to", description="The same; the end without it")
        ] = None,
        agency: Annotated[web.Code | None, Query(description="Only of this agency")] = None,
    ) -> dict[str, Any]:
        """What changed behind `from` and up to `to`, and the facts that changed it.

        One fact is taken after the other, in ledger order, and what it changes is put down to it;
        the changes of an agency add up to its difference exactly. `by` names the agencies whose own
        points a fact changed: where that is not the agency itself (`own`), others moved its rank.
        Reasons are sealed by the service that recorded the fact.
        """
        span = Span(first, last)
        return dict(await differences.between(call.actor, cycle, span, agency or ""))
