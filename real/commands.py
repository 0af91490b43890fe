"""Commands that install something, and folders that get their name when they are whole."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

COMMAND_S_MAX = 1_200.0
SAID_CHARACTERS_MAX = 4_000


class NotInstalled(Exception):
    """A command that installs something failed; the sentence ends with what it said."""


def run(command: Sequence[str], *, folder: Path | None = None, s_max: float = COMMAND_S_MAX) -> str:
    """What a command says; raises `NotInstalled` where it fails."""
    ended = subprocess.run(  # noqa: S603 - the commands stand beside
        command,
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=s_max,
    )
    if ended.returncode != 0:
        said = ended.stdout[-SAID_CHARACTERS_MAX:]
        raise NotInstalled(f"{command[0]} ended with {ended.returncode}: {said}")
    return ended.stdout


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder that gets its name when it is whole."""
    apart = folder.with_name(f"{folder.name}.{os.getpid()}")
    apart.mkdir(parents=True)
    try:
        yield apart
        shutil.rmtree(folder, ignore_errors=True)
        apart.rename(folder)
    finally:
        shutil.rmtree(apart, ignore_errors=True)


def check_hash(file: Path, expected: str) -> None:
    """See that a file is the one that was meant; raises `NotInstalled`."""
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != expected:
        raise NotInstalled(f"{file.name} has the SHA-256 {found}, and not {expected}")
