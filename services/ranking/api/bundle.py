"""A cycle's bundle over HTTP: one file, for whoever may read the log."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from services.ranking.application import Bundle, Bundles
from shared.adapters import web

ZIP = "application/zip"

_TEXT = {"schema": {"type": "string"}}
_COUNT = {"schema": {"type": "integer"}}
_BUNDLED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One ZIP file",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {
            "Content-Length": _COUNT,
            "Content-Disposition": _TEXT,
            "Ledger-Size": _COUNT,
            "Ledger-Root": _TEXT,
        },
    }
}


def add_bundle(router: APIRouter, bundles: Bundles) -> None:
    """The file that an auditor takes home."""

    @router.get(
        "/cycles/{cycle}/bundle",
        dependencies=[web.needs("read-log")],
        response_class=Response,
        responses=_BUNDLED,
    )
    async def read_bundle(cycle: web.Code, call: web.Call) -> StreamingResponse:
        """Everything that the published results rest on, to be verified without this system.

        The facts, the schemes, the hashes of evidence, the checkpoints and the published tables of
        the ledger as it is now; the same ledger gives the same bytes. `python -m shared.verify`
        checks all of it.
        """
        return _answer(cycle, await bundles.bundle(call.actor, cycle))


def _answer(cycle: str, bundle: Bundle) -> StreamingResponse:
    headers = {
        "Content-Length": str(bundle.length),
        "Content-Disposition": f'attachment; filename="cchc-{cycle}-{bundle.size}.zip"',
        "Ledger-Size": str(bundle.size),
        "Ledger-Root": bundle.root,
    }
    return StreamingResponse(bundle.parts, media_type=ZIP, headers=headers)
