"""What is under way already is waited for by whoever asks for the same."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Joined(Generic[Result]):
    """Work that is done once for all who ask for it while it is done.

    Its outcome goes to all of them, also where it fails. It goes on to its end even where those who
    asked for it are cancelled: others may wait for it.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Result]] = {}

    async def of(self, place: Hashable, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """What the work for a place comes to, or whatever it raises."""
        task = self._under_way.get(place)
        if task is None or task.done():
            task = self._under_way[place] = asyncio.create_task(work())
            task.add_done_callback(lambda ended: self._end(place, ended))
        return await asyncio.shield(task)

    def _end(self, place: Hashable, ended: asyncio.Task[Result]) -> None:
        if self._under_way.get(place) is ended:
            del self._under_way[place]
        if not ended.cancelled():
            ended.exception()  # Else asyncio would miss a reader where nobody waits any more.
