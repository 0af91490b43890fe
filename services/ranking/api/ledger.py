"""The ledger over HTTP: how long it is, its facts in one answer, and its facts as they come."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, assert_never

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from services.ranking.api.moment import NUMBER_MAX, At, Number
from services.ranking.application import Entries, Exported, Followers, Head, Rankings, Silence, Told
from shared.adapters import web
from shared.ledger.line import is_line, to_line

NDJSON = "application/x-ndjson"

After = Annotated[Number, Query(description="The ledger number behind which it begins")]

_TEXT = {"schema": {"type": "string"}}
_COUNT = {"schema": {"type": "integer"}}
_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One entry a line",
        "content": {NDJSON: _TEXT},
        "headers": {"Ledger-Next": _COUNT, "Ledger-Size": _COUNT, "Ledger-Root": _TEXT},
    }
}


def add_ledger(router: APIRouter, rankings: Rankings) -> None:
    """How a ledger stands, and what stands in it."""

    @router.get("/cycles/{cycle}/ledger", dependencies=[web.needs("read-log")])
    async def read_ledger(cycle: web.Code, call: web.Call, at: At = None) -> dict[str, Any]:
        """How long the ledger is, its RFC 6962 root, and what is missing in it."""
        return dict(await rankings.ledger(call.actor, cycle, at))

    @router.get(
        "/cycles/{cycle}/facts",
        dependencies=[web.needs("read-log")],
        response_class=Response,
        responses=_EXPORTED,
    )
    async def export_facts(
        cycle: web.Code,
        call: web.Call,
        after: After = 0,
        limit: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    ) -> StreamingResponse:
        """The facts behind a ledger number, one a line, byte by byte as they are stored.

        All of them, unless a `limit` is given; go on then with `after` = `Ledger-Next` until that
        equals `Ledger-Size`. The whole has the root `Ledger-Root`. An entry that is no line of text
        (no service writes one) stands as `{"base64":"..."}`.
        """
        return _lines(await rankings.export(call.actor, cycle, after, limit))


def add_following(router: APIRouter, followers: Followers) -> None:
    """What stands in a ledger, and what comes."""

    @router.get(
        "/cycles/{cycle}/facts/live",
        dependencies=[web.needs("read-log")],
        response_class=web.EventStream,
        status_code=200,
    )
    async def follow_facts(
        cycle: web.Code,
        call: web.Call,
        after: After = 0,
        last_event_id: Annotated[
            Number | None, Header(description="The same, and it comes first")
        ] = None,
    ) -> web.EventStream:
        """The same facts as server-sent events, and whatever comes behind them.

        The `id` of an event is the ledger number, and its `data` the line of the export: an event
        is a `fact`, or an `entry` where that is in base64. A `head` tells, whenever there is no
        more, the size and the RFC 6962 root of the ledger up to there. A comment comes where
        nothing else does. The answer ends after some minutes, and when the process does; come back
        then with the `Last-Event-ID`, and no number is missing and none comes twice.
        """
        first = after if last_event_id is None else last_event_id
        return web.EventStream(_events(followers.follow(call.actor, cycle, first)))


def _lines(exported: Exported) -> StreamingResponse:
    headers = {
        "Ledger-Next": str(exported.next),
        "Ledger-Size": str(exported.size),
        "Ledger-Root": exported.root,
    }
    return StreamingResponse(_written(exported.pages), media_type=NDJSON, headers=headers)


async def _written(pages: AsyncIterator[Sequence[bytes]]) -> AsyncIterator[bytes]:
    async for page in pages:
        yield b"".join(to_line(entry) + b"\n" for entry in page)


async def _events(followed: AsyncGenerator[Told, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(followed):
        async for told in followed:
            yield _said(told)


def _said(told: Told) -> bytes:
    match told:
        case Entries(first=first, entries=entries):
            return b"".join(_entry(first + place, entry) for place, entry in enumerate(entries))
        case Head():
            head = json.dumps({"size": told.size, "root": told.root}, separators=(",", ":"))
            return web.event("head", head.encode())
        case Silence():
            return web.SILENT
        case _:
            assert_never(told)


def _entry(number: int, entry: bytes) -> bytes:
    return web.event("fact" if is_line(entry) else "entry", to_line(entry), number=number)
