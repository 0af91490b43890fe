"""Red flags over HTTP: where to look, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.ranking.api.moment import At
from services.ranking.application import RedFlags, Wanted
from shared.adapters import web


def add_flags(router: APIRouter, red_flags: RedFlags) -> None:
    """The one route of the flags."""

    @router.get("/cycles/{cycle}/flags", dependencies=[web.needs("read-log")])
    async def read_flags(
        cycle: web.Code,
        call: web.Call,
        paging: web.Paging,
        kind: Annotated[web.Code | None, Query(description="Only flags of this kind")] = None,
        agency: Annotated[web.Code | None, Query(description="Only about this agency")] = None,
        at: At = None,
    ) -> dict[str, Any]:
        """Where it is worth to look, computed from the ledger up to `counted_to`.

        A flag accuses nobody. Each names its facts, what it concerns, its thresholds, and says why
        in Vietnamese and in English. Entries that could not be read are named in `passed_over`.
        The first question about a cycle reads its ledger; later ones what is new, or a former
        place from the nearest state that is kept.
        As of a former place the ledger is read again from its beginning, which takes seconds for
        each hundred thousand facts.
        """
        wanted = Wanted(kind or "", agency or "", paging.after, paging.wanted, at)
        found, watched = await red_flags.read(call.actor, cycle, wanted)
        return {**watched, **web.page(found, paging).model_dump()}
