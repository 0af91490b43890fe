"""The embedded mode: all four services in one process, each over an outside world of its own."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from services.appraisal import main as appraisal
from services.ranking import main as ranking
from services.submission import main as submission
from services.survey import main as survey
from shared.adapters import front, process, web
from shared.adapters.addresses import Networks
from shared.adapters.clock import SystemClock
from shared.adapters.front import Front, Trial, open_trial
from shared.adapters.identity import Given, Identity, Trust, identity_of, trial_identity
from shared.events.submission import Mode
from shared.kernel.actor import Actor
from shared.ledger.note import Key
from shared.ports import Clock, Scanner
from shared.runtime.health import Health
from shared.runtime.loop import Loop
from shared.runtime.service import Outside, Service

WIRINGS: Sequence[tuple[str, Callable[[Outside], Service]]] = (
    ("submission", submission.wire),
    ("appraisal", appraisal.wire),
    ("survey", survey.wire),
    ("ranking", ranking.wire),
)


@dataclass(frozen=True, slots=True)
class Log:
    """What the names of the ledgers begin with, if that was chosen, and who may countersign."""

    origin: str | None = None
    witnesses: tuple[Key, ...] = ()


OWN_LOG = Log()


@dataclass(frozen=True, slots=True)
class Around:
    """Where people reach the system, as invitations say, and who scans what they bring.

    `rates` are what one of them may ask for, and `proxies` those who say where they come from.
    """

    public_url: str = ""
    scanner: Scanner | None = None
    rates: web.Rates = field(default_factory=lambda: web.RATES)
    proxies: Networks = ()


ALONE = Around()
WITHIN = Around(rates=web.UNLIMITED)


@dataclass(frozen=True, slots=True)
class System:
    """All services, wired; `app` serves them, `loops` run beside it, watched by `health`."""

    app: Starlette
    loops: tuple[Loop, ...]
    health: Health


@asynccontextmanager
async def opened(
    data_dir: Path,
    mode: Mode,
    trust: Trust | None,
    log: Log = OWN_LOG,
    around: Around = ALONE,
) -> AsyncIterator[System]:
    """The system on a data directory, which the caller has locked; production trusts an issuer."""
    trial = open_trial(data_dir) if mode == "trial" else None
    clock: Clock = trial.clock if trial else SystemClock()
    identity = trial_identity(trial.issuer) if trial else _identity(trust, clock)
    async with _wired(data_dir, mode, clock, log, around) as (services, worlds):
        for outside in worlds:
            await outside.directory.claim(identity.names.mark)
        yield _system(services, worlds, identity, trial, around)


@asynccontextmanager
async def opened_for(
    data_dir: Path, mode: Mode, actor: Actor, log: Log = OWN_LOG
) -> AsyncIterator[System]:
    """The same for one actor within this process, who needs no token; never to be served."""
    clock: Clock = open_trial(data_dir).clock if mode == "trial" else SystemClock()
    async with _wired(data_dir, mode, clock, log) as (services, worlds):
        yield _system(services, worlds, Given(lambda _: actor), None, WITHIN)


@asynccontextmanager
async def _wired(
    data_dir: Path, mode: Mode, clock: Clock, log: Log, around: Around = ALONE
) -> AsyncIterator[tuple[Sequence[Service], Sequence[Outside]]]:
    async with AsyncExitStack() as stack:
        topic = await stack.enter_async_context(process.open_topic(data_dir, clock))
        opened = [
            await stack.enter_async_context(
                process.open_outside(data_dir, name, topic=topic, clock=clock, mode=mode)
            )
            for name, _ in WIRINGS
        ]
        surrounded = partial(replace, public_url=around.public_url, scanner=around.scanner)
        worlds = [surrounded(_known_by(log, world)) for world in opened]
        yield [wire(outside) for (_, wire), outside in zip(WIRINGS, worlds, strict=True)], worlds


def _known_by(log: Log, outside: Outside) -> Outside:
    origin = log.origin or outside.notary.origin
    return replace(outside, notary=replace(outside.notary, origin=origin, witnesses=log.witnesses))


def _identity(trust: Trust | None, clock: Clock) -> Identity:
    assert trust is not None, "production takes the tokens of an issuer"
    return identity_of(trust, clock)


def _system(
    services: Sequence[Service],
    worlds: Sequence[Outside],
    identity: Identity,
    trial: Trial | None,
    around: Around,
) -> System:
    secret = worlds[0].chance.token().encode()
    turnstile = web.Turnstile(around.rates, secret=secret, proxies=around.proxies)
    doors = [front.door_of(outside, identity, turnstile) for outside in worlds]
    mounts = [
        Mount(
            f"/{service.name}",
            web.service_app(service.name, front.routes_of(service, outside), door),
        )
        for service, outside, door in zip(services, worlds, doors, strict=True)
    ]
    loops = tuple(loop for service in services for loop in service.loops)
    health = Health(loops)
    names = [service.name for service in services]
    shown = Front(worlds[0].mode, dict(zip(names, worlds, strict=True)), health, identity, trial)
    process_app = web.service_app("process", front.routes(shown), doors[0])
    app = Starlette(routes=[*mounts, Mount("/", process_app)])
    return System(app, (*loops, *identity.loops), health)
