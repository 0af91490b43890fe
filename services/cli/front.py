"""What the process answers beside its services: where they are, how it is, and trials."""

import html
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from services.cli.token import HOURS_DEFAULT, HOURS_MAX, subject_of
from shared.adapters import messages, web
from shared.adapters.clock import TrialClock
from shared.adapters.identity import TrialIssuer
from shared.events.submission import Mode
from shared.kernel.actor import Actor, Role
from shared.kernel.calendar import VIETNAM
from shared.kernel.errors import Forbidden, Missing
from shared.ports import EventStore

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
_TITLES = {
    "submission": "Đợt đánh giá, tự chấm điểm, tài liệu kiểm chứng / cycles and self-scores",
    "appraisal": "Thẩm định / appraisal by the council",
    "survey": "Điều tra xã hội học / surveys",
    "ranking": "Chỉ số, xếp hạng, công bố / index, rank, publication",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What only a trial has."""

    clock: TrialClock
    issuer: TrialIssuer


class Time(web.Body):
    """The time of the trial."""

    now: web.Instant


class TokenRequest(web.Body):
    """Whom a token is for."""

    role: Role
    agency: web.Code | None = None
    subject: Annotated[str | None, Field(max_length=255)] = None
    hours: Annotated[int, Field(ge=1, le=HOURS_MAX)] = HOURS_DEFAULT


class Token(web.Body):
    """An access token, to be sent as `Authorization: Bearer ...`."""

    token: str


def routes(
    names: Sequence[str], stores: Sequence[EventStore], mode: Mode, trial: Trial | None
) -> APIRouter:
    """The routes of the process itself; those of a trial only if it is one."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def index() -> str:
        return _page(names, mode)

    @router.get("/livez", tags=["health"])
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/readyz", tags=["health"])
    async def ready() -> dict[str, str]:
        """Every service can read what it has recorded; 503 where one cannot."""
        for store in stores:
            await store.end()
        return {"status": "ready"}

    @router.get("/problems/{code}", tags=["problems"])
    async def problem(code: web.Code) -> dict[str, str]:
        """What the `type` of a problem stands for."""
        if code not in messages.MESSAGES:
            raise Missing("problem-unknown", problem=code)
        vietnamese, english = messages.MESSAGES[code]
        return {"code": code, "vi": vietnamese, "en": english}

    if trial is not None:
        router.include_router(_trial_routes(trial), prefix="/trial", tags=["trial"])
    return router


def _trial_routes(trial: Trial) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_same_machine)])

    @router.get("/clock")
    async def read_clock() -> Time:
        """The time of the trial."""
        return Time(now=trial.clock.now().astimezone(VIETNAM))

    @router.put("/clock")
    async def set_clock(time: Time) -> Time:
        """Go to another time; everything that falls due until then happens by and by."""
        trial.clock.set(time.now)
        return time

    @router.post("/tokens")
    async def issue_token(wanted: TokenRequest) -> Token:
        """An access token for whomever you like to be."""
        agency = wanted.agency or ""
        subject = wanted.subject or subject_of(wanted.role, agency)
        actor = Actor(id=subject, role=wanted.role, agency=agency)
        return Token(token=trial.issuer.issue(actor, hours=wanted.hours))

    return router


async def _same_machine(request: Request) -> None:
    """A trial may be looked at from anywhere, and steered from its own machine alone."""
    caller = request.client.host if request.client else ""
    forwarded = any(name in request.headers for name in _FORWARDED)
    if forwarded or not _is_loopback(caller):
        raise Forbidden("loopback-only")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


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
