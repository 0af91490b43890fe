"""`backup.json`: what one part of a backup has, by which everything in it is held."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.adapters.backup.parts import Part
from shared.kernel.errors import Refused

NAME = "backup.json"
FORMAT = "cchc-backup-v1"
READ_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was saved, by a code, for the sentences of `messages`."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was saved of a part, in which mode, from when to when."""

    part: Part
    mode: str
    began_at: datetime
    ended_at: datetime
    members: Mapping[str, Member]
    counts: Mapping[str, int]

    def to_bytes(self) -> bytes:
        """How it is written."""
        times = {"began_at": self.began_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        members = {name: asdict(member) for name, member in self.members.items()}
        body = {"format": FORMAT, "part": self.part, "mode": self.mode, **times}
        whole = {**body, "members": members, "counts": dict(self.counts)}
        return json.dumps(whole, indent=1, sort_keys=True).encode() + b"\n"


def from_bytes(written: bytes, path: Path) -> Manifest:
    """The inverse of `to_bytes`; raises `Refused("backup-unreadable")` for anything else."""
    try:
        body = json.loads(written)
        if body.pop("format") != FORMAT:
            raise Refused("backup-unreadable", file=str(path))
        return _manifest(body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("backup-unreadable", file=str(path)) from error


def member_of(path: Path) -> Member:
    """A file as it is now."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return Member(size, digest.hexdigest())


def _manifest(body: Mapping[str, Any]) -> Manifest:
    return Manifest(
        part=body["part"],
        mode=body["mode"],
        began_at=datetime.fromisoformat(body["began_at"]),
        ended_at=datetime.fromisoformat(body["ended_at"]),
        members={name: Member(**member) for name, member in body["members"].items()},
        counts=body["counts"],
    )
