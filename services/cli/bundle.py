"""`bundle`: everything that a cycle's published results rest on, in one file."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli import embedded, settings
from services.cli.command import Command
from services.cli.embedded import Log
from services.cli.inside import Caller
from shared.adapters import notary
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor

AUDITOR = Actor(id="bundle", role="auditor")

_WRITTEN = """\
Đã ghi {file}. Kiểm chứng: python -m shared.verify {file} --checkpoint ĐIỂM-KIỂM-TRA
{file} is written. Verify it: python -m shared.verify {file} --checkpoint CHECKPOINT
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("cycle", metavar="CYCLE")
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="where to write it; cchc-CYCLE.zip by default"
    )
    settings.add_directory(parser, environment)
    parser.add_argument(
        "--witnesses",
        type=Path,
        default=environment.get("CCHC_WITNESSES"),
        metavar="FILE",
        help="the verifier keys of those who may countersign, as the system has them; "
        "CCHC_WITNESSES",
    )


def _run(options: Namespace) -> int:
    settings.check(options.data, options.mode)
    file = options.to or Path(f"cchc-{options.cycle}.zip")
    log = Log(witnesses=notary.read_witnesses(options.witnesses))
    aside = file.with_name(f"{file.name}.part")
    try:
        with lock_directory(options.data):
            asyncio.run(_written(options, log, aside))
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    sys.stdout.write(_WRITTEN.format(file=file))
    return 0


async def _written(options: Namespace, log: Log, path: Path) -> None:
    async with embedded.opened_for(options.data, options.mode, AUDITOR, log) as system:
        with path.open("wb") as file:
            await Caller(system.app).save(f"/ranking/cycles/{options.cycle}/bundle", file)


COMMAND = Command(
    name="bundle",
    summary="write everything that a cycle's results rest on into one file",
    description="Writes the bundle of a cycle: one ZIP file with its facts, schemes, hashes of "
    "evidence,\nsigned checkpoints and published tables, to be verified without the system. The "
    "same ledger\ngives the same bytes. A system that runs has it at "
    "/ranking/cycles/CYCLE/bundle, and keeps its\ndata directory to itself.",
    examples="""examples:
  python -m services bundle 2021
  python -m services bundle 2021 --to audit/2021.zip --data var/data
  python -m shared.verify audit/2021.zip --checkpoint kept.txt --key KEY
""",
    add_options=_add_options,
    run=_run,
)
