"""One life of a service's process: it calls the outside world until it dies."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from shared.kernel.errors import Unavailable
from tests.faults.simulator.faults import Crashed, Faults, Kind, Peril

Result = TypeVar("Result")
Effect = Callable[[], Awaitable[Result]]


class Fate(Protocol):
    """The world, as far as a process can move it."""

    def bury(self, life: "Life") -> None:
        """A process has died."""

    def replace(self, life: "Life") -> None:
        """Somebody believes that a process has died, and starts another beside it."""

    def detach(self, work: Awaitable[object]) -> None:
        """Something is under way that depends on no process any more."""

    def trace(self, who: str, what: str) -> None:
        """Write down what happened, if anybody wants to read it."""


class Life:
    """Through this, every call of one process to the outside world passes."""

    def __init__(self, name: str, faults: Faults, fate: Fate) -> None:
        self.name = name
        self.alive = True
        self.faults = faults
        self._fate = fate

    def require(self) -> None:
        """Go no further if the process is dead."""
        if not self.alive:
            raise Crashed(self.name)

    def die(self) -> None:
        """Stop at the next call at the latest."""
        if self.alive:
            self.alive = False
            self._fate.trace(self.name, "dies")
            self._fate.bury(self)

    async def call(self, peril: Peril, effect: Effect[Result]) -> Result:
        """Do it, or suffer what happens instead."""
        if not self.alive:
            raise Crashed(self.name)
        kind = self.faults.draw(peril)
        result = await (effect() if kind is None else self.suffer(kind, effect))
        if not self.alive:
            raise Crashed(self.name)
        return result

    async def suffer(self, kind: Kind, effect: Effect[Result]) -> Result:
        """Do it under a fault that any call may meet."""
        match kind:
            case "crash-before":
                raise self._crash(kind)
            case "crash-after":
                await effect()
                raise self._crash(kind)
            case "unavailable-before":
                raise self._unavailable(kind)
            case "unavailable-after":
                await effect()
                raise self._unavailable(kind)
            case "late":
                self._fate.detach(self.faults.later(effect))
                raise self._crash(kind) if self.faults.flip() else self._unavailable(kind)
            case "zombie":
                self.note(kind)
                self._fate.replace(self)
                return await effect()
            case _:
                return await self._delayed(kind, effect)

    async def _delayed(self, kind: Kind, effect: Effect[Result]) -> Result:
        self.note(kind)
        if kind == "delayed-before":
            await self.faults.delay()
            self.require()
            return await effect()
        assert kind == "delayed-after", f"a port of its own has to know {kind}"
        result = await effect()
        await self.faults.delay()
        return result

    def note(self, kind: Kind) -> None:
        """A fault has happened to this process."""
        self.faults.note(kind)
        self._fate.trace(self.name, kind)

    def _crash(self, kind: Kind) -> Crashed:
        self.note(kind)
        self.die()
        return Crashed(self.name)

    def _unavailable(self, kind: Kind) -> Unavailable:
        self.note(kind)
        return Unavailable("simulated-fault", kind=kind)
