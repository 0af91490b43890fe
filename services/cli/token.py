"""`token`: an access token for a trial, on the standard output."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from services.cli import settings
from services.cli.command import Command
from shared.adapters.front import find_trial
from shared.adapters.identity import HOURS_DEFAULT, HOURS_MAX, ROLES, subject_of
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("--role", choices=ROLES, required=True)
    parser.add_argument(
        "--agency",
        default="",
        metavar="CODE",
        help="whose data an agency officer may change, or on whom a council member may not decide",
    )
    parser.add_argument("--subject", metavar="ID", help="an opaque id of the person, never a name")
    parser.add_argument(
        "--service",
        action="store_const",
        const="service",
        default="person",
        help="for a program with an account of its own, and not for a person",
    )
    parser.add_argument(
        "--hours",
        type=_hours,
        default=HOURS_DEFAULT,
        help=f"how long it serves by the clock of the trial, {HOURS_DEFAULT} by default",
    )
    settings.add_directory(parser, environment)


def _hours(text: str) -> int:
    hours = int(text)
    if not 1 <= hours <= HOURS_MAX:
        raise ValueError(text)
    return hours


def _run(options: Namespace) -> int:
    if options.mode == "production":
        raise Refused("production-issues-no-tokens")
    issuer = find_trial(options.data).issuer
    subject = options.subject or subject_of(options.role, options.agency)
    actor = Actor(subject, options.role, options.agency, kind=options.service)
    sys.stdout.write(f"{issuer.issue(actor, hours=options.hours)}\n")
    return 0


COMMAND = Command(
    name="token",
    summary="print an access token for a trial",
    description="Prints a token that the system on the same data directory takes; of a trial on "
    "servers,\n--data is its CCHC_TRIAL_DIR. Send it as: Authorization: Bearer TOKEN. Production "
    "refuses\nthese tokens.",
    examples="""examples:
  python -m services token --role agency --agency so-y-te
  python -m services token --role council --agency so-noi-vu --subject member-3
  TOKEN=$(python -m services token --role administrator --hours 8)
""",
    add_options=_add_options,
    run=_run,
)
