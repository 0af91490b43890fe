"""What outlives whoever started it: `kill -9` ends one process, and not those that it looks after.

Beside its log each program leaves a note with its process and its command line.
"""

from collections.abc import Sequence
from pathlib import Path

from real.servers.living import commands

SUFFIX = ".pid"
ASIDE = ".pid.new"
ANYTHING = "surrogateescape"
"""A command line is bytes; those that are no UTF-8 are kept as they are."""


def note(log: Path, pid: int, command: Sequence[str]) -> None:
    """Leave a note of a program that was started, in place of that of its last start.

    Whoever is killed meanwhile leaves the old one or the new one, and nothing in between.
    """
    aside = log.with_suffix(ASIDE)
    aside.write_bytes(f"{pid} {' '.join(command)}".encode(errors=ANYTHING))
    aside.replace(log.with_suffix(SUFFIX))


def left_behind(folder: Path) -> Sequence[int]:
    """The processes of a folder that still live, by the notes in its folders.

    Nothing of it may be meant to run. A number that went to another program since is not listed,
    and a note that says nothing is passed over.
    """
    living = commands()
    noted = [_read(path) for path in folder.glob(f"*/*{SUFFIX}")]
    return sorted(pid for pid, command in noted if _is(command, living.get(pid, "")))


def _read(path: Path) -> tuple[int, str]:
    """The process and the command line of a note; those of nobody where it cannot be read."""
    pid, _, command = path.read_bytes().decode(errors=ANYTHING).partition(" ")
    return (int(pid), command) if pid.isdecimal() else (0, "")


def _is(noted: str, living: str) -> bool:
    """A starter such as setpriv falls off the command line, and one such as Python comes before."""
    if not (noted and living):
        return False
    return noted.endswith(living) or living.endswith(noted)
