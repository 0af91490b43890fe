"""`explain`: any digit, down to the facts behind it."""

import asyncio
import json
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from services.cli import settings
from services.cli.command import Command
from services.cli.explain import page, reading
from shared.adapters import messages

HEIGHT = 24
WIDTH = 80
"""Characters a line where there is no terminal, or one that does not say how wide it is."""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("cycle", metavar="CYCLE", help="the code of the cycle, such as 2021")
    parser.add_argument("agency", metavar="AGENCY", help="the code of the agency")
    parser.add_argument(
        "item", nargs="?", metavar="ITEM", help="only this item, or this criterion or area"
    )
    parser.add_argument(
        "--at", metavar="PLACE", help="as of a ledger number, or of a time (RFC 3339)"
    )
    parser.add_argument("--revision", metavar="N", help="as it was published, instead")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything, for programs")
    form.add_argument("--prov", action="store_true", help="the same as W3C PROV-JSON")
    parser.add_argument(
        "--language",
        choices=messages.LANGUAGES,
        default=messages.DEFAULT,
        help=f"of the page; {messages.DEFAULT} by default",
    )
    parser.add_argument(
        "--url",
        default=environment.get("CCHC_URL", ""),
        help="where a system is running; CCHC_URL. Else the data directory is read",
    )
    parser.add_argument(
        "--token",
        default=environment.get("CCHC_TOKEN", ""),
        help="an access token for it; CCHC_TOKEN. Without one the public is asking",
    )
    settings.add_directory(parser, environment)


def _run(chosen: Namespace) -> int:
    explanation = asyncio.run(reading.read(chosen))
    if chosen.json or chosen.prov:
        json.dump(explanation, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    for line in page.lines(explanation, language=chosen.language, width=_width()):
        sys.stdout.write(f"{line}\n")
    return 0


def _width() -> int:
    if not sys.stdout.isatty():
        return WIDTH
    return shutil.get_terminal_size(fallback=(WIDTH, HEIGHT)).columns


COMMAND = Command(
    name="explain",
    summary="say where an agency's numbers come from",
    description="Says how each number of an agency is computed, from its index down to the facts "
    "of the\nledger, and checks that these stand in it. Asks a running system (--url), or reads "
    "a data\ndirectory that none is using, and writes nothing.",
    examples="""examples:
  python -m services explain 2021 so-y-te
  python -m services explain 2021 so-y-te 1.1.1 --at 1204
  python -m services explain 2021 so-y-te --url http://127.0.0.1:8400 --token "$TOKEN"
  python -m services explain 2021 so-y-te 9 --revision 1 --prov > provenance.json
""",
    add_options=_add_options,
    run=_run,
)
