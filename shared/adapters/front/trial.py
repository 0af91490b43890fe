"""What only a trial has: a clock that can be set, and tokens for whoever asks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from shared.adapters import web
from shared.adapters.clock import TrialClock
from shared.adapters.identity import (
    HOURS_DEFAULT,
    HOURS_MAX,
    TrialIssuer,
    is_loopback,
    subject_of,
)
from shared.adapters.signature import private_key
from shared.kernel.actor import Actor, Role
from shared.kernel.calendar import VIETNAM
from shared.kernel.errors import Forbidden, Refused

_CLOCK = "trial-clock.json"
_ISSUER_KEY = "trial-issuer.pem"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Trial:
    """What only a trial has."""

    clock: TrialClock
    issuer: TrialIssuer


def open_trial(folder: Path) -> Trial:
    """The trial whose clock and key lie in a folder, and are made there if need be.

    All its processes share that folder.
    """
    clock = TrialClock(folder / _CLOCK)
    return Trial(clock, TrialIssuer(private_key(folder / _ISSUER_KEY), clock))


def find_trial(folder: Path) -> Trial:
    """The same where it was made before: a new key would be that of no other process.

    Raises `Refused("trial-folder-missing")`.
    """
    if not (folder / _ISSUER_KEY).is_file():
        raise Refused("trial-folder-missing", folder=str(folder))
    return open_trial(folder)


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


def trial_routes(trial: Trial) -> APIRouter:
    """The routes of a trial, for callers on its own machine."""
    router = web.new_router([web.FOR_ANYBODY, Depends(_same_machine)])

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
    """A trial may be looked at from anywhere, and steered from its own machine alone.

    So what is asked for has to be called as this machine is: a page of a stranger in a browser here
    can have its own name lead here, and would be taken for one of ours (DNS rebinding).
    """
    caller = request.client.host if request.client else ""
    forwarded = any(name in request.headers for name in _FORWARDED)
    if forwarded or not (is_loopback(caller) and is_loopback(_called(request))):
        raise Forbidden("loopback-only")


def _called(request: Request) -> str:
    """What the caller calls this machine; nothing, where that is no name of any."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""
