"""Backups in a folder: begun aside, whole or not there, the newest found, the old ones given up."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.adapters import durable
from shared.adapters.backup import manifest
from shared.adapters.backup.manifest import Fault, Manifest, member_of
from shared.adapters.backup.parts import FOLLOWED, Part
from shared.adapters.process import lock_directory
from shared.kernel.errors import Missing, Refused

FILES = "files"
ASIDE = "unfinished"
DATABASE, ENCRYPTED = "database.dump", "database.dump.age"
NOTES, LISTED, RECORDS = "notes.ndjson", "files.txt", "records.ndjson"
TIME = "%Y-%m-%dT%H-%M-%SZ"
TOGETHER = "together"
"""In place of a time: the newest that goes with the newest of all other parts."""
FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Saved:
    """A part of a backup, whole."""

    folder: Path
    manifest: Manifest

    def path(self, name: str) -> Path:
        """A file of it; raises `Missing("backup-member-missing")` where it was not saved."""
        if name not in self.manifest.members:
            raise Missing("backup-member-missing", member=name, folder=str(self.folder))
        return self.folder / name

    def faults(self) -> Sequence[Fault]:
        """What of it is not as it was saved."""
        found: list[Fault] = []
        for name, saved in self.manifest.members.items():
            path = self.folder / name
            if not path.is_file():
                found.append(Fault("backup-file-gone", {"file": str(path)}))
            elif member_of(path) != saved:
                found.append(Fault("backup-file-differs", {"file": str(path)}))
        return found

    def check(self) -> None:
        """Raise `Refused("backup-damaged")` where anything is not as it was saved."""
        if faults := self.faults():
            files = ", ".join(fault.details["file"] for fault in faults)
            raise Refused("backup-damaged", files=files)


@dataclass(slots=True)
class Writing:
    """A part on its way in."""

    folder: Path
    began_at: datetime
    counts: dict[str, int]


class Backups:
    """The backups in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, part: Part) -> Path:
        """Where the files of a part lie, those of all its backups."""
        return self._folder / part / FILES

    @contextmanager
    def writing(self, part: Part, mode: str, began_at: datetime) -> Iterator[Writing]:
        """Write a part, which is there once all of it is on the disk; one at a time.

        `ended_at` is when the last of its files was written. Raises
        `Unavailable("data-directory-in-use")`, and `Refused("backup-exists")` where another one
        began in the same second.
        """
        of_part = self._folder / part
        of_part.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        with lock_directory(of_part):
            aside = of_part / ASIDE
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=FOLDER_MODE)
            written = Writing(aside, began_at, {})
            yield written
            self._finish(written, part, mode)

    def begun(self, part: Part, at: datetime) -> Saved | None:
        """The backup of a part that began at that very time, where it is there."""
        place = self._folder / part / named(at)
        saved = _saved_in(place) if (place / manifest.NAME).exists() else None
        return saved if saved and saved.manifest.began_at == at else None

    def newest(self, part: Part, at: str | None = None) -> Saved:
        """The newest backup of a part, that of a time as its folder is called, or `TOGETHER`.

        Raises `Missing("backup-missing")` and `Refused("backup-unreadable")`.
        """
        if at == TOGETHER:
            return self.together(part)
        found = [each for each in self._all(part) if at in {None, each.name}]
        if not found:
            raise Missing("backup-missing", part=part, folder=str(self._folder))
        return _saved_in(found[-1])

    def together(self, part: Part) -> Saved:
        """The newest backup of a part that goes with those of the other parts.

        Raises what `newest` raises, and `Missing("backup-not-together")` where each ended too late.
        """
        if part not in FOLLOWED:
            return self.newest(part)
        followed = self.together(FOLLOWED[part])
        for each in reversed(self._all(part)):
            saved = _saved_in(each)
            if saved.manifest.ended_at <= followed.manifest.began_at:
                return saved
        self.newest(part)  # Or there is none at all.
        raise Missing("backup-not-together", part=part, followed=str(followed.folder))

    def give_up(self, part: Part, before: datetime) -> int:
        """Delete the backups of a part from before a time; the newest stays. Files stay."""
        old = [each for each in self._all(part)[:-1] if _time(each) < before]
        for each in old:
            shutil.rmtree(each)
        return len(old)

    def _all(self, part: Part) -> Sequence[Path]:
        found = (self._folder / part).glob(f"*/{manifest.NAME}")
        return sorted(path.parent for path in found if path.parent.name != ASIDE)

    def _finish(self, written: Writing, part: Part, mode: str) -> None:
        paths = sorted(written.folder.iterdir())
        members = {path.name: member_of(path) for path in paths}
        for path in paths:
            durable.sync_file(path)
        last_s = max(path.stat().st_mtime for path in paths)
        ended_at = max(written.began_at, datetime.fromtimestamp(last_s, UTC))
        whole = Manifest(part, mode, written.began_at, ended_at, members, written.counts)
        durable.replace(written.folder / manifest.NAME, whole.to_bytes())
        place = written.folder.with_name(named(written.began_at))
        if place.exists():
            raise Refused("backup-exists", folder=str(place))
        written.folder.rename(place)
        durable.sync_folder(place.parent)


def named(began_at: datetime) -> str:
    """What the folder of a backup is called."""
    return began_at.astimezone(UTC).strftime(TIME)


def database_in(saved: Saved) -> str:
    """What the dump of a part is called, which says whether it is encrypted."""
    return ENCRYPTED if ENCRYPTED in saved.manifest.members else DATABASE


def _saved_in(folder: Path) -> Saved:
    path = folder / manifest.NAME
    return Saved(folder, manifest.from_bytes(path.read_bytes(), path))


def _time(folder: Path) -> datetime:
    return datetime.strptime(folder.name, TIME).replace(tzinfo=UTC)
