"""`save`: a copy of what one service keeps, or of the topic, in a folder."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, BinaryIO

from services.cli import servers
from services.cli.backup import copied, shown
from services.cli.bars import Bars
from services.cli.command import Command
from services.ranking import main as ranking
from shared.adapters import age
from shared.adapters.backup import PARTS, TOPIC, Backups, Writing, folder, lines
from shared.adapters.chance import SecretChance
from shared.adapters.clock import SystemClock
from shared.adapters.files import FolderFiles
from shared.kernel.errors import Refused
from shared.runtime.react import named
from shared.runtime.service import Outside
from shared.runtime.whole import whole

if TYPE_CHECKING:
    from shared.adapters.deployed.settings import Settings

SURVEY = "survey"
KEEP_DAYS = 30
BEGAN = "began"
"""Beside a dump, made just before it."""
PAGE_NOTES = 500

_SAVED = """\
Đã sao lưu {part} vào {folder}: {counts}. Số bản cũ đã xóa: {given_up}.
{part} is saved in {folder}: {counts}. Older ones that were deleted: {given_up}.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("part", choices=PARTS, help="a service, or the topic")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="where backups lie")
    parser.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="KEY",
        help="encrypt the dump for whoever has the identity to this key of age (age1...); several "
        "times for several people; the survey is not saved without",
    )
    parser.add_argument(
        "--dump",
        type=Path,
        metavar="FILE",
        help="take this dump, which pg_dump has just made in its custom format; an empty file "
        f"{BEGAN} beside it is as old as that is. By default pg_dump is run here",
    )
    parser.add_argument(
        "--keep-days",
        type=int,
        default=KEEP_DAYS,
        metavar="N",
        help="delete dumps that are older, but for the newest; "
        f"{KEEP_DAYS} by default. Files are never deleted",
    )
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    parser.set_defaults(environment=environment)


def _run(options: Namespace) -> int:
    recipients: Sequence[str] = options.recipient
    if options.part == SURVEY and not recipients:
        raise Refused("backup-recipient-needed")
    service = ranking.NAME if options.part == TOPIC else options.part
    told = servers.told(service, options.environment)
    backups, now = Backups(options.to), SystemClock().now()
    began_at = min(now, _dump_began_at(options.dump, now))
    saved = backups.begun(options.part, began_at)  # By an earlier try, of which nobody heard.
    if saved is None:
        with Bars() as bars, backups.writing(options.part, told.mode, began_at) as writing:
            asyncio.run(_save(options, told, backups, writing, bars))
        saved = backups.newest(options.part, folder.named(began_at))
    given_up = backups.give_up(options.part, now - timedelta(days=options.keep_days))
    counts = saved.manifest.counts
    body = {"part": options.part, "folder": str(saved.folder), "counts": counts}
    if options.json:
        shown.write_json({**body, "given_up": given_up})
    else:
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        sys.stdout.write(_SAVED.format(**{**body, "counts": listed}, given_up=given_up))
    return shown.WELL


def _dump_began_at(dump: Path | None, now: datetime) -> datetime:
    """From when on what is done is not in a dump that was made before."""
    began = dump.with_name(BEGAN) if dump is not None else None
    if began is None or not began.exists():
        return now
    return datetime.fromtimestamp(began.stat().st_mtime, UTC)


async def _save(
    options: Namespace, told: "Settings", backups: Backups, writing: Writing, bars: Bars
) -> None:
    """First the database: what a fact in it names, files and records, is there already."""
    service = ranking.NAME if options.part == TOPIC else options.part
    if options.part != TOPIC:
        await asyncio.to_thread(_dump, told.postgres, options, writing)
    async with servers.opened(service, told, options.environment) as world:
        if options.part == TOPIC:
            await _save_records(world, writing, bars)
            return
        if service == ranking.NAME:
            await _save_notes(world, writing)
        kept = FolderFiles(backups.files(options.part))
        try:
            await _save_files(world, kept, writing, bars)
        finally:
            await kept.close()


def _dump(url: str, options: Namespace, writing: Writing) -> None:
    """Only what is encrypted already touches the folder, where it is to be encrypted."""
    from shared.adapters import postgres  # noqa: PLC0415 - as in `servers`

    name = folder.ENCRYPTED if options.recipient else folder.DATABASE
    with ExitStack() as opened:
        target = opened.enter_context((writing.folder / name).open("xb"))
        source: BinaryIO
        if options.dump is not None:
            source = opened.enter_context(options.dump.open("rb"))
        else:
            source = opened.enter_context(postgres.dumped(url))
        if options.recipient:
            age.encrypt(source, target, options.recipient)
        else:
            copyfileobj(source, target)
        writing.counts["dump_bytes"] = target.tell()


async def _save_notes(world: Outside, writing: Writing) -> None:
    count = 0
    with (writing.folder / folder.NOTES).open("xb") as file:
        for kind in ranking.NOTES:
            async for stream in named(world.inbox, kind):
                after = 0
                while page := await world.inbox.stream(stream, after=after, limit=PAGE_NOTES):
                    file.writelines(map(lines.of_stored, page))
                    count, after = count + len(page), page[-1].version
    writing.counts["notes"] = count


async def _save_files(world: Outside, kept: FolderFiles, writing: Writing, bars: Bars) -> None:
    count = new = 0
    with (writing.folder / folder.LISTED).open("x", encoding="ascii") as listed:
        async for name in copied.names(world.files):
            size, is_new = await copied.bring(world.files, kept, name)
            listed.write(f"{name} {size}\n")
            count, new = count + 1, new + is_new
            bars.show("tệp · files", count)
    writing.counts |= {"files": count, "new_files": new}


async def _save_records(world: Outside, writing: Writing, bars: Bars) -> None:
    count, name = 0, f"save-{SecretChance().token()}"
    with (writing.folder / folder.RECORDS).open("xb") as file:
        async with aclosing(whole(world.topic, name)) as read:
            async for deliveries in read:
                file.writelines(map(lines.of_record, deliveries))
                count += len(deliveries)
                bars.show("bản ghi · records", count)
    writing.counts["records"] = count


COMMAND = Command(
    name="save",
    summary="save what a service keeps, or the topic, into a folder of backups",
    description="""\
Sao lưu dữ liệu của một dịch vụ, hoặc của kênh, vào một thư mục.

Saves one part of a deployed system, with the settings of that service's processes in the
environment (of ranking for the topic): its database by pg_dump, encrypted for the recipients;
ranking's checkpoints as lines; its files, each once for all backups, by their SHA-256; or every
record of the topic. Documents are not saved: they are made again. The system may run. Save the
parts in the order in which they stand above, each when the one before has ended: those go together.
One that is later is passed over by who restores all of them. What was shredded or forgotten is in
older dumps until these are gone.""",
    examples="""examples:
  python -m services save ranking --to /backup --recipient age1...
  python -m services save appraisal --to /backup --recipient age1...
  python -m services save submission --to /backup --recipient age1...
  python -m services save topic --to /backup
  python -m services save survey --to /backup --recipient age1... --keep-days 7
""",
    add_options=_add_options,
    run=_run,
)
