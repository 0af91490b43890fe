"""What failed is tried again, less and less often, and told once."""

from collections.abc import Mapping
from dataclasses import dataclass

PAUSE_TRIES_MAX = 64
"""So many times in a row it is passed over at most."""


@dataclass(slots=True)
class _Failure:
    error: Exception
    pause: int
    left: int


class Retries:
    """Who failed last time, by name: each is tried again at once, and then with growing pauses.

    A pause doubles with every failure, and is counted in the times at which it is asked for.
    """

    def __init__(self) -> None:
        self._failures: dict[str, _Failure] = {}

    @property
    def errors(self) -> Mapping[str, Exception]:
        """What each of them failed with."""
        return {name: failure.error for name, failure in self._failures.items()}

    def has_failed(self, name: str) -> bool:
        """Whether it did last time."""
        return name in self._failures

    def is_due(self, name: str) -> bool:
        """Whether to try now; one that did not fail is always due."""
        failure = self._failures.get(name)
        if failure is None or not failure.left:
            return True
        failure.left -= 1
        return False

    def failed(self, name: str, error: Exception) -> bool:
        """Take down a failure; whether it is another one than before, and has to be told."""
        before = self._failures.get(name)
        pause = min(max(1, 2 * before.pause), PAUSE_TRIES_MAX) if before else 0
        self._failures[name] = _Failure(error, pause, pause)
        return before is None or repr(before.error) != repr(error)

    def succeeded(self, name: str) -> None:
        """Forget that it ever failed."""
        self._failures.pop(name, None)
