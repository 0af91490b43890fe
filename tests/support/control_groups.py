"""Control groups of this machine: what runs in one is told apart, and held in bounds."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ALL = Path("/sys/fs/cgroup")


def new_groups(name: str) -> Iterator[Path]:
    """A group of that name: one, or one of each kind where those are apart."""
    kinds = [each for each in ALL.iterdir() if (each / "cgroup.procs").exists()]
    is_one = (ALL / "cgroup.controllers").exists()
    for group in [ALL] if is_one else kinds:
        (group / name).mkdir()
        yield group / name


def is_left(group: Path) -> bool:
    """Take a group away, with all below it, as far as they are empty; whether one is not."""
    for each in sorted(group.rglob("*/"), key=lambda path: len(path.parts), reverse=True):
        with suppress(OSError):
            each.rmdir()
    with suppress(OSError):
        group.rmdir()
    return group.exists()
