"""Our side of a provider, which looks from time to time what its keys are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.adapters.identity import Provider
from shared.runtime.loop import keep_all_running


@asynccontextmanager
async def kept_up_to_date(identity: Provider) -> AsyncIterator[None]:
    """Let it look from time to time, as a process does."""
    turning = asyncio.create_task(keep_all_running(identity.loops))
    try:
        yield
    finally:
        turning.cancel()
        await asyncio.wait({turning})
