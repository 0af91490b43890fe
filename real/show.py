"""What a person sees: each step while it lasts, and afterwards how long it took.

Nothing depends on that: where nobody reads any more, nothing is said, and the work goes on.
"""

import os
import sys
import time
from contextlib import suppress

from rich.console import Console
from rich.status import Status

WIDTH = 118


class Unread(Console):
    """A console that falls silent where rich itself would end the program."""

    def on_broken_pipe(self) -> None:
        """Say no more; also what Python flushes at its exit goes nowhere."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Show:
    """A terminal, or a file, which gets a line for each step that is over."""

    def __init__(self) -> None:
        wide = None if sys.stdout is not None and sys.stdout.isatty() else WIDTH
        self._console = Unread(width=wide, highlight=False, soft_wrap=True)
        self._said = ""
        self._began_s = 0.0
        self._status: Status | None = None

    def step(self, vietnamese: str, english: str) -> None:
        """The step before is over, and this one begins."""
        self.done()
        self._said = f"{vietnamese} [dim]· {english}[/dim]"
        self._began_s = time.monotonic()
        self._status = self._console.status(self._said)
        with suppress(OSError):  # A terminal that was closed.
            self._status.start()

    def done(self) -> None:
        """The last step is over."""
        if self._status is not None:
            with suppress(OSError):
                self._status.stop()
            self._status = None
            self.say(f"{time.monotonic() - self._began_s:6.1f} s  {self._said}")

    def say(self, text: str) -> None:
        """A line."""
        with suppress(OSError):
            self._console.print(text)
