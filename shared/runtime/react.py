"""React: another service spoke, and this one does what its policy says.

Facts are taken from the inbox in the order in which they were received. The position is recorded
together with what the last command of a fact led to; a command is safe to say twice, so that a
crash in between repeats it without effect.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from shared.events import codec
from shared.events.envelope import Recorded
from shared.kernel.errors import Conflict, Refused
from shared.ports import EventStore, Tracking
from shared.runtime.receive import PARKED, UNREADABLE

BATCH_FACTS_MAX = 200
CONSUMER = "react"

_log = logging.getLogger(__name__)

Policy = Callable[[Recorded], Sequence[Any]]
Perform = Callable[[Any, Recorded, Tracking | None], Awaitable[None]]


class Reactor:
    """Runs one service's policy over its inbox.

    `perform` runs one command; the tracking that it gets belongs into the same transaction, where
    there is one.
    """

    def __init__(
        self, inbox: EventStore, store: EventStore, policy: Policy, perform: Perform
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._policy = policy
        self._perform = perform

    async def step(self) -> int:
        """React to one batch; returns how many facts it had, 0 when there is none left."""
        position = await self._store.tracked(CONSUMER)
        batch = await self._inbox.log(after=position, limit=BATCH_FACTS_MAX)
        for entry in batch:
            await self._react(entry.fact, Tracking(CONSUMER, entry.position))
        return len(batch)

    async def lag(self) -> int:
        """How many facts are still to be reacted to, at most: positions may have holes."""
        return await self._inbox.end() - await self._store.tracked(CONSUMER)

    async def _react(self, fact: codec.Stored, tracking: Tracking) -> None:
        commands, recorded = self._commands(fact)
        try:
            for command in commands[:-1]:
                await self._try(command, recorded, None)
            for command in commands[-1:]:
                await self._try(command, recorded, tracking)
            if await self._store.tracked(CONSUMER) < tracking.position:
                await self._store.append([], tracking=tracking)
        except Conflict as conflict:
            if conflict.code != "already-tracked":
                raise

    def _commands(self, fact: codec.Stored) -> tuple[Sequence[Any], Recorded | None]:
        if fact.stream.startswith((PARKED, UNREADABLE)):
            return (), None
        try:
            recorded = codec.decode(fact.body)
        except codec.Unreadable as error:
            _log.error("%s cannot be read and is passed over: %s", fact.id, error)
            return (), None
        return self._policy(recorded), recorded

    async def _try(
        self, command: object, cause: Recorded | None, tracking: Tracking | None
    ) -> None:
        assert cause is not None, "a command has a cause"
        try:
            await self._perform(command, cause, tracking)
        except Refused as refusal:
            _log.info("%s asked for what is refused here: %s", cause.id, refusal.code)
