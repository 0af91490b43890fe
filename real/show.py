"""What a person sees: each step while it lasts, and afterwards how long it took."""

import sys
import time

from rich.console import Console
from rich.status import Status

WIDTH = 118


class Show:
    """A terminal, or a file, which gets a line for each step that is over."""

    def __init__(self) -> None:
        wide = None if sys.stdout.isatty() else WIDTH
        self._console = Console(width=wide, highlight=False, soft_wrap=True)
        self._said = ""
        self._began_s = 0.0
        self._status: Status | None = None

    def step(self, vietnamese: str, english: str) -> None:
        """The step before is over, and this one begins."""
        self.done()
        self._said = f"{vietnamese} [dim]· {english}[/dim]"
        self._began_s = time.monotonic()
        self._status = self._console.status(self._said)
        self._status.start()

    def done(self) -> None:
        """The last step is over."""
        if self._status is not None:
            self._status.stop()
            self._status = None
            self._console.print(f"{time.monotonic() - self._began_s:6.1f} s  {self._said}")

    def say(self, text: str) -> None:
        """A line."""
        self._console.print(text)
