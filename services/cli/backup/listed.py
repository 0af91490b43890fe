"""`backups`: which backups go together, by their times."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli.backup import shown
from services.cli.command import Command
from shared.adapters.backup import PARTS, Backups, Part
from shared.kernel.errors import Refused


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="where backups lie"
    )


def _run(options: Namespace) -> int:
    backups = Backups(options.source)
    shown.write([f"{part} {backups.together(part).folder.name}" for part in PARTS])
    return shown.WELL


def times_in(path: Path) -> Mapping[Part, str]:
    """The time of each part's backup, in a file of what this command has said.

    Raises `Refused("backups-not-named")` where a part has none: looked for now, it may be of
    another night than the others.
    """
    lines = path.read_text("utf-8").splitlines()
    told = {part: at for part, _, at in (line.partition(" ") for line in lines)}
    if lacking := [part for part in PARTS if not told.get(part)]:
        raise Refused("backups-not-named", file=str(path), parts=", ".join(lacking))
    return {part: told[part] for part in PARTS}


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
