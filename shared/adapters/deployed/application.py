"""What one process of a service answers, from its first moment on."""

from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.adapters import front, notary, web
from shared.adapters.clock import SystemClock
from shared.adapters.deployed.settings import Settings
from shared.adapters.front import Front, Trial, find_trial, open_trial
from shared.adapters.identity import Identity, identity_of, trial_identity
from shared.adapters.signature import FileSigner, verify
from shared.kernel.errors import Flaw, Refused, Unavailable
from shared.ports import Clock, Notary, Signer
from shared.runtime.health import Health
from shared.runtime.service import Outside, Service

LIVE = "/livez"


class Stage:
    """An ASGI application that has to be waited for: until then it lives, and is not ready."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    @property
    def is_open(self) -> bool:
        """Whether the application answers."""
        return self._app is not None

    def open(self, app: ASGIApp) -> None:
        """Let the application answer from now on."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is not None:
            await self._app(scope, receive, send)
            return
        answer = (
            JSONResponse({"status": "live"})
            if scope["type"] == "http" and scope["path"] == LIVE
            else web.response_to(scope, Unavailable("process-starting"))
        )
        await answer(scope, receive, web.guarding(send, scope))


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a process knows the time and its callers; a trial has its own of both."""

    clock: Clock
    identity: Identity
    trial: Trial | None


def sign_of(settings: Settings, *, makes: bool) -> Sign:
    """The trial's folder, or the issuer of production; who `makes` the folder need not find one.

    Raises `Refused` with `trial-folder-missing`, `trial-folder-unusable`, and with what
    `identity_of` says.
    """
    if settings.trial_dir is not None:
        return _sign_of_trial(settings.trial_dir, makes=makes)
    clock = SystemClock()
    return Sign(clock, identity_of(settings.trust, clock), None)


def _sign_of_trial(folder: Path, *, makes: bool) -> Sign:
    try:
        if makes:
            folder.mkdir(parents=True, exist_ok=True)
        trial = open_trial(folder) if makes else find_trial(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused("trial-folder-unusable", folder=str(folder), reason=reason) from error
    return Sign(trial.clock, trial_identity(trial.issuer), trial)


def notary_of(settings: Settings, service: str, *, signs: bool) -> Notary:
    """What a process knows of the signing of ledgers; only who signs has the key.

    Raises `Refused` with `settings-wrong`, `checkpoint-key-unusable` or `witnesses-unreadable`.
    """
    signer = _signer_of(settings, service) if signs else None
    witnesses = notary.read_witnesses(settings.witnesses)
    return Notary(settings.log_origin, signer=signer, witnesses=witnesses, verify=verify)


def _signer_of(settings: Settings, service: str) -> Signer:
    if settings.checkpoint_key is not None:
        return notary.read_signer(settings.checkpoint_key)
    if settings.trial_dir is not None:
        return FileSigner(settings.trial_dir / notary.KEY_FILE)
    name = "CCHC_CHECKPOINT_KEY"
    flaw = Flaw(name, "setting-needed", {"setting": name, "mode": settings.mode})
    raise Refused("settings-wrong", flaws=[flaw], service=service)


def application(
    service: Service, world: Outside, health: Health, sign: Sign, settings: Settings, *, api: bool
) -> Starlette:
    """The process's own answers; for an `api`, those of the service under its name too."""
    identity = sign.identity
    secret = world.chance.token().encode()
    turnstile = web.Turnstile(settings.rates, secret=secret, proxies=settings.proxies)
    door = front.door_of(world, identity, turnstile)
    shown = Front(settings.mode, {service.name: world}, health, identity, sign.trial)
    mounts = [Mount("/", web.service_app("process", front.routes(shown), door))]
    if api:
        limits = web.Limits(requests_max=settings.requests_max)
        app = web.service_app(service.name, front.routes_of(service, world), door, limits)
        mounts.insert(0, Mount(f"/{service.name}", app))
    return Starlette(routes=mounts)
