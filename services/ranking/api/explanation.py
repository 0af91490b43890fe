"""Explanations over HTTP: any digit, down to the facts behind it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from services.ranking.api.moment import Asked
from services.ranking.application import Explanations
from shared.adapters import web

Format = Annotated[Literal["json", "prov"], Query(description="`prov`: the same as W3C PROV-JSON")]


def add_explanation(router: APIRouter, explanations: Explanations) -> None:
    """The explanation of a whole row, and of a part of it."""

    @router.get("/cycles/{cycle}/agencies/{agency}/explain", dependencies=[web.FOR_ANYBODY])
    async def explain_agency(
        cycle: web.Code,
        agency: web.Code,
        call: web.Call,
        asked: Asked,
        format: Format = "json",  # noqa: A002 - what it is called in the query
    ) -> dict[str, Any]:
        """What every number of an agency's row is computed from, and how.

        `workings` holds for each number beside it the exact value, an expression over exact numbers
        that has this value, and `of`, what these numbers belong to. Every fact stands in `facts`,
        with its leaf and its path (RFC 6962) to the root of the `ledger` that was counted, and
        `consistency` leads from there to a checkpoint. Reasons are sealed by the appraisal service.
        """
        explain = explanations.provenance if format == "prov" else explanations.of
        return dict(await explain(call.actor, (cycle, agency), "", asked))

    @router.get("/cycles/{cycle}/agencies/{agency}/explain/{item}", dependencies=[web.FOR_ANYBODY])
    async def explain_item(
        cycle: web.Code,
        agency: web.Code,
        item: web.ItemCode,
        call: web.Call,
        asked: Asked,
        format: Format = "json",  # noqa: A002 - see above
    ) -> dict[str, Any]:
        """The same of one item, or of all items of an area or a criterion with this code."""
        explain = explanations.provenance if format == "prov" else explanations.of
        return dict(await explain(call.actor, (cycle, agency), item, asked))
