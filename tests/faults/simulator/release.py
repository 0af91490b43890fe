"""The version that a process runs: an old one fails at some facts, until it is upgraded.

At which facts it fails, and how, follows from the seed, so that all processes of the old version
fail at the same ones; those of the new version, beside them, do not.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from shared.events.envelope import Recorded
from shared.kernel.errors import Missing, Unavailable
from shared.ports import EventStore, Tracking
from shared.runtime.react import Perform, Policy, Reactor
from tests.faults.simulator.life import Life
from tests.faults.simulator.pieces import Pieces

POISON_EVERY = 25
"""Of how many facts the old version fails at one, on average."""


class Release:
    """One process's version."""

    def __init__(self, seed: int, life: Life, *, upgraded: bool) -> None:
        self._upgraded = upgraded
        self._seed = seed
        self._life = life

    def upgrade(self) -> None:
        """Run the new version from now on."""
        self._upgraded = True

    def pieces(self, pieces: Pieces) -> Pieces:
        """The pieces of a process of this version: its reactor makes the version's mistakes."""

        def reactor(
            inbox: EventStore, store: EventStore, policy: Policy, perform: Perform
        ) -> Reactor:
            return pieces.reactor(inbox, store, self._policy(policy), self._perform(perform))

        return replace(pieces, reactor=reactor)

    def _policy(self, policy: Policy) -> Policy:
        def mistaken(recorded: Recorded) -> Sequence[Any]:
            if self._fails(recorded, 0):
                raise NotImplementedError(recorded.type)
            return policy(recorded)

        return mistaken

    def _perform(self, perform: Perform) -> Perform:
        async def mistaken(command: Any, cause: Recorded, tracking: Tracking | None) -> None:  # noqa: ANN401 - any command
            if self._fails(cause, 1):
                raise Missing("simulated-fault")
            if self._fails(cause, 2):
                raise Unavailable("stream-unreadable", fact=cause.id)
            await perform(command, cause, tracking)

        return mistaken

    def _fails(self, cause: Recorded, way: int) -> bool:
        if self._upgraded or crc32(f"{self._seed}/{cause.id}".encode()) % (3 * POISON_EVERY) != way:
            return False
        self._life.note("poison")
        return True
