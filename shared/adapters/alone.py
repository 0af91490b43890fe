"""A process that is alone on its data: it has every lease, and looks itself for what is new."""

import asyncio

from shared.ports import Following

POLL_S = 0.05


class Alone:
    """Leases of a process beside which there is no other."""

    async def hold(self, name: str) -> bool:
        """Always."""
        assert name, "a lease has a name"
        return True

    async def release(self, name: str) -> None:
        """Nobody else is there to take it."""
        assert name, "a lease has a name"


class Polling:
    """News for who looks often enough not to be told: `SqliteEventStore` knows without looking."""

    def follow(self) -> Following:
        """Follow them from now on."""
        return self

    async def wait(self, timeout_s: float) -> None:
        """Return when it is time to look again."""
        await asyncio.sleep(min(timeout_s, POLL_S))
