"""Cycles made again from the log, beside what serves, compared with it, and let serve.

Nothing is published, signed, or appended anywhere: documents alone are written. A generation that
was not made to its end never serves; whoever comes after a failure begins another.
"""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any, Literal

from services.ranking.application.generations import PUBLISHED, Generations
from services.ranking.application.making import Making, look, put
from services.ranking.application.notes import Notes
from services.ranking.application.republished import publish_again
from services.ranking.application.sources import Stores, end_of, from_ledger, from_topic
from shared.kernel.errors import Conflict, Refused, is_away
from shared.ledger.checkpoint import Checkpoint

CATCH_UPS_MAX = 5
NOT_BEGUN = ""
"""The generation of what stopped before there was one."""
DIFFERING_TOLD_MAX = 100
"""How many differing documents are named; it is said how many there are."""

_log = logging.getLogger(__name__)

Source = Literal["ledger", "topic"]
Switch = Literal["if-equal", "always", "never"]


@dataclass(frozen=True, slots=True)
class Manner:
    """From where, and when what was made is to serve: by itself only where it is the same."""

    source: Source = "ledger"
    switch: Switch = "if-equal"


@dataclass(frozen=True, slots=True)
class Reached:
    """How many facts of a cycle were read, of how many."""

    cycle: str
    facts: int
    size: int

    @property
    def body(self) -> Mapping[str, Any]:
        """As it is kept."""
        return {"state": "making", "facts": self.facts, "size": self.size}


@dataclass(frozen=True, slots=True)
class Came:
    """What a cycle came to.

    `compared` is None where nothing was: either nothing served that could be, and `served_to` is
    None too, or the place that it was drawn from was not met. `stopped` says why nothing was made.
    """

    cycle: str
    generation: str
    facts: int
    shown_to: int = 0
    served_to: int | None = None
    compared: int | None = None
    differing: Sequence[str] = ()
    serves: bool = False
    stopped: Refused | None = None

    @property
    def is_unmet(self) -> bool:
        """Whether something served that could not be compared."""
        return self.served_to is not None and self.compared is None

    @property
    def state(self) -> str:
        """What became of it, in a word."""
        if self.serves:
            return "serves"
        if self.differing:
            return "differs"
        return "not-met" if self.is_unmet else "made"

    @property
    def body(self) -> Mapping[str, Any]:
        """As it is kept."""
        if self.stopped is not None:
            problem = {"code": self.stopped.code, "details": dict(self.stopped.details)}
            return {"state": "stopped", "facts": self.facts, "problem": problem}
        return {
            "state": self.state,
            "generation": self.generation,
            "facts": self.facts,
            "shown_to": self.shown_to,
            "served_to": self.served_to,
            "compared": self.compared,
            "differences": len(self.differing),
            "differing": list(self.differing[:DIFFERING_TOLD_MAX]),
        }


class Rebuilder:
    """Makes cycles again; `name` is nobody else's, and stands for who does it."""

    def __init__(self, stores: Stores, name: str) -> None:
        self._stores = stores
        self._generations = Generations(stores.documents)
        self._name = name

    async def tell(
        self, cycles: Sequence[str], manner: Manner
    ) -> AsyncGenerator[tuple[str, Mapping[str, Any]], None]:
        """Make cycles, and say how each stands in words that can be kept and sent."""
        async with aclosing(self.make(cycles, manner)) as made:
            async for told in made:
                yield told.cycle, told.body

    async def make(
        self, cycles: Sequence[str], manner: Manner
    ) -> AsyncGenerator[Reached | Came, None]:
        """Make cycles one after the other; from the topic, together.

        Raises `Conflict` with `rebuild-under-way` where somebody else makes one of them, and with
        `rebuild-overtaken` where somebody else has begun to do so meanwhile.
        """
        groups = [cycles] if manner.source == "topic" else [[cycle] for cycle in cycles]
        for group in groups:
            async with AsyncExitStack() as held:
                for cycle in group:
                    await self._hold(cycle)
                    held.push_async_callback(self._stores.leases.release, _lease(cycle))
                async with aclosing(self._make(group, manner)) as made:
                    async for told in made:
                        yield told

    async def _make(
        self, cycles: Sequence[str], manner: Manner
    ) -> AsyncGenerator[Reached | Came, None]:
        makings: list[Making] = []
        for cycle in cycles:
            try:
                makings.append(await self._begin(cycle))
            except Exception as error:  # noqa: BLE001 - `_stopped` raises what may pass by itself
                yield Came(cycle, NOT_BEGUN, 0, stopped=_stopped(cycle, 0, error))
        async with aclosing(self._read(makings, manner)) as read:
            async for _ in read:
                for making in makings:
                    await self._hold(making.cycle)
                    yield Reached(making.cycle, making.reached.ledger, making.end.ledger)
        for making in makings:
            yield await self._finished(making, manner)

    async def _hold(self, cycle: str) -> None:
        if not await self._stores.leases.hold(_lease(cycle)):
            raise Conflict("rebuild-under-way", cycle=cycle)

    async def _begin(self, cycle: str) -> Making:
        """Look at what serves before the end is recorded, so that it is met on the way there.

        So it is with what was signed.
        """
        serving = (await self._generations.pointer(cycle)).serving
        served = await look(self._stores.documents, cycle, serving)
        signed = await self._signed(cycle)
        end = await end_of(self._stores.inbox, cycle)
        return Making(cycle, end, await self._generations.begin(cycle, self._name), served, signed)

    async def _signed(self, cycle: str) -> Checkpoint | Refused | None:
        """The newest checkpoint of a cycle, if anything was signed, or why it cannot be read."""
        try:
            last = await Notes(self._stores.inbox).last(cycle)
        except Refused as damaged:
            return damaged
        return last.checkpoint if last else None

    async def _read(self, makings: Sequence[Making], manner: Manner) -> AsyncGenerator[None, None]:
        stores, makings = self._stores, [each for each in makings if each.stopped is None]
        if not makings:
            return
        if manner.source == "topic":
            try:
                name = f"rebuild-{self._name}"
                async for _ in from_topic(stores.topic, stores.inbox, makings, name):
                    yield
            except Exception as error:  # noqa: BLE001 - as above
                for making in makings:
                    making.stopped = making.stopped or _stopped_at(making, error)
            return
        for making in makings:
            async for _ in self._read_on(making):
                yield

    async def _read_on(self, making: Making) -> AsyncGenerator[None, None]:
        try:
            async for _ in from_ledger(self._stores.inbox, making):
                yield
        except Exception as error:  # noqa: BLE001 - as above
            making.stopped = _stopped_at(making, error)

    # --- What was read, put beside what serves

    async def _finished(self, making: Making, manner: Manner) -> Came:
        if making.stopped is None:
            try:
                return await self._put(making, manner)
            except Exception as error:  # noqa: BLE001 - as above
                making.stopped = _stopped_at(making, error)
        facts, stopped = making.reached.ledger, making.stopped
        return Came(making.cycle, making.generation.name, facts, stopped=stopped)

    async def _put(self, making: Making, manner: Manner) -> Came:
        cycle, documents = making.cycle, self._stores.documents
        publications = await publish_again(self._stores, making)
        await put(documents, making, await making.made())
        differing = [*making.differing, *publications]
        is_equal = not differing and not making.is_unmet
        serves = manner.switch == "always" or (manner.switch == "if-equal" and is_equal)
        if serves:
            await self._catch_up(making)
            await self._hold(cycle)
            await self._generations.switch(cycle, making.generation, self._name)
            await documents.drop(PUBLISHED)
        return Came(
            cycle=cycle,
            generation=making.generation.name,
            facts=making.end.ledger,
            shown_to=making.reached.ledger,
            served_to=making.served_to,
            compared=making.compared,
            differing=differing,
            serves=serves,
        )

    async def _catch_up(self, making: Making) -> None:
        """Go on to where the ledger ends by now, so that nobody is shown what was before.

        What comes after that is drawn by whoever draws, as soon as they find the pointer moved.
        """
        recorded = making.end
        for _ in range(CATCH_UPS_MAX):
            making.end = await end_of(self._stores.inbox, making.cycle)
            if making.end == making.reached:
                break
            async for _ in from_ledger(self._stores.inbox, making):
                await self._hold(making.cycle)
            await put(self._stores.documents, making, await making.made())
        making.end = recorded


def _stopped_at(making: Making, error: Exception) -> Refused:
    return _stopped(making.cycle, making.reached.ledger, error)


def _stopped(cycle: str, facts: int, error: Exception) -> Refused:
    """What a cycle stopped at for good; a server that is away, or another who makes it, is raised.

    So an operation comes to its end, whatever one of its cycles meets.
    """
    if isinstance(error, Conflict) or is_away(error):
        raise error
    if isinstance(error, Refused):
        return error
    _log.error("%s cannot be made again", cycle, exc_info=error)
    place = f"{cycle}@{facts}"
    because = f"{type(error).__name__}: {error}"
    return Refused("rebuild-stopped", entry=place, fact="?", because=because)


def _lease(cycle: str) -> str:
    return f"rebuild/{cycle}"
