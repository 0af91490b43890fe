"""Documents whose process is killed at one of its writings, and what they hold afterwards."""

import os
import signal
from collections.abc import Sequence

from shared.adapters.memory import MemoryDocuments
from shared.ports import Document


class Killed(BaseException):
    """The end of a process: nobody catches it."""


class StoppingDocuments(MemoryDocuments):
    """Documents that kill who writes for the `kill_at`th time, before or after the first document.

    `writings` counts, from the moment on when `kill_at` was set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.writings = 0
        self.kill_at: int | None = None
        self.kept_first = False

    def kill(self, at: int | None, *, kept_first: bool = False) -> None:
        """Kill at a writing from now on, or not at all."""
        self.writings, self.kill_at, self.kept_first = 0, at, kept_first

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one, or be killed."""
        self.writings += 1
        if self.writings == self.kill_at:
            await super().put(collection, documents[:1] if self.kept_first else ())
            raise Killed
        await super().put(collection, documents)

    async def drop(self, collection: str) -> None:
        """Drop it, or be killed."""
        self.writings += 1
        if self.writings == self.kill_at:
            raise Killed
        await super().drop(collection)


def die(*_: object) -> None:
    """Be a process that is killed as soon as it begins."""
    os.kill(os.getpid(), signal.SIGKILL)
