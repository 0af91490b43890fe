"""Apart: work in many places, of which one that is in trouble holds up no other."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from shared.kernel.errors import Problem, is_away

Mark = TypeVar("Mark")
Work = TypeVar("Work")

_log = logging.getLogger(__name__)


async def apart(work: Awaitable[int], place: str) -> int:
    """How much was done in one place; 0 where something is refused or cannot be read there.

    Raises `Unavailable` where a server is away: the others would fail alike.
    """
    try:
        return await work
    except Problem as problem:
        if is_away(problem):
            raise
        _log.warning("%s is left as it is, and tried again: %r", place, problem)
        return 0


class Bookmark(Generic[Mark]):
    """How far a loop is in what it goes through again and again; `after` is what it met last."""

    def __init__(self, beginning: Mark) -> None:
        self.after = beginning
        self._beginning = beginning

    async def go_on(
        self,
        met: Iterable[tuple[Mark, Work]],
        do: Callable[[Work], Awaitable[int]],
        place_of: Callable[[Work], str],
    ) -> int:
        """Do the next ones, each apart and by its mark; returns how much was done.

        A mark is set before its work is tried: what fails each time keeps nobody behind it waiting
        for ever.
        """
        done = 0
        for mark, work in met:
            self.after = mark
            done += await apart(do(work), place_of(work))
        return done

    def begin_anew(self) -> None:
        """Go on from the beginning."""
        self.after = self._beginning
