"""Requests that come while others are dealt with are dealt with together: one commit for many.

A commit costs the same for one request and for twenty, and only one is under way at a time.
Whoever comes alone waits for nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from shared.kernel.errors import Conflict, Problem, Unavailable

Request = TypeVar("Request")
Outcome = Exception | None
Deal = Callable[[Sequence[Request]], Awaitable[Sequence[Outcome]]]
_Told = asyncio.Future[None]


class Together(Generic[Request]):
    """Requests in rounds.

    `deal` does all of a round, durably, and gives the outcome of each. It raises `Conflict` where
    they cannot be done together and nothing was done: then each is dealt with alone. Whatever else
    it raises is the outcome of all. A round weighs `weight_max` at most, or is one request. `full`
    says what is raised where `waiting_max` wait already.
    """

    def __init__(
        self,
        deal: Deal[Request],
        *,
        weigh: Callable[[Request], int],
        weight_max: int,
        waiting_max: int,
        timeout_s: float,
        full: Callable[[], Problem],
    ) -> None:
        self._deal = deal
        self._weigh = weigh
        self._weight_max = weight_max
        self._waiting_max = waiting_max
        self._timeout_s = timeout_s
        self._full = full
        self._waiting: dict[_Told, Request] = {}  # In the order in which they came.
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> None:
        """Return once it was done, or raise what came of it.

        Raises `Unavailable("database-unavailable")` where nothing did within `timeout_s`. A request
        that is given up, or whose caller is cancelled, is not done unless its round has begun.
        """
        if len(self._waiting) >= self._waiting_max:
            raise self._full()
        told: _Told = asyncio.get_running_loop().create_future()
        self._waiting[told] = request
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._deal_with_all())
        try:
            async with asyncio.timeout(self._timeout_s):
                await told
        except TimeoutError as error:
            raise Unavailable("database-unavailable") from error
        finally:
            self._waiting.pop(told, None)

    async def _deal_with_all(self) -> None:
        while self._waiting:
            await self._deal_with(self._next_round())

    def _next_round(self) -> Mapping[_Told, Request]:
        chosen: dict[_Told, Request] = {}
        weight = 0
        for told, request in self._waiting.items():
            weight += self._weigh(request)
            if chosen and weight > self._weight_max:
                break
            chosen[told] = request
        for told in chosen:
            del self._waiting[told]
        return chosen

    async def _deal_with(self, chosen: Mapping[_Told, Request]) -> None:
        outcomes: Sequence[Outcome]
        try:
            outcomes = await self._deal(list(chosen.values()))
            assert len(outcomes) == len(chosen), "each request has an outcome"
        except Conflict as conflict:
            if len(chosen) > 1:
                for half in _halves(chosen):
                    await self._deal_with(half)
                return
            outcomes = [conflict]
        except Exception as error:  # noqa: BLE001 - the callers are told, each of them
            outcomes = [error] * len(chosen)
        for told, outcome in zip(chosen, outcomes, strict=True):
            if not told.done():
                _tell(told, outcome)


def _halves(chosen: Mapping[_Told, Request]) -> Iterator[Mapping[_Told, Request]]:
    """What is still waited for, in two parts: one of them may hold no conflict."""
    waited = [(told, request) for told, request in chosen.items() if not told.done()]
    middle = (len(waited) + 1) // 2
    yield from (dict(part) for part in (waited[:middle], waited[middle:]) if part)


def _tell(told: _Told, outcome: Outcome) -> None:
    if outcome is None:
        told.set_result(None)
    else:
        told.set_exception(outcome)
