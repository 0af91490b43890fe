"""Apart: work in many places, of which one that is in trouble holds up no other."""

import logging
from collections.abc import Awaitable

from shared.kernel.errors import Problem, is_away

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
