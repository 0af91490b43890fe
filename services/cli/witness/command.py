"""`witness`: another office looks at the log, and countersigns what goes on from what it holds."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli import settings
from services.cli.command import Command
from services.cli.witness.countersigning import Countersigned, countersign
from services.cli.witness.office import Office, found, founded
from shared.adapters import client, messages
from shared.adapters.clock import SystemClock
from shared.kernel.errors import Problem, Refused
from shared.ledger import note

FAILED = 1
"""The exit status where a cycle was not countersigned."""

FOLDER = "var/witness"

_KEY = """\
{key}
Gửi dòng trên cho đơn vị vận hành để thêm vào tệp CCHC_WITNESSES. Khóa riêng nằm trong {folder}.
Give the line above to the operator, for the file CCHC_WITNESSES. The private key lies in {folder}.
"""
_SIGNED = """\
Đã ký xác nhận sổ cái {cycle} dài {size} dữ kiện (lần trước {before}); gốc {root}.
Countersigned: the ledger {cycle} of {size} facts (before: {before}); root {root}.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("name", metavar="NAME", help="what the witness is called, for ever")
    parser.add_argument(
        "cycles", nargs="*", metavar="CYCLE", help="what to countersign; without any: its key"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=FOLDER,
        metavar="DIR",
        help=f"where the witness keeps its key and what it holds; {FOLDER} by default",
    )
    parser.add_argument(
        "--url",
        default=environment.get("CCHC_URL", ""),
        help="where the system is running; CCHC_URL",
    )
    parser.add_argument("--json", action="store_true", help="for programs, one line a cycle")


def _run(chosen: Namespace) -> int:
    if not chosen.cycles:
        key = note.to_verifier_key(founded(chosen.folder, chosen.name).key)
        sys.stdout.write(_KEY.format(key=key, folder=chosen.folder))
        return 0
    for cycle in chosen.cycles:
        settings.check_code(cycle)
    if not chosen.url:
        raise Refused("witness-address-missing")
    return asyncio.run(_countersign(chosen, found(chosen.folder, chosen.name)))


async def _countersign(chosen: Namespace, office: Office) -> int:
    """Each cycle by itself: what is refused of one keeps no other from being looked at."""
    status = 0
    async with client.connect(chosen.url) as system:
        for cycle in chosen.cycles:
            at_s = int(SystemClock().now().timestamp())
            try:
                done = await countersign(system, office, cycle, at_s=at_s)
            except Problem as problem:
                status = FAILED
                _tell_refused(cycle, problem, as_json=chosen.json)
            else:
                _tell(done, as_json=chosen.json)
    return status


def _tell(done: Countersigned, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(f"{json.dumps(done.body, ensure_ascii=False)}\n")
    else:
        sys.stdout.write(_SIGNED.format(**done.body))


def _tell_refused(cycle: str, problem: Problem, *, as_json: bool) -> None:
    if as_json:
        told = {"cycle": cycle, "code": problem.code, "details": dict(problem.details)}
        sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")
    sys.stderr.write(f"{cycle}\n{messages.explained(problem)}")


COMMAND = Command(
    name="witness",
    summary="countersign the checkpoints of a log, as another office",
    description="""\
Looks at the newest checkpoint of each cycle: whether the log has signed it, and whether it goes on
from the one that this witness countersigned before. If so it holds it, signs it and hands its line
in; else it keeps it, and signs nothing. The key that the log told first is held too: compare it
with what the operator has published. Run it each hour. Exit status: 0; 1 where a cycle was not
countersigned; 2 where the command was refused.""",
    examples="""examples:
  python -m services witness kiem-tra.example.gov.vn                  (its key, for the operator)
  python -m services witness kiem-tra.example.gov.vn 2021 --url https://cchc.example.gov.vn
""",
    add_options=_add_options,
    run=_run,
)
