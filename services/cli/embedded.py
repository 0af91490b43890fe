"""The embedded mode: all four services in one process, each over an outside world of its own."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from services.appraisal import main as appraisal
from services.cli import front, settings
from services.cli.front import Trial
from services.ranking import main as ranking
from services.submission import main as submission
from services.survey import main as survey
from shared.adapters import process, web
from shared.adapters.identity import Verifier, verifier_of
from shared.events.submission import Mode
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused
from shared.ports import Clock
from shared.runtime.loop import Loop
from shared.runtime.service import Outside, Service

WIRINGS: Sequence[tuple[str, Callable[[Outside], Service]]] = (
    ("submission", submission.wire),
    ("appraisal", appraisal.wire),
    ("survey", survey.wire),
    ("ranking", ranking.wire),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """Whose tokens production takes: an issuer's, by the keys in a file."""

    issuer: str
    key_set: Path


@dataclass(frozen=True, slots=True)
class System:
    """All services, wired; `app` serves them, `loops` have to run beside it."""

    app: Starlette
    loops: tuple[Loop, ...]


@asynccontextmanager
async def opened(data_dir: Path, mode: Mode, sign: Sign | None) -> AsyncIterator[System]:
    """The system on a data directory, which the caller has locked; production needs a sign."""
    trial = _trial(data_dir) if mode == "trial" else None
    clock: Clock = trial.clock if trial else settings.production_clock()
    verifier = trial.issuer.verifier() if trial else _verifier(sign, clock)
    async with _wired(data_dir, mode, clock) as (services, worlds):
        yield _system(services, worlds, verifier.identify, trial)


@asynccontextmanager
async def opened_for(data_dir: Path, mode: Mode, actor: Actor) -> AsyncIterator[System]:
    """The same for one actor within this process, who needs no token; never to be served."""
    trial = mode == "trial"
    clock = settings.trial_clock(data_dir) if trial else settings.production_clock()
    async with _wired(data_dir, mode, clock) as (services, worlds):
        yield _system(services, worlds, lambda _: actor, None)


@asynccontextmanager
async def _wired(
    data_dir: Path, mode: Mode, clock: Clock
) -> AsyncIterator[tuple[Sequence[Service], Sequence[Outside]]]:
    async with AsyncExitStack() as stack:
        topic = await stack.enter_async_context(process.open_topic(data_dir, clock))
        worlds = [
            await stack.enter_async_context(
                process.open_outside(data_dir, name, topic=topic, clock=clock, mode=mode)
            )
            for name, _ in WIRINGS
        ]
        yield [wire(outside) for (_, wire), outside in zip(WIRINGS, worlds, strict=True)], worlds


def _trial(data_dir: Path) -> Trial:
    clock = settings.trial_clock(data_dir)
    return Trial(clock, settings.trial_issuer(data_dir, clock))


def _verifier(sign: Sign | None, clock: Clock) -> Verifier:
    assert sign is not None, "production takes the tokens of an issuer"
    try:
        return verifier_of(sign.issuer, sign.key_set, clock)
    except (OSError, ValueError) as error:
        raise Refused("key-set-unreadable", file=str(sign.key_set), reason=str(error)) from error


def _system(
    services: Sequence[Service],
    worlds: Sequence[Outside],
    identify: Callable[[str], Actor],
    trial: Trial | None,
) -> System:
    doors = [web.Door(identify, outside.clock, outside.chance, outside.seals) for outside in worlds]
    mounts = [
        Mount(f"/{service.name}", web.service_app(service.name, service.router, door))
        for service, door in zip(services, doors, strict=True)
    ]
    names = [service.name for service in services]
    stores = [outside.store for outside in worlds]
    router = front.routes(names, stores, worlds[0].mode, trial)
    return System(
        app=Starlette(routes=[*mounts, Mount("/", web.service_app("process", router, doors[0]))]),
        loops=tuple(loop for service in services for loop in service.loops),
    )
