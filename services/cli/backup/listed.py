"""`backups`: which backups go together, by their times."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli.backup import shown
from services.cli.command import Command
from shared.adapters.backup import PARTS, Backups


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="where backups lie"
    )


def _run(options: Namespace) -> int:
    backups = Backups(options.source)
    shown.write([f"{part} {backups.together(part).folder.name}" for part in PARTS])
    return shown.WELL


COMMAND = Command(
    name="backups",
    summary="say which backups of all parts go together, each by its time",
    description="""\
Nêu các bản sao lưu đi cùng nhau, mỗi phần một dòng: tên và thời điểm.

A line for each part, with the time by which its folder is called. Whoever restores all of them asks
once, and then names these (--at TIME): asked again for those that go together, each part would be
looked for anew, and may be another one meanwhile.""",
    examples="""examples:
  python -m services backups --from /backup
""",
    add_options=_add_options,
    run=_run,
)
