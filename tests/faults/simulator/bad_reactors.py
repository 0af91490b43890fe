"""Reactors as somebody might have written them, each with one mistake in it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.kernel.errors import Refused
from shared.ports import Tracking
from shared.runtime.react import BATCH_FACTS_MAX, CONSUMER, Reactor


class HastyReactor(Reactor):
    """Records that it has passed a fact before it reacts."""

    async def step(self) -> int:
        """React to one batch."""
        position = await self._store.tracked(CONSUMER)
        batch = await self._inbox.log(after=position, limit=BATCH_FACTS_MAX)
        for entry in batch:
            await self._reach(Tracking(CONSUMER, entry.position))
            await self._pass(entry.fact)
        return len(batch) + await self._try_again()


class CarelessReactor(Reactor):
    """Passes over a fact at which it fails."""

    async def _stop(self, fact: Stored, error: Exception) -> bool:  # noqa: ARG002 - as it is called
        return True


class ForgetfulReactor(Reactor):
    """Keeps in memory alone which streams it has stopped."""

    async def _stop(self, fact: Stored, error: Exception) -> bool:  # noqa: ARG002 - as it is called
        self._marked.setdefault(fact.stream, fact.version)
        self._resting.add(fact.stream)
        return False


class RushingReactor(Reactor):
    """Goes on behind a fact that stops its stream."""

    async def _pass(self, fact: Stored) -> None:
        await self._settle(fact)


class RepeatingReactor(Reactor):
    """Takes a stopped stream from where it stopped first, whatever it has done of it since."""

    async def _resume(self, stream: str) -> int:
        after = self._marked[stream] - 1
        for fact in await self._inbox.stream(stream, after=after, limit=BATCH_FACTS_MAX):
            if not await self._settle(fact, always=True):
                break
        return 0

    async def _run(
        self,
        commands: Sequence[Any],
        cause: Recorded,
        tracking: Tracking,  # noqa: ARG002 - the mistake
    ) -> None:
        for command in commands:
            with suppress(Refused):
                await self._perform(command, cause, None)

    async def _is_reached(self, tracking: Tracking) -> bool:
        return tracking.consumer == CONSUMER
