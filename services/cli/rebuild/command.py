"""The command `rebuild`: its options, and the operation that it does."""

import asyncio
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from services.cli import settings
from services.cli.command import Command
from services.cli.rebuild import shown
from services.cli.rebuild.place import Place
from services.cli.rebuild.processes import Processes
from services.cli.rebuild.shown import Shown
from services.ranking import main as ranking
from shared.adapters.chance import SecretChance
from shared.adapters.clock import SystemClock

WORKERS_MAX = 64


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--cycle", action="append", metavar="CODE", help="a cycle; several times")
    which.add_argument("--all", action="store_true", help="every cycle that has a ledger")
    parser.add_argument(
        "--from",
        dest="source",
        choices=("ledger", "topic"),
        default="ledger",
        help="the ledger as it is kept, or the topic, numbered again and held against it",
    )
    parser.add_argument(
        "--workers",
        type=_workers,
        default=1,
        metavar="N",
        help="how many processes make cycles at once, 1 by default",
    )
    parser.add_argument(
        "--switch",
        choices=("if-equal", "always", "never"),
        default="if-equal",
        help="when what was made is to serve; if-equal by default",
    )
    parser.add_argument(
        "--roll-back", action="store_true", help="make nothing: let serve what served before"
    )
    parser.add_argument(
        "--deployed",
        action="store_true",
        help="on the servers that the settings of ranking in the environment name",
    )
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    settings.add_directory(parser, environment)
    parser.set_defaults(environment=environment)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= WORKERS_MAX):
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {WORKERS_MAX}")
    return int(text)


def _run(options: Namespace) -> int:
    data = None if options.deployed else options.data
    place = Place(options.mode, data, dict(options.environment))
    with place.kept():
        return asyncio.run(_roll_back(place, options) if options.roll_back else _do(place, options))


async def _do(place: Place, options: Namespace) -> int:
    order = ranking.Order(options.cycle or (), ranking.Manner(options.source, options.switch))
    token = SecretChance().token()
    make = None if options.workers == 1 else Processes(place, options.workers).tell
    body: Mapping[str, Any] = {}
    async with place.open() as stores:
        rebuilds = ranking.rebuilding(stores, token, SystemClock(), make)
        operation = await rebuilds.begin(token, order)
        with Shown() as progress:
            async with aclosing(rebuilds.run(operation)) as running:
                async for body in running:
                    progress.tell(body)
    (shown.write_json if options.json else shown.write)(body, progress.seconds)
    return shown.status(body)


async def _roll_back(place: Place, options: Namespace) -> int:
    async with place.open() as stores:
        rebuilds = ranking.rebuilding(stores, SecretChance().token(), SystemClock())
        serving = await rebuilds.roll_back(options.cycle or await rebuilds.cycles())
    for cycle, generation in serving.items():
        sys.stdout.write(f"{cycle}  bản {generation} được dùng lại. {generation} serves again.\n")
    return os.EX_OK


COMMAND = Command(
    name="rebuild",
    summary="make the views of ranking again from the log",
    description="""\
Makes the documents that ranking shows again, beside those that serve, up to where each ledger
ends now, and compares both, document by document. Where none differs the new ones serve from
then on; the former ones stay for --roll-back. Nothing is published, signed or recorded. What
cannot be read stops a cycle, and is named. A rebuild that was broken off within the last hour
goes on with the cycles that are left when it is run again, unless something else was let serve
meanwhile; what it came to before is told as of then.

On a data directory the system has to be stopped: where it runs, order the rebuild by HTTP,
POST /ranking/rebuilds. The exit status is 1 where anything differs or stopped; 3 where all
that is wrong is that the place from which something was drawn was not met in the ledger, so that
nothing could be compared; 2 where the command was refused.""",
    examples="""examples:
  python -m services rebuild --all
  python -m services rebuild --cycle 2021 --from topic --json
  python -m services rebuild --all --workers 4 --deployed
  python -m services rebuild --cycle 2021 --switch never
  python -m services rebuild --cycle 2021 --roll-back
""",
    add_options=_add_options,
    run=_run,
)
