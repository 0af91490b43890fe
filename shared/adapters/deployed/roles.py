"""What a process of a service does: `python -m services.NAME api|worker|migrate`.

`api` answers callers, `worker` runs the loops, `migrate` makes what the other two need and ends.
All that a process is told comes from the environment. It listens at once, and says by /startupz
whether it has reached what it cannot begin without: PostgreSQL, and the key of a trial.
"""

import argparse
import asyncio
import logging
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from socket import socket
from typing import TYPE_CHECKING, TypeVar

from shared.adapters import logbook, messages, server
from shared.adapters.deployed.application import (
    Sign,
    Stage,
    application,
    notary_of,
    sign_of,
)
from shared.adapters.deployed.outside import migrate, open_outside
from shared.adapters.deployed.settings import SETTINGS, Settings, read, unknown_in
from shared.adapters.deployed.telling import telling
from shared.adapters.messages import LANGUAGES
from shared.kernel.errors import Problem, Refused, Unavailable
from shared.ports import Notary
from shared.runtime.health import Health
from shared.runtime.loop import Loop, keep_all_running_until
from shared.runtime.service import Outside, Service

if TYPE_CHECKING:
    from shared.adapters.telemetry.process import Telemetry

ROLES = ("api", "worker", "migrate")
REFUSED = 2
ENDED_LATE = 3
CLOSE_S_MAX = 5
START_S_MAX = 300.0
START_PAUSE_S = 1.0
SETTING_OF = {
    "database": "CCHC_POSTGRES",
    "documents": "CCHC_MONGO",
    "files": "CCHC_MONGO",
    "topic": "CCHC_KAFKA",
    "trial": "CCHC_TRIAL_DIR",
}
"""Where a server is told to be, or a trial, by the first word of what is said when it is away."""

Wire = Callable[[Outside], Service]
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


def run(
    name: str,
    wire: Wire,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    signs: bool = False,
) -> int:
    """Run one role; returns the exit status: 0, or 2 where it was refused, in words.

    The worker of a service that `signs` ledgers has their private key, and no other process has.
    """
    role: str = _parser(name).parse_args(arguments).role
    logbook.begin()
    try:
        settings = read(name, environment)
        for unknown in unknown_in(environment):
            _log.warning("%s is no setting; the others stand in --help", unknown)
        notary = notary_of(settings, name, signs=signs and role == "worker")
        process = _Process(name, wire, role, settings, notary, environment)
        with asyncio.Runner(loop_factory=server.event_loop()) as runner:
            if role == "migrate":
                sign_of(settings, makes=True)
                runner.run(_insist(lambda: migrate(settings, name)))
                _log.info("%s migrated", name)
            else:
                host, port, shared = settings.host, settings.port, settings.port_shared
                with (
                    telling(settings, name, role) as telemetry,
                    server.listen(host, port, shared=shared) as listening,
                ):
                    runner.run(replace(process, telemetry=telemetry).serve(listening))
    except Problem as problem:
        sys.stderr.write(messages.explained(problem))
        return REFUSED
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    lines = [
        f"  {setting.name:22} {setting.meaning.replace('`', '')}"
        + (f" [{setting.default.format(service=name, mode='MODE')}]" if setting.default else "")
        for setting in SETTINGS
    ]
    parser = argparse.ArgumentParser(
        f"python -m services.{name}",
        description=(__doc__ or "").split("\n\n", 1)[1],
        epilog="\n".join(["settings, from the environment [default]:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("role", choices=ROLES, help="what this process is for")
    return parser


@dataclass(frozen=True, slots=True)
class _Process:
    """One process that serves: an `api`, or a `worker`."""

    name: str
    wire: Wire
    role: str
    settings: Settings
    notary: Notary
    environment: Mapping[str, str]
    telemetry: "Telemetry | None" = None

    async def serve(self, listening: socket) -> None:
        """Answer callers until SIGTERM, and run the loops of a worker until then.

        What was begun by then has `stop_s` to come to its end, and closing `CLOSE_S_MAX` more.
        """
        stage, over, served = Stage(), asyncio.Event(), asyncio.Event()
        playing = asyncio.create_task(self._play(stage, over, served))
        serving = asyncio.create_task(self._answer(stage, listening, over))
        ending = asyncio.create_task(over.wait())
        await asyncio.wait({playing, serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        over.set()
        _end_at_last(self.settings.stop_s + CLOSE_S_MAX)
        if not stage.is_open:
            playing.cancel()
        await asyncio.wait({serving})
        served.set()
        await asyncio.wait({playing})
        _log.info("%s %s has stopped", self.name, self.role)
        for task in (serving, playing):
            if not task.cancelled():
                task.result()

    async def _answer(self, stage: Stage, listening: socket, over: asyncio.Event) -> None:
        address = "http://{}:{}".format(*listening.getsockname()[:2])
        ready = partial(_log.info, "%s %s listens on %s", self.name, self.role, address)
        grace_s = self.settings.stop_s
        proxies = self.settings.proxies
        await server.serve(
            stage, listening, ready=ready, grace_s=grace_s, over=over, proxies=proxies
        )

    async def _play(self, stage: Stage, over: asyncio.Event, served: asyncio.Event) -> None:
        """Open the stage once the outside world is there, and work until it is over.

        The world is there until the last caller is served.
        """
        async with AsyncExitStack() as opened:
            sign, world = await _insist(lambda: self._open(opened))
            service = self.wire(world)
            loops = service.loops if self.role == "worker" else ()
            health = Health(loops)
            await draw(service, self.role)
            is_api = self.role == "api"
            app = application(service, world, health, sign, self.settings, api=is_api)
            stage.open(self.telemetry.application(app) if self.telemetry else app)
            _log.info("%s %s is ready", self.name, self.role)
            watching = asyncio.create_task(health.watch())
            try:
                looking = self._looking(service, health, world)
                running = (*self._told(loops), *sign.identity.loops, *looking)
                await keep_all_running_until(over, running, self.settings.stop_s)
                await served.wait()
            finally:
                watching.cancel()

    def _told(self, loops: Sequence[Loop]) -> Sequence[Loop]:
        """The loops, as they tell of themselves where anybody asked for it."""
        return [self.telemetry.loop(loop) for loop in loops] if self.telemetry else loops

    def _looking(self, service: Service, health: Health, world: Outside) -> Sequence[Loop]:
        """What a worker that tells of itself does beside its loops."""
        if self.telemetry is None or self.role != "worker":
            return ()
        return (self.telemetry.looking(service, health, world),)

    async def _open(self, opened: AsyncExitStack) -> tuple[Sign, Outside]:
        sign, told = _find_sign(self.settings), self.telemetry
        opening = open_outside(
            self.settings, self.name, sign.clock, self.notary, self.environment, told
        )
        world = await opened.enter_async_context(opening)
        await world.directory.claim(sign.identity.names.mark)
        return sign, world


async def draw(service: Service, role: str) -> None:
    """Show all that was recorded by now before anybody is let in.

    After an upgrade a new version of a view is whole then. What cannot be shown now, whatever is
    the reason, keeps nobody from writing, and whoever reads is told.
    """
    begins = f"{service.name} {role} begins without its documents"
    try:
        await service.draw()
    except Unavailable as error:
        _log.warning("%s: %s", begins, error)
    except Exception:  # noqa: BLE001 - the loop and the readings meet it too, and tell
        _log.exception("%s", begins)


def _find_sign(settings: Settings) -> Sign:
    """Raises `Unavailable` while `migrate`, which makes the key of a trial, has not come to it."""
    try:
        return sign_of(settings, makes=False)
    except Refused as error:
        if error.code != "trial-folder-missing":
            raise
        raise Unavailable(error.code, folder=error.details["folder"]) from error


def _end_at_last(seconds: float) -> None:
    """End the process by then, whatever still waits: a thread, for a server that stands still.

    What it waits for was not acknowledged, and is said again by whoever asked for it.
    """

    def end() -> None:
        _log.error("not everything came to its end within %.0f s", seconds)
        os._exit(ENDED_LATE)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _reason_of(error: Unavailable) -> str:
    """What is away, in both languages, and what a library said of it."""
    said = [messages.sentence(error.code, each, error.details) for each in LANGUAGES]
    cause = "" if isinstance(error.__cause__, Refused) else str(error.__cause__ or "").strip()
    return " · ".join([*said, *filter(None, [cause])])


async def _insist(begin: Callable[[], Awaitable[Result]]) -> Result:
    """Try until the servers are there; raises `Unavailable("servers-not-reached")` in the end.

    Where it was no server that was waited for, what was refused each time is refused then.
    """
    time_s = asyncio.get_running_loop().time
    deadline_s = time_s() + START_S_MAX
    while True:
        try:
            return await begin()
        except Unavailable as error:
            reason = _reason_of(error)
            if time_s() >= deadline_s:
                if isinstance(error.__cause__, Refused):
                    raise error.__cause__ from None
                seconds = f"{START_S_MAX:.0f}"
                raise Unavailable("servers-not-reached", seconds=seconds, reason=reason) from error
            setting = SETTING_OF[error.code.partition("-")[0]]
            _log.warning("waiting for %s: %s", setting, reason)
        await asyncio.sleep(START_PAUSE_S)
