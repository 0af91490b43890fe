"""How batches are chosen in an urn, wherever it is kept."""

from dataclasses import dataclass

NAMES_MAX = 1_000
"""Among so many names of a box a batch is chosen, if it holds more: a stretch of them.

A stretch begins behind a random name, and goes on from the first name where the last one was.
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a batch may hold, and how much is left behind."""

    least: int
    most: int
    leave: int

    @property
    def names_max(self) -> int:
        """How many names of a box are looked at."""
        return max(NAMES_MAX, self.most)
