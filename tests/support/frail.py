"""Adapters at the end of a line: a process that dies between two calls, or that others overtake."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


class Crashed(Exception):
    """The process is dead: nothing that it was about to do is done."""


@dataclass
class Line:
    """Whatever a process says to the outside world, call by call.

    It dies at call `dies_at`: before it is done, or with `afterwards` once it is, unheard. Each
    call is put off by its number in `pauses`, over and over, so that others go ahead.
    """

    dies_at: int = 0
    afterwards: bool = False
    pauses: Sequence[int] = (0,)
    calls: int = 0
    dead: bool = False
    said: list[str] = field(default_factory=list)

    def to(self, adapter: Any) -> Any:  # noqa: ANN401 - whatever adapter, and one like it
        """The same adapter, at the end of this line."""
        return _Frail(adapter, self)

    async def call(self, name: str, work: Callable[[], Awaitable[Any]]) -> object:
        """Do one thing, or die."""
        self.calls += 1
        self.said.append(name)
        if self.dead or (self.calls == self.dies_at and not self.afterwards):
            self.dead = True
            raise Crashed(name)
        for _ in range(self.pauses[self.calls % len(self.pauses)]):
            await asyncio.sleep(0)
        result = await work()
        if self.calls == self.dies_at:
            self.dead = True
            raise Crashed(name)
        return result


@dataclass
class Overtaken(Line):
    """A line on which somebody else goes ahead of call `at`."""

    at: int = 0
    other: Callable[[], Awaitable[None]] | None = None

    async def call(self, name: str, work: Callable[[], Awaitable[Any]]) -> object:
        """Let the other go first where it is their turn; then do one thing, or die."""
        if self.calls + 1 == self.at and self.other is not None:
            await self.other()
        return await super().call(name, work)


class _Frail:
    def __init__(self, adapter: object, line: Line) -> None:
        self._adapter = adapter
        self._line = line

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        method = getattr(self._adapter, name)

        async def call(*arguments: object, **options: object) -> object:
            return await self._line.call(name, lambda: method(*arguments, **options))

        return call
