"""What outlives whoever started it: `kill -9` ends one process, and not those that it looks after.

Beside its log each program leaves a note with its process and its command line.
"""

from collections.abc import Sequence
from pathlib import Path

from real.servers.living import commands

SUFFIX = ".pid"


def note(log: Path, pid: int, command: Sequence[str]) -> None:
    """Leave a note of a program that was started, in place of that of its last start."""
    log.with_suffix(SUFFIX).write_text(f"{pid} {' '.join(command)}", "utf-8")


def left_behind(folder: Path) -> Sequence[int]:
    """The processes of a folder that still live, by the notes in its folders.

    Nothing of it may be meant to run. A number that went to another program since is not listed.
    """
    living = commands()
    notes = (path.read_text("utf-8") for path in folder.glob(f"*/*{SUFFIX}"))
    noted = (each.split(" ", maxsplit=1) for each in notes)
    return sorted(int(pid) for pid, command in noted if _is(command, living.get(int(pid), "")))


def _is(noted: str, living: str) -> bool:
    """A starter such as setpriv falls off the command line, and one such as Python comes before."""
    return bool(living) and (noted.endswith(living) or living.endswith(noted))
