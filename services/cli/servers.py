"""The outside world of a deployed service, for a command that works on it as its processes do.

The drivers are loaded by who needs them: they cost as much as the rest of a start.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from shared.adapters.clock import SystemClock
from shared.runtime.service import Outside

if TYPE_CHECKING:
    from shared.adapters.deployed.settings import Settings


def told(service: str, environment: Mapping[str, str]) -> "Settings":
    """The settings of a service's processes; raises `Refused("settings-wrong")`."""
    from shared.adapters.deployed import settings  # noqa: PLC0415 - see above

    return settings.read(service, environment)


@asynccontextmanager
async def opened(
    service: str, settings: "Settings", environment: Mapping[str, str]
) -> AsyncIterator[Outside]:
    """The outside world that a service's settings name; raises what `open_outside` raises."""
    from shared.adapters.deployed import application, outside  # noqa: PLC0415 - see above

    notary = application.notary_of(settings, service, signs=False)
    opening = outside.open_outside(settings, service, SystemClock(), notary, environment)
    async with opening as world:
        yield world


async def migrated(service: str, settings: "Settings") -> None:
    """Make what is not there yet, as `migrate` does."""
    from shared.adapters.deployed import outside  # noqa: PLC0415 - see above

    await outside.migrate(settings, service)
