"""`smoke`: play a small cycle in a deployment, verify what it published, and withdraw it."""

import asyncio
import json
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from services.cli.command import Command
from services.cli.issuer_options import WHERE, add_issuer
from services.cli.smoke import running
from services.cli.smoke.deployment import SERVICES, Addresses
from services.cli.smoke.people import OneProgram, People, TrialDoor, TrialFolder, signed_in
from services.cli.smoke.running import Wanted
from services.cli.smoke.scratch import PREFIX, YEAR
from shared.adapters import client
from shared.adapters.front import find_trial
from shared.adapters.identity import Program, Site
from shared.kernel.errors import Refused

FAILED = 1
PHASE_S = 60.0
PATIENCE_S = 60.0
SECONDS_MAX = 3_600.0
WIDTH = 110


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument(
        "--url",
        default=environment.get("CCHC_URL", ""),
        help="where all services answer; CCHC_URL",
    )
    parser.add_argument(
        "--at",
        type=_address,
        action="append",
        default=[],
        metavar="SERVICE=URL",
        help="where one service answers, once for each, in place of --url",
    )
    _add_people(parser, environment)
    parser.add_argument(
        "--year", type=int, default=YEAR, help=f"the scratch year, {YEAR} by default"
    )
    for option, default, meaning in (
        ("--phase", PHASE_S, "seconds for which people declare and answer"),
        ("--patience", PATIENCE_S, "seconds for which an answer, or news, may let wait"),
    ):
        parser.add_argument(
            option, type=_seconds, default=default, metavar="S", help=f"{meaning}; {default:g}"
        )
    parser.add_argument(
        "--withdraw",
        metavar="CYCLE",
        help="withdraw a scratch cycle that an earlier smoke test had to leave, and nothing else",
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def _add_people(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    folder = environment.get("CCHC_TRIAL_DIR")
    parser.add_argument(
        "--trial",
        type=Path,
        default=Path(folder) if folder else None,
        metavar="DIR",
        help="of a trial: the folder with its clock and key; CCHC_TRIAL_DIR. Without it, and "
        "without --people, the trial is asked for tokens, which it gives on its own machine",
    )
    parser.add_argument(
        "--people",
        type=Path,
        metavar="FILE",
        help="tokens of people who have signed in, as JSON",
    )
    parser.add_argument(
        "--without-people",
        action="store_true",
        help="only what a program's account may do: client credentials at the issuer",
    )
    add_issuer(parser, environment, WHERE)
    parser.add_argument(
        "--client",
        default=environment.get("CCHC_SMOKE_CLIENT", ""),
        metavar="ID",
        help="what the issuer calls this program; CCHC_SMOKE_CLIENT. Its secret comes from "
        "CCHC_SMOKE_SECRET alone",
    )
    parser.set_defaults(secret=environment.get("CCHC_SMOKE_SECRET", ""))


def _address(text: str) -> tuple[str, str]:
    service, _, url = text.partition("=")
    if service not in SERVICES or not url:
        raise ArgumentTypeError(f"{text!r} is no SERVICE=URL of {', '.join(SERVICES)}")
    return service, url.rstrip("/")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= SECONDS_MAX:
        raise ArgumentTypeError(f"{text!r}: 1 - {SECONDS_MAX:g}")
    return seconds


def _run(chosen: Namespace) -> int:
    addresses = _addresses(chosen)
    if chosen.withdraw and not chosen.withdraw.startswith(PREFIX):
        raise Refused("smoke-cycle-of-others", cycle=chosen.withdraw, prefix=PREFIX)
    return asyncio.run(_played(chosen, addresses))


async def _played(chosen: Namespace, addresses: Addresses) -> int:
    """Play, also where it is asked to end: then what was opened is withdrawn before it does."""
    async with client.connect(addresses.of("/submission")) as anybody:
        people = _people(chosen, TrialDoor(anybody))
        wanted = Wanted(
            addresses, people, chosen.year, chosen.phase, chosen.patience, chosen.withdraw
        )
        played = asyncio.ensure_future(
            running.without_people(wanted) if chosen.without_people else running.play(wanted)
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, played.cancel)
        report = await played
    if chosen.json:
        sys.stdout.write(f"{json.dumps(report.body, ensure_ascii=False)}\n")
    else:
        width = None if sys.stdout.isatty() else WIDTH
        report.show(Console(width=width, highlight=False))
    return 0 if report.is_good else FAILED


def _addresses(chosen: Namespace) -> Addresses:
    at = {**(dict.fromkeys(SERVICES, chosen.url.rstrip("/")) if chosen.url else {})}
    at |= dict(chosen.at)
    if missing := [service for service in SERVICES if service not in at]:
        raise Refused("smoke-address-missing", services=", ".join(missing))
    return Addresses(at)


def _people(chosen: Namespace, door: TrialDoor) -> People:
    if chosen.without_people:
        if not (chosen.issuer and chosen.client and chosen.secret):
            raise Refused("smoke-program-missing")
        site = Site(chosen.issuer, chosen.issuer_ca).checked()
        return OneProgram(site, Program(chosen.client, chosen.secret))
    if chosen.people is not None:
        return signed_in(chosen.people)
    if chosen.trial is not None:
        return TrialFolder(find_trial(chosen.trial))
    return door


COMMAND = Command(
    name="smoke",
    summary="play a small cycle in a deployment, verify it offline, and withdraw it",
    description="""\
Plays a small cycle in a scratch year of a running system, by its addresses alone: it is opened,
declared, answered, decided by two members of the council, counted, published; its bundle is
verified offline; and in every case it is withdrawn at the end, by a fact. Other cycles are not
touched. Each step is told with its time.

Who acts: in a trial whomever its issuer makes (--trial, or by HTTP on its own machine). In
production people who have signed in (--people): {"administrator": {"token": "..."}, "officer":
{"token": "...", "agency": "so-y-te"}, "survey-officer": {"token": "..."}, "member": {"token":
"...", "id": "...", "agency": "so-noi-vu"}, "second-member": {...}}; `id` is what the provider calls
them. A program cannot stand in for people: --without-people tries what it may, and that the rest
is refused. Exit status: 0; 1 where anything is not as it should be; 2 where it did not begin.""",
    examples="""examples:
  python -m services smoke --url http://127.0.0.1:8400 --phase 10
  python -m services smoke --url https://cchc.example.gov.vn --people people.json
  CCHC_SMOKE_SECRET=... python -m services smoke --url https://cchc.example.gov.vn \\
      --without-people --issuer https://sso.example.gov.vn/realms/cchc --client cchc-smoke
  python -m services smoke --url http://127.0.0.1:8400 --withdraw smoke-2199-a1b2c3d4
""",
    add_options=_add_options,
    run=_run,
)
