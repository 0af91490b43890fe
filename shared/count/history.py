"""Former states of a fold, so that no answer about the past has to begin at zero."""

from typing import Generic, Protocol, TypeVar

from shared.count.replay import Replay
from shared.count.table import tables

DISTANCE_ENTRIES_MIN = 1_000
STATES_MAX = 512
"""With more of them every second one is forgotten: there are so many, however long the ledger."""

Self = TypeVar("Self")


class Forking(Protocol):
    """A fold that has read `size` entries, and of which there can be another that goes on."""

    @property
    def size(self) -> int:
        """How many entries were read."""
        ...

    def fork(self: Self) -> Self:
        """Another one, which goes on by itself."""
        ...


State = TypeVar("State", bound=Forking)


class States(Generic[State]):
    """States of one fold at equal distances.

    A former state costs what was changed between it and the next; all else is shared. From the
    nearest one on at most so many entries have to be read again: `DISTANCE_ENTRIES_MIN`, or the
    length of the ledger by half of `STATES_MAX` where that is more.
    """

    def __init__(
        self, *, distance: int = DISTANCE_ENTRIES_MIN, states_max: int = STATES_MAX
    ) -> None:
        self._distance = distance
        self._states_max = states_max
        self._states: list[State] = []

    def is_due(self, state: State) -> bool:
        """Whether a state at this place is one of those that are kept."""
        return state.size % self._distance == 0

    def keep(self, state: State) -> None:
        """Look at the fold after each entry, and keep what it is now and then."""
        if not self.is_due(state):
            return
        self._states.append(state.fork())
        if len(self._states) == self._states_max:
            self._states = self._states[1::2]
            self._distance *= 2

    def nearest(self, number: int) -> State | None:
        """The last state that is kept of those with at most so many entries, to go on from."""
        place = number // self._distance
        return self._states[place - 1].fork() if place else None


class History(States[Replay]):
    """States of a replay, each with its agencies assessed."""

    def keep(self, state: Replay) -> None:
        """The same; what is kept is assessed first."""
        if self.is_due(state):
            tables(state.state)
        super().keep(state)
