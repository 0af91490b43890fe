"""`bundle`: everything that a cycle's published results rest on, in one file."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli import embedded, evidence, settings
from services.cli.command import Command
from services.cli.embedded import Log
from services.cli.evidence import Fetched, Wanted
from services.cli.inside import Caller
from shared.adapters import notary
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused

AUDITOR = Actor(id="bundle", role="auditor")

_WRITTEN = """\
Đã ghi {file}. Kiểm chứng: python -m shared.verify {file} --checkpoint ĐIỂM-KIỂM-TRA
{file} is written. Verify it: python -m shared.verify {file} --checkpoint CHECKPOINT
"""

_FETCHED = """\
Có {there} trên {named} tệp minh chứng trong {folder}; kiểm chứng thêm --files {folder}
{there} of {named} files of evidence lie in {folder}; verify with --files {folder} too
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
    parser.add_argument(
        "--files",
        type=Path,
        metavar="FOLDER",
        help="bring the files of evidence into this folder too, each called by its SHA-256",
    )
    parser.add_argument(
        "--reason",
        metavar="TEXT",
        help="why the files are read, which the log keeps; --files wants it",
    )


def _run(options: Namespace) -> int:
    settings.check(options.data, options.mode)
    if options.files is not None and not (options.reason or "").strip():
        raise Refused("files-reason-required")
    file = options.to or Path(f"cchc-{options.cycle}.zip")
    log = Log(witnesses=notary.read_witnesses(options.witnesses))
    if options.files is not None:
        options.files.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.part")
    try:
        with lock_directory(options.data):
            fetched = asyncio.run(_written(options, log, aside))
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    sys.stdout.write(_WRITTEN.format(file=file))
    if fetched is not None:
        there, named, folder = fetched.there, fetched.named, options.files
        sys.stdout.write(_FETCHED.format(there=there, named=named, folder=folder))
    return 0


async def _written(options: Namespace, log: Log, path: Path) -> Fetched | None:
    async with embedded.opened_for(options.data, options.mode, AUDITOR, log) as system:
        caller = Caller(system.app)
        with path.open("wb") as file:
            await caller.save(f"/ranking/cycles/{options.cycle}/bundle", file)
        if options.files is None:
            return None
        wanted = Wanted(options.cycle, options.files, options.reason)
        return await evidence.fetch(caller, path, wanted)


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
  python -m services bundle 2021 --files audit/files --reason "Kiểm toán theo QĐ 12"
  python -m shared.verify audit/2021.zip --checkpoint kept.txt --key KEY
""",
    add_options=_add_options,
    run=_run,
)
