"""`refill`: a new topic gets what the lost one had taken."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from services.cli import servers
from services.cli.backup import restore, shown
from services.cli.bars import Bars
from services.cli.command import Command
from services.ranking import main as ranking
from shared.adapters.backup import TOPIC, Backups, folder, lines
from shared.adapters.chance import SecretChance
from shared.ports import Stream
from shared.runtime.refill import Record, of_ledgers, refill

_TOLD = """\
Đã ghi lại {records:,} bản ghi vào kênh {topic}. Khi chạy lại, các dịch vụ tự gửi phần còn thiếu.
{records:,} records went into the topic {topic}. The services tell what is missing when they run.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR",
        help="the records of a saved topic, from where backups lie, for a ledger that is lost too "
        "or older; by default the ledger",
    )
    restore.add_time(parser, environment)
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    parser.set_defaults(environment=environment)


def _run(options: Namespace) -> int:
    told = servers.told(ranking.NAME, options.environment)
    with Bars() as bars:
        records = asyncio.run(_refill(options, bars))
    body = {"topic": told.kafka_topic, "records": records}
    if options.json:
        shown.write_json(body)
    else:
        sys.stdout.write(_TOLD.format(**body))
    return shown.WELL


async def _refill(options: Namespace, bars: Bars) -> int:
    told = servers.told(ranking.NAME, options.environment)
    async with servers.opened(ranking.NAME, told, options.environment) as world:
        if options.source is None:
            return await fill(world.topic, of_ledgers(world.inbox), bars)
        saved = Backups(options.source).newest(TOPIC, options.at)
        saved.check()
        return await fill(world.topic, saved_records(saved.path(folder.RECORDS)), bars)


async def fill(topic: Stream, records: AsyncIterator[Record], bars: Bars) -> int:
    """Fill an empty topic; gives how many records it took."""
    told = 0
    async for told in refill(topic, records, SecretChance().token()):
        bars.show("bản ghi · records", told)
    return told


async def saved_records(path: Path) -> AsyncIterator[Record]:
    """The records of a saved topic, in the order of each partition."""
    read: Iterator[Record] = lines.records(path)
    for record in read:
        yield record


COMMAND = Command(
    name="refill",
    summary="fill a new topic with what the lost one had taken",
    description="""\
Ghi lại vào một kênh mới, còn trống, những gì kênh đã mất từng nhận.

With the settings of ranking in the environment, in which CCHC_KAFKA_TOPIC names a new topic that
migrate has made, and that nothing was told to. Writes the records of all ledgers in their order,
each with the time at which it was first taken, so that numbering them comes to the same numbers.
Let no service run until it is done: what one tells before stands in front. Positions belong to a
topic by its name; so the services read this one from its beginning, and tell it what it lacks.
One that was broken off is begun again with another new topic.""",
    examples="""examples:
  python -m services refill
  python -m services refill --from /backup
""",
    add_options=_add_options,
    run=_run,
)
