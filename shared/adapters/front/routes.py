"""The routes of a process: its page, the words of its problems, its health, its operations."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from shared.adapters import messages, web
from shared.adapters.front.trial import Trial, trial_routes
from shared.adapters.identity import Identity
from shared.events.submission import Mode
from shared.kernel.errors import Missing, Unavailable
from shared.runtime.health import Health
from shared.runtime.parked import Parked
from shared.runtime.service import Outside

_TITLES = {
    "submission": "Đợt đánh giá, tự chấm điểm, tài liệu kiểm chứng / cycles and self-scores",
    "appraisal": "Thẩm định / appraisal by the council",
    "survey": "Điều tra xã hội học / surveys",
    "ranking": "Chỉ số, xếp hạng, công bố / index, rank, publication",
}


@dataclass(frozen=True, slots=True)
class Front:
    """What a process has to tell about itself: its services by name, and its loops' health."""

    mode: Mode
    worlds: Mapping[str, Outside]
    health: Health
    identity: Identity
    trial: Trial | None = None


def routes(front: Front) -> APIRouter:
    """The routes of the process itself; those of a trial only if it is one."""
    router = web.new_router()
    _add_pages(router, front)
    _add_health(router, front)
    _add_operations(router, front)
    if front.trial is not None:
        router.include_router(trial_routes(front.trial), prefix="/trial", tags=["trial"])
    return router


def _add_pages(router: APIRouter, front: Front) -> None:
    @router.get(
        "/", dependencies=[web.FOR_ANYBODY], response_class=HTMLResponse, include_in_schema=False
    )
    async def index() -> str:
        return _page(tuple(front.worlds), front.mode)

    @router.get("/problems/{code}", dependencies=[web.FOR_ANYBODY], tags=["problems"])
    async def problem(code: web.Code) -> dict[str, str]:
        """What the `type` of a problem stands for."""
        if code not in messages.MESSAGES:
            raise Missing("problem-unknown", problem=code)
        vietnamese, english = messages.MESSAGES[code]
        return {"code": code, "vi": vietnamese, "en": english}


def _add_health(router: APIRouter, front: Front) -> None:
    @router.get("/livez", dependencies=[web.FOR_ANYBODY], tags=["health"])
    async def live() -> dict[str, str]:
        """Whatever this process has to do gets on; 503 where only a restart can help.

        A server that is away is no reason: what waits for it goes on when it is back.
        """
        if stuck := front.health.stuck():
            raise Unavailable("process-stuck", loops=", ".join(stuck))
        return {"status": "live"}

    @router.get("/readyz", dependencies=[web.FOR_ANYBODY], tags=["health"])
    async def ready() -> dict[str, str]:
        """Every service can read what it has recorded; 503 where one cannot.

        `keys` are those by which tokens are verified: `current`, `kept` from before since the
        identity provider is away, or `missing`. Whoever brings no token is served with none.
        """
        for outside in front.worlds.values():
            await outside.store.end()
        return {"status": "ready", "keys": front.identity.keys_state}

    @router.get("/startupz", dependencies=[web.FOR_ANYBODY], tags=["health"])
    async def started() -> dict[str, str]:
        """The process has all that it needs to begin; before that, 503."""
        return {"status": "started"}


def _add_operations(router: APIRouter, front: Front) -> None:
    @router.get("/ops/lag", dependencies=[web.needs("read-operations")], tags=["operations"])
    async def read_lag(_: web.Call) -> dict[str, Any]:
        """How far behind each consumer of this process is; one that only answers has none.

        `lag_facts` wait for it, the oldest for `lag_s` seconds, as far as this process has seen;
        null where that cannot be told. `failure` names what it last failed with in this process, or
        what holds a part of its work, and for `failing_s` it has not got on since. One that
        `stands_by` leaves the turn to another process of the service, and tells the same lag as
        that one; but `.receive` and `.number` tell of the partitions of this process alone.
        """
        return {"consumers": [lag.body for lag in await front.health.lags()]}

    looks = {name: Parked(world.inbox, world.store) for name, world in front.worlds.items()}

    @router.get("/ops/parked", dependencies=[web.needs("read-operations")], tags=["operations"])
    async def read_parked(_: web.Call) -> dict[str, Any]:
        """What waits for a missing fact, what stopped, and what was told otherwise, by service.

        A parked stream goes on by itself when the missing fact comes by the topic, and a stopped
        one when a version of the service that knows how has started.
        """
        return {name: (await look.waiting()).body for name, look in looks.items()}


def _page(names: Sequence[str], mode: Mode) -> str:
    services = "\n".join(
        f'<li><a href="/{name}/docs">{name}</a>: {html.escape(_TITLES[name])}</li>'
        for name in names
    )
    return f"""<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chỉ số CCHC</title>
<h1>Chỉ số cải cách hành chính (PAR Index)</h1>
<p>Chế độ / mode: <strong>{mode}</strong></p>
<ul>
{services}
<li><a href="/docs">/</a>: Tình trạng hệ thống / the process itself</li>
</ul>
</html>
"""
