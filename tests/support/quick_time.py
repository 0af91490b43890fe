"""An event loop whose clock leaps over every pause, so that a test of pauses takes none."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Leaping(selectors.SelectSelector):
    """Where nothing is ready, time passes at once."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits for somebody else"
            self.passed_s += max(timeout, 0)
        return ready


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop for coroutines that wait for nothing but time and each other."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds since the beginning of the loop."""
        return self._leaping.passed_s


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in quick time."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(main)
