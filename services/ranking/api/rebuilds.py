"""Rebuilds over HTTP: ordered here, done by the worker, and read until they have ended."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.ranking.application import Manner, Order, Rebuilds
from shared.adapters import web

CYCLES_MAX = 100

Rebuild = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="As the order named it")]


class RebuildBody(web.Body):
    """What is to be made again: all cycles, or some, from the ledgers or from the topic.

    What was made serves by itself where no document differs from the one that serves: `always` lets
    it serve whatever differs, `never` only compares.
    """

    cycles: Annotated[web.Many[web.Code], Field(max_length=CYCLES_MAX, examples=[["2021"]])] = ()
    source: Annotated[Literal["ledger", "topic"], Field(examples=["ledger"])] = "ledger"
    switch: Annotated[Literal["if-equal", "always", "never"], Field(examples=["if-equal"])] = (
        "if-equal"
    )


_LOCATION = {"headers": {"Location": {"required": True, "schema": {"type": "string"}}}}
_ORDERED: dict[int | str, dict[str, Any]] = {
    202: {**web.leads_to("read_rebuild", status=202, rebuild="body#/rebuild")[202], **_LOCATION}
}


def add_rebuilds(router: APIRouter, rebuilds: Rebuilds) -> None:
    """Ordering a rebuild, and reading what became of it."""

    @router.post(
        "/rebuilds", dependencies=[web.needs("rebuild-views")], status_code=202, responses=_ORDERED
    )
    async def order_rebuild(
        body: RebuildBody, call: web.KeyedCall, response: Response
    ) -> dict[str, Any]:
        """Make the documents of cycles again from the log, beside those that serve.

        `Location` is where to read how it stands. The same key again is no news.
        """
        order = Order(body.cycles, Manner(body.source, body.switch))
        ordered = await rebuilds.order(call.actor, order, call.context)
        response.headers["Location"] = f"/ranking/rebuilds/{ordered['rebuild']}"
        return dict(ordered)

    @router.get("/rebuilds/{rebuild}", dependencies=[web.needs("read-log")])
    async def read_rebuild(rebuild: Rebuild, call: web.Call) -> dict[str, Any]:
        """How a rebuild stands, and what each cycle came to.

        A cycle is `waiting`, `making`, and then one of these: it `serves`; it was `made`, and was
        not to serve; it `differs`, document by document, and does not serve; it is `not-met`, since
        the place from which what serves was drawn (`served_to`) was not met in the ledger, so that
        nothing was compared, and does not serve; it `stopped` at an entry that cannot be read,
        which is named. The generation that served before stays.
        """
        return dict(await rebuilds.read(call.actor, rebuild))
