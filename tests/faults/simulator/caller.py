"""A caller of the services: patient, and careful to keep what it was told.

A request that failed is repeated under its key, as any caller has to; an answer ends it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict, Forbidden, Missing, Refused, Stale, Unavailable
from shared.runtime.handle import Outcome
from tests.faults.simulator.faults import Crashed
from tests.faults.simulator.world import World

RETRY_S_MAX = 0.1
LOOK_EVERY_S = 0.25
TRIES_MAX = 150

Ask = Callable[[Any], Awaitable[Any]]
Command = Callable[[Any, Context], Awaitable[Outcome]]


class Caller:
    """Calls one service in the name of one actor."""

    def __init__(self, world: World, service: str, actor: Actor, at: datetime) -> None:
        self._world = world
        self._service = service
        self._at = at
        self.actor = actor
        self.chance = world.chance

    def context(self, key: str) -> Context:
        """Who asks, when, and under which key."""
        return Context(
            at=self._at,
            actor=self.actor.reference,
            idempotency_key=f"{self._service}/{key}",
            request_digest="digest",
        )

    async def say(self, key: str, command: Command) -> Outcome | None:
        """Command something under a key of its own; None if it is refused."""
        context = self.context(key)
        key = str(context.idempotency_key)
        try:
            outcome: Outcome = await self.ask(lambda it: command(it, context))
        except (Refused, Stale, Forbidden, Missing) as problem:
            self._world.trace(self.actor.id, f"{key}: {problem.code}")
            return None
        self._world.told.facts[key] = outcome.facts
        self._world.trace(self.actor.id, f"{key}: {', '.join(outcome.facts)}")
        return outcome

    async def insist(self, key: str, command: Command) -> Outcome:
        """Command something again and again, each time anew, until it is not refused any more."""
        for attempt in range(TRIES_MAX):
            outcome = await self.say(f"{key}/{attempt}", command)
            if outcome is not None:
                return outcome
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"{self._service} refuses {key} for ever")

    async def until(self, look: Ask) -> Any:  # noqa: ANN401 - whatever the caller looks for
        """Look again and again, until there is something to see."""
        for _ in range(TRIES_MAX):
            try:
                seen = await self.ask(look)
            except Missing:
                seen = None
            if seen:
                return seen
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"{self._service} never shows what is waited for")

    async def ask(self, ask: Ask) -> Any:  # noqa: ANN401 - whatever the caller asks for
        """Ask until there is an answer; raises the `Problem` that is one."""
        for _ in range(TRIES_MAX):
            try:
                return await ask(self._world.running(self._service))
            except (Unavailable, Crashed):
                pass
            except Conflict as conflict:
                if conflict.code != "busy":
                    raise
            await asyncio.sleep(self.chance.random() * RETRY_S_MAX)
        raise AssertionError(f"{self._service} never answers")
