"""Former states of a replay, so that no answer about the past has to begin at zero."""

from shared.count.replay import Replay
from shared.count.table import tables

DISTANCE_ENTRIES_MIN = 1_000
STATES_MAX = 512
"""With more of them every second one is forgotten: there are so many, however long the ledger."""


class History:
    """States of one replay at equal distances, each with its agencies assessed.

    A former state costs what was changed between it and the next; all else is shared. From the
    nearest one on at most so many entries have to be read again: `DISTANCE_ENTRIES_MIN`, or the
    length of the ledger by half of `STATES_MAX` where that is more.
    """

    def __init__(
        self, *, distance: int = DISTANCE_ENTRIES_MIN, states_max: int = STATES_MAX
    ) -> None:
        self._distance = distance
        self._states_max = states_max
        self._states: list[Replay] = []

    def keep(self, replay: Replay) -> None:
        """Look at the replay after each entry, and keep what it is now and then."""
        if replay.size % self._distance:
            return
        tables(replay.state)
        self._states.append(replay.fork())
        if len(self._states) == self._states_max:
            self._states = self._states[1::2]
            self._distance *= 2

    def nearest(self, number: int) -> Replay | None:
        """The last state that is kept of those with at most so many entries, to go on from."""
        place = number // self._distance
        return self._states[place - 1].fork() if place else None
