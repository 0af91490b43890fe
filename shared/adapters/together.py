"""Requests that come while others are dealt with are dealt with together: one commit for many.

A commit costs the same for one request and for twenty, and only one is under way at a time.
Whoever comes alone waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.kernel.errors import Conflict, Unavailable

Request = TypeVar("Request")
Outcome = Exception | None
Deal = Callable[[Sequence[Request]], Awaitable[Sequence[Outcome]]]
_Waiting = tuple[Request, "asyncio.Future[None]"]


class Together(Generic[Request]):
    """Requests in rounds.

    `deal` does all of a round, durably, and gives the outcome of each. It raises `Conflict` where
    they cannot be done together and nothing was done: then each is dealt with alone. Whatever else
    it raises is the outcome of all. A round weighs `weight_max` at most, or is one request.
    """

    def __init__(
        self,
        deal: Deal[Request],
        *,
        weigh: Callable[[Request], int],
        weight_max: int,
        waiting_max: int,
        timeout_s: float,
    ) -> None:
        self._deal = deal
        self._weigh = weigh
        self._weight_max = weight_max
        self._waiting_max = waiting_max
        self._timeout_s = timeout_s
        self._waiting: deque[_Waiting[Request]] = deque()
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> None:
        """Return once it was done, or raise what came of it.

        Raises `Unavailable("database-unavailable")` where nothing did within `timeout_s`. A request
        that is given up, or whose caller is cancelled, is not done unless its round has begun.
        """
        if len(self._waiting) >= self._waiting_max:
            raise Unavailable("database-unavailable")
        waiting = (request, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._deal_with_all())
        try:
            async with asyncio.timeout(self._timeout_s):
                await waiting[1]
        except TimeoutError as error:
            raise Unavailable("database-unavailable") from error
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)

    async def _deal_with_all(self) -> None:
        while self._waiting:
            await self._deal_with(self._next_round())

    def _next_round(self) -> Sequence[_Waiting[Request]]:
        chosen = [self._waiting.popleft()]
        weight = self._weigh(chosen[0][0])
        while self._waiting:
            weight += self._weigh(self._waiting[0][0])
            if weight > self._weight_max:
                break
            chosen.append(self._waiting.popleft())
        return chosen

    async def _deal_with(self, chosen: Sequence[_Waiting[Request]]) -> None:
        outcomes: Sequence[Outcome]
        try:
            outcomes = await self._deal([request for request, _ in chosen])
        except Conflict as conflict:
            if len(chosen) > 1:
                for one in chosen:
                    await self._deal_with([one])
                return
            outcomes = [conflict]
        except Exception as error:  # noqa: BLE001 - the callers are told, each of them
            outcomes = [error] * len(chosen)
        for (_, future), outcome in zip(chosen, outcomes, strict=True):
            if not future.done():
                _tell(future, outcome)


def _tell(future: "asyncio.Future[None]", outcome: Outcome) -> None:
    if outcome is None:
        future.set_result(None)
    else:
        future.set_exception(outcome)
