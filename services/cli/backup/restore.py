"""`restore`: what was saved of a service is put back, into an empty database."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from services.cli import servers
from services.cli.backup import copied, shown
from services.cli.bars import Bars
from services.cli.command import Command
from shared.adapters import age
from shared.adapters.backup import (
    SERVICES,
    TOGETHER,
    Backups,
    Fault,
    Saved,
    database_in,
    folder,
    lines,
)
from shared.adapters.files import FolderFiles
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.runtime.service import Outside

if TYPE_CHECKING:
    from shared.adapters.deployed.settings import Settings

BATCH_NOTES = 500
WHAT = ("database", "files", "notes")
AT = "BACKUP_AT"
"""What says in the environment of a job which backup is meant."""

_RESTORED = """\
Đã khôi phục {part} từ {folder}: {counts}. Trước khi chạy dịch vụ: python -m services recall {part}
{part} is restored from {folder}: {counts}. Before it runs: python -m services recall {part}
"""
_UNPACKED = """\
Đã giải mã bản sao cơ sở dữ liệu vào {file}; nạp bằng pg_restore.
The dump lies in {file}, decrypted; load it with pg_restore.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("part", choices=SERVICES, metavar="SERVICE")
    add_source(parser)
    add_time(parser, environment)
    parser.add_argument(
        "--only",
        choices=WHAT,
        help="put back nothing else; notes are the checkpoints of ranking, for a ledger that is "
        "numbered again. By default the database, in which they are, and the files",
    )
    parser.add_argument(
        "--unpack",
        type=Path,
        metavar="FILE",
        help="put back nothing: write the dump, decrypted, into this new file",
    )
    parser.add_argument(
        "--restored",
        action="store_true",
        help="pg_restore has loaded the dump already; do all the rest",
    )
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    parser.set_defaults(environment=environment)


def add_source(parser: ArgumentParser) -> None:
    """Add the options that say where backups lie, and how they are read."""
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="where backups lie"
    )
    parser.add_argument(
        "--identity",
        type=Path,
        metavar="FILE",
        help="the identities of age (AGE-SECRET-KEY-1...) by which dumps are decrypted",
    )


def add_time(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    """Add the option that says which backup is meant."""
    parser.add_argument(
        "--at",
        default=environment.get(AT),
        metavar="TIME",
        help=f"the backup of that time, as its folder is called, or `{TOGETHER}`: the newest that "
        f"goes with those of all other parts; {AT}, or else the newest",
    )


def _run(options: Namespace) -> int:
    backups = Backups(options.source)
    saved = backups.newest(options.part, options.at)
    saved.check()
    if options.unpack is not None:
        with options.unpack.open("xb") as target:
            unpack(saved, target, options.identity)
        sys.stdout.write(_UNPACKED.format(file=options.unpack))
        return shown.WELL
    told = servers.told(options.part, options.environment)
    with Bars() as bars:
        counts, faults = asyncio.run(_restore(options, told, backups, saved, bars))
    body = {"part": options.part, "folder": str(saved.folder), "counts": counts}
    if options.json:
        shown.write_json({**body, "faults": [shown.body_of(fault) for fault in faults]})
    else:
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        sys.stdout.write(_RESTORED.format(**{**body, "counts": listed}))
        shown.write([line for fault in faults for line in shown.sentences(fault)])
    return shown.NOT_WELL if faults else shown.WELL


async def _restore(
    options: Namespace, told: "Settings", backups: Backups, saved: Saved, bars: Bars
) -> tuple[Mapping[str, int], list[Fault]]:
    if saved.manifest.mode != told.mode:
        raise Refused("database-of-another", service=options.part, mode=saved.manifest.mode)
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    if options.only in {None, "database"}:
        if not options.restored:
            await load(saved, told.postgres, options.identity)
        await take_over(told.postgres)
        counts["dump_bytes"] = saved.path(database_in(saved)).stat().st_size
    await servers.migrated(options.part, told)
    async with servers.opened(options.part, told, options.environment) as world:
        if options.only == "notes":
            counts["notes"] = await put_notes(world, saved)
        if options.only in {None, "files"}:
            faults += await put_files(world, backups, saved, bars, counts)
    return counts, faults


def unpack(saved: Saved, target: BinaryIO, identity: Path | None) -> None:
    """Write the dump of a part, decrypted where it is encrypted.

    Raises `Refused` with `backup-identity-needed`, and what `age.decrypt` raises.
    """
    name = database_in(saved)
    with saved.path(name).open("rb") as source:
        if name == folder.DATABASE:
            target.writelines(iter(lambda: source.read(age.CHUNK_BYTES), b""))
        elif identity is None:
            raise Refused("backup-identity-needed", file=str(saved.folder / name))
        else:
            age.decrypt(source, target, identities_in(identity))


def identities_in(path: Path) -> Sequence[str]:
    """The identities in a file, the newest first, as `age-keygen` writes one: with comments around.

    Former ones stay there for as long as something is kept that was encrypted for them.
    """
    stripped = [line.strip() for line in path.read_text("utf-8").splitlines()]
    if found := [line for line in stripped if line and not line.startswith("#")]:
        return found
    raise Refused("age-key-malformed", expected=f"{age.IDENTITY.upper()}1...")


async def load(saved: Saved, url: str, identity: Path | None) -> None:
    """Load a dump into an empty database; raises `Refused("restore-place-not-empty")`."""
    from shared.adapters import postgres  # noqa: PLC0415 - as in `servers`

    await postgres.check_empty(url)

    def write() -> None:
        with postgres.restored(url) as target:
            unpack(saved, target, identity)

    await asyncio.to_thread(write)


async def take_over(url: str) -> None:
    """See that what is drawn from a database that was loaded is drawn anew."""
    from shared.adapters import postgres  # noqa: PLC0415 - as in `servers`

    async with postgres.connect(url, connections_max=1) as database:
        await postgres.rename_log(database)


async def put_notes(world: Outside, saved: Saved) -> int:
    """Put checkpoints, and what stands beside them, back beside the ledgers.

    Raises `Conflict("version-taken")` where there are some already.
    """
    notes = list(lines.stored(saved.path(folder.NOTES)))
    for start in range(0, len(notes), BATCH_NOTES):
        await world.inbox.append(notes[start : start + BATCH_NOTES])
    return len(notes)


async def put_files(
    world: Outside, backups: Backups, saved: Saved, bars: Bars, counts: dict[str, int]
) -> list[Fault]:
    """Put files back that are not there, or are spoilt there.

    What is spoilt in the backup is named, and left out.
    """
    kept, faults = FolderFiles(backups.files(saved.manifest.part), only_read=True), list[Fault]()
    listed = copied.of_list(saved.path(folder.LISTED))
    brought = 0
    try:
        for place, (name, _) in enumerate(listed, start=1):
            try:
                brought += await copied.mend(kept, world.files, name)
            except (Missing, Unavailable) as problem:
                if problem.code not in {"file-unknown", "file-spoilt"}:
                    raise
                faults.append(Fault("backup-evidence-spoilt", {"sha256": name}))
            bars.show("tệp · files", place, len(listed))
    finally:
        await kept.close()
    counts |= {"files": len(listed), "new_files": brought}
    return faults


COMMAND = Command(
    name="restore",
    summary="put back what was saved of a service, into an empty database",
    description="""\
Khôi phục dữ liệu của một dịch vụ vào một cơ sở dữ liệu còn trống.

With the settings of that service's processes in the environment, none of which may run. Every file
of the backup is held against its hash first. The dump goes by pg_restore into the database, which
has to be empty; migrate makes what this version needs beside it; files that are missing or spoilt
are put back. What is shown is drawn anew. Afterwards recall brings back what the topic has of the
service and the dump has not; what was to be forgotten since is forgotten again by the service
itself, once it has heard of it again. Exit status: 1 where a file is spoilt in the backup.""",
    examples="""examples:
  python -m services restore submission --from /backup --identity identity.txt
  python -m services restore submission --from /backup --only files
  python -m services restore ranking --from /backup --only notes
  python -m services restore survey --from /backup --identity identity.txt --unpack survey.dump
""",
    add_options=_add_options,
    run=_run,
)
