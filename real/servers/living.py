"""The processes of this machine, as Linux lists them under /proc.

Any of them may end at any moment, also between being listed and being read: then it does not live.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

PROC = Path("/proc")
DEAD = frozenset({"Z", "X", "x"})
"""What has ended: who waits for its parent to hear of it, and who is just being taken away."""

STOPPED = frozenset({b"T", b"t"})

Told = TypeVar("Told")


def parents(proc: Path = PROC) -> Mapping[int, int]:
    """All that live, each with its parent; the dead who wait for theirs are left out."""
    return {pid: parent for pid, parent in _each(proc, "stat", _parent) if parent is not None}


def stopped(proc: Path = PROC) -> frozenset[int]:
    """All that stand still: a signal says that they are to, and takes a moment."""
    return frozenset(pid for pid, state in _each(proc, "stat", _state) if state in STOPPED)


def commands(proc: Path = PROC) -> Mapping[int, str]:
    """The command line of each; neither the dead nor the kernel's own have one."""
    return {pid: command for pid, command in _each(proc, "cmdline", _command) if command}


def _each(proc: Path, file: str, read: Callable[[bytes], Told]) -> Iterator[tuple[int, Told]]:
    for folder in proc.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            content = (folder / file).read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has ended meanwhile, before it was opened or after.
        except PermissionError:
            continue  # It is hidden from us, so that it is none of ours.
        yield int(folder.name), read(content)


def _state(stat: bytes) -> bytes:
    return stat.rpartition(b")")[2].split()[0]


def _parent(stat: bytes) -> int | None:
    """`pid (name) state parent ...`, where a name may hold blanks, brackets and line ends."""
    state, parent, *_ = stat.rpartition(b")")[2].split()
    return None if state.decode() in DEAD else int(parent)


def _command(arguments: bytes) -> str:
    """Each argument ends with a zero; who has renamed itself may have left more of them."""
    return arguments.rstrip(b"\0").replace(b"\0", b" ").decode(errors="surrogateescape")
