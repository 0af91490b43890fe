"""`witness`: another office looks at the log, and countersigns what goes on from what it holds."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli.command import Command
from services.cli.witness.countersigning import Countersigned, countersign
from services.cli.witness.office import Office
from shared.adapters import client
from shared.adapters.clock import SystemClock
from shared.kernel.code import CODE_CHARACTERS_MAX, is_code
from shared.kernel.errors import Refused
from shared.ledger import note

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
    office = Office(chosen.folder, chosen.name)
    if not chosen.cycles:
        sys.stdout.write(_KEY.format(key=note.to_verifier_key(office.key), folder=chosen.folder))
        return 0
    for cycle in chosen.cycles:
        if not is_code(cycle):
            raise Refused("cycle-code-malformed", value=cycle, maximum=str(CODE_CHARACTERS_MAX))
    if not chosen.url:
        raise Refused("witness-address-missing")
    return asyncio.run(_countersign(chosen, office))


async def _countersign(chosen: Namespace, office: Office) -> int:
    """Each cycle by itself, in the order in which they were named."""
    async with client.connect(chosen.url) as system:
        for cycle in chosen.cycles:
            at_s = int(SystemClock().now().timestamp())
            _tell(await countersign(system, office, cycle, at_s=at_s), as_json=chosen.json)
    return 0


def _tell(done: Countersigned, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(f"{json.dumps(done.body, ensure_ascii=False)}\n")
    else:
        sys.stdout.write(_SIGNED.format(**done.body))


COMMAND = Command(
    name="witness",
    summary="countersign the checkpoints of a log, as another office",
    description="Looks at the newest checkpoint of each cycle: whether the log has signed it, and "
    "whether it\ngoes on from the one that this witness countersigned before. If so it holds it, "
    "signs it and\nhands its line in; else it keeps the proof and is refused. The key that the log "
    "told first is\nheld too: compare it with what the operator published. Run it each hour.",
    examples="""examples:
  python -m services witness kiem-tra.example.gov.vn                  (its key, for the operator)
  python -m services witness kiem-tra.example.gov.vn 2021 --url https://cchc.example.gov.vn
""",
    add_options=_add_options,
    run=_run,
)
