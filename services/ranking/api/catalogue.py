"""The catalogue of facts over HTTP, for whoever reads the log."""

from fastapi import APIRouter, Response

from shared.adapters import web
from shared.events import catalogue


def add_catalogue(router: APIRouter) -> None:
    """What the entries of a ledger are; a document beside the one of the API, for everybody."""

    @router.get("/asyncapi.json", dependencies=[web.FOR_ANYBODY], include_in_schema=False)
    async def read_catalogue() -> Response:
        return Response(catalogue.text(), media_type="application/json")
