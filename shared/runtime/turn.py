"""A turn: one does what needs a server, while the others who want the same wait.

While the server is away each would wait for its own time-out, one after the other, and all of them
would hold places that others need. So who waited while it failed is told the same at once, and from
then on nobody waits long for one who tries again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.kernel.errors import Unavailable, is_away

PATIENCE_S = 1.0
"""How long one waits, after a failure, for another who tries again."""


class Turn:
    """A lock whose holders may find that a server is away."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._failures = 0
        self._failure: Unavailable | None = None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Have the turn; raises `Unavailable` where another had it meanwhile, and in vain."""
        await self._wait()
        try:
            yield
        except Unavailable as error:
            if is_away(error):
                self._failure, self._failures = _like(error), self._failures + 1
            raise
        else:
            self._failure = None
        finally:
            self._lock.release()

    async def _wait(self) -> None:
        before, failure = self._failures, self._failure
        try:
            async with asyncio.timeout(None if failure is None else PATIENCE_S):
                await self._lock.acquire()
        except TimeoutError:
            assert failure is not None, "only then there is a limit"
            raise _like(failure) from None
        if self._failure is not None and self._failures != before:
            self._lock.release()
            raise _like(self._failure)


def _like(error: Unavailable) -> Unavailable:
    """The same for another caller, without the trace of who met it."""
    return Unavailable(error.code, flaws=error.flaws, **error.details)
