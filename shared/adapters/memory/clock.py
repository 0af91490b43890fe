"""A clock that stands still until somebody moves it."""

from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2021, 1, 4, tzinfo=UTC)


class MemoryClock:
    """The time as a test says it is."""

    def __init__(self, at: datetime = BEGINNING) -> None:
        self.set(at)

    def now(self) -> datetime:
        """This instant, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Go to an instant, forwards or backwards."""
        assert at.tzinfo is not None, "an instant has a zone"
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.set(self._at + by)
