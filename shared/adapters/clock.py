"""The time: that of the machine, and for trials one that can be set."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.adapters import durable
from shared.kernel.errors import Refused, Unavailable

TRIAL_YEARS = range(2000, 2200)
MICROSECOND = timedelta(microseconds=1)


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """This instant, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place where time comes in


class TrialClock:
    """A clock that is set to any instant and goes on from there; a small file keeps it set.

    Several processes may share the file: whichever sets the clock, sets it for all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._system = SystemClock()
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta(0)
        self._look()

    def now(self) -> datetime:
        """This instant, in UTC."""
        self._look()
        return self._system.now() + self._offset

    def _look(self) -> None:
        """Read the file again if it was written since; each writing puts another in its place."""
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return
        seen = (state.st_ino, state.st_mtime_ns)
        if seen != self._seen:
            self._offset = _read_offset(self._path)
            self._seen = seen

    def set(self, at: datetime) -> None:
        """Go to an instant; it is kept in the file before this returns."""
        assert at.tzinfo is not None, "an instant has a zone"
        if at.year not in TRIAL_YEARS:
            raise Refused(
                "trial-time-out-of-range",
                first=str(TRIAL_YEARS.start),
                last=str(TRIAL_YEARS.stop - 1),
            )
        offset = at - self._system.now()
        _write_offset(self._path, offset)
        self._look()


def _read_offset(path: Path) -> timedelta:
    text = path.read_text("utf-8")
    try:
        return timedelta(microseconds=json.loads(text)["offset_microseconds"])
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise Unavailable("trial-clock-unreadable", file=path.name) from error


def _write_offset(path: Path, offset: timedelta) -> None:
    kept = json.dumps({"offset_microseconds": offset // MICROSECOND})
    durable.replace(path, kept.encode())
