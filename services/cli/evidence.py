"""The files of evidence of a cycle, beside its bundle, each called by its SHA-256."""

import hashlib
import json
import mimetypes
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from services.cli.inside import Caller
from shared.adapters.chance import SecretChance
from shared.count import bundle
from shared.kernel.errors import Refused

LEFT_OUT = frozenset({"file-unknown", "file-quarantined", "file-condemned"})

_ENDINGS = mimetypes.MimeTypes()
"""Those that Python knows by itself, the same on every machine."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many files the bundle names, and how many of them lie in the folder now."""

    named: int
    there: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files of a cycle that are to lie in a folder, and why somebody reads them."""

    cycle: str
    folder: Path
    reason: str


async def fetch(system: Caller, packed: Path, wanted: Wanted) -> Fetched:
    """Bring all files that a bundle names into the folder; one that is there already stays.

    A file that the system has not got, or that a scanner has not cleared, is left out. Raises
    `Refused("file-hash-differs")` where it has another one.
    """
    named = {each["sha256"]: each for each in _named(packed)}
    told = Console(stderr=True)
    missing = [each for each in named.values() if not _path(wanted.folder, each).exists()]
    for agency in sorted({each["agency"] for each in missing}):
        await _justify(system, wanted, agency)
    there = 0
    for sha256, said in track(
        sorted(named.items()), "evidence", console=told, disable=not sys.stderr.isatty()
    ):
        path = _path(wanted.folder, said)
        address = f"{_sheet(wanted.cycle, said['agency'])}/files/{sha256}"
        there += path.exists() or await _saved(system, address, path, sha256)
    return Fetched(len(named), there)


async def _justify(system: Caller, wanted: Wanted, agency: str) -> None:
    """Say why, under a key of this moment: an earlier reason may be good no more."""
    address = f"{_sheet(wanted.cycle, agency)}/readings"
    await system.post(address, {"reason": wanted.reason}, SecretChance().token())


def _sheet(cycle: str, agency: str) -> str:
    return f"/submission/cycles/{cycle}/agencies/{agency}"


def _path(folder: Path, said: Mapping[str, Any]) -> Path:
    return folder / f"{said['sha256']}{_ENDINGS.guess_extension(said['media_type']) or ''}"


def _named(packed: Path) -> Iterator[Mapping[str, Any]]:
    with zipfile.ZipFile(packed) as members, members.open(bundle.EVIDENCE) as lines:
        yield from map(json.loads, lines)


async def _saved(system: Caller, address: str, path: Path, sha256: str) -> bool:
    aside = path.with_name(f"{path.name}.part")
    try:
        with aside.open("wb") as file:
            await system.save(address, file)
        _check(aside, sha256)
        aside.replace(path)
    except Refused as refusal:
        if refusal.code not in LEFT_OUT:
            raise
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True


def _check(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if (found := hashlib.file_digest(file, "sha256").hexdigest()) != sha256:
            raise Refused("file-hash-differs", expected=sha256, found=found)
