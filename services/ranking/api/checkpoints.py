"""Checkpoints and proofs over HTTP, for everybody: nobody is asked who they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from services.ranking.api.moment import NUMBER_MAX
from services.ranking.application import Checkpoints
from shared.adapters import web

NOTE = "text/plain; charset=utf-8"

_NOTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "A signed note", "content": {NOTE: {"schema": {"type": "string"}}}}
}

Size = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Asked = Annotated[int | None, Query(ge=1, le=NUMBER_MAX)]
AskedFrom = Annotated[int | None, Query(alias="from", ge=0, le=NUMBER_MAX)]


class CosignatureBody(web.Body):
    """A signature line by which a witness countersigns a checkpoint, as C2SP writes it."""

    line: Annotated[web.Line, Field(examples=["— witness.example/w1 jWbPPwAAAABkGFDLEZMHwSRa"])]


def add_checkpoints(router: APIRouter, checkpoints: Checkpoints) -> None:
    """The checkpoints that the log has signed, and what witnesses say of them."""

    @router.get(
        "/cycles/{cycle}/checkpoints",
        dependencies=[web.FOR_ANYBODY],
        responses=web.leads_to("read_checkpoint", size="body#/items/0/size"),
    )
    async def list_checkpoints(cycle: web.Code, paging: web.Paging) -> web.Page:
        """The checkpoints of a cycle by their size, and who signed each."""
        return web.page(await checkpoints.listed(cycle, paging.after, paging.wanted), paging)

    @router.get(
        "/cycles/{cycle}/checkpoints/latest",
        dependencies=[web.FOR_ANYBODY],
        response_class=Response,
        responses=_NOTED,
    )
    async def read_latest_checkpoint(cycle: web.Code) -> Response:
        """The newest checkpoint, a signed note as C2SP has it, with all signatures."""
        return Response(await checkpoints.signed(cycle), media_type=NOTE)

    @router.get(
        "/cycles/{cycle}/checkpoints/{size}",
        dependencies=[web.FOR_ANYBODY],
        response_class=Response,
        responses=_NOTED,
    )
    async def read_checkpoint(cycle: web.Code, size: Size) -> Response:
        """The checkpoint of a size. Keep it, print it: later ones have to go on from it."""
        return Response(await checkpoints.signed(cycle, size), media_type=NOTE)

    @router.post("/cycles/{cycle}/checkpoints/{size}/cosignatures", dependencies=[web.FOR_ANYBODY])
    async def cosign_checkpoint(
        cycle: web.Code, size: Size, body: CosignatureBody
    ) -> dict[str, Any]:
        """Hand in the signature line of a witness; the line itself proves whose it is."""
        return dict(await checkpoints.cosign(cycle, size, body.line))

    @router.get("/cycles/{cycle}/log-key", dependencies=[web.FOR_ANYBODY])
    async def read_log_key(cycle: web.Code) -> dict[str, Any]:
        """The keys by which checkpoints can be checked, and whether signing had to stop.

        Keep the key with the first checkpoint that you keep: here it may be exchanged.
        """
        return dict(await checkpoints.key(cycle))


def add_proofs(router: APIRouter, checkpoints: Checkpoints) -> None:
    """The proofs of RFC 6962, hashes in hex."""

    @router.get("/cycles/{cycle}/proofs/inclusion", dependencies=[web.FOR_ANYBODY])
    async def prove_inclusion(
        cycle: web.Code, number: Asked = None, size: Asked = None
    ) -> dict[str, Any]:
        """That the fact with a ledger number stands in the ledger of a size.

        Without a size it is that of the newest checkpoint, without a number its last fact.
        """
        return dict(await checkpoints.inclusion(cycle, number, size))

    @router.get("/cycles/{cycle}/proofs/consistency", dependencies=[web.FOR_ANYBODY])
    async def prove_consistency(
        cycle: web.Code,
        first: AskedFrom = None,
        second: Annotated[int | None, Query(alias="to", ge=1, le=NUMBER_MAX)] = None,
    ) -> dict[str, Any]:
        """That the ledger of one size is the beginning of that of another.

        Without sizes they are those of the newest checkpoint, and of the one before it.
        """
        return dict(await checkpoints.consistency(cycle, first, second))
