"""An empty place, into which a backup is restored to be looked at, and which is given up then."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from services.cli import servers
from shared.adapters.backup import SERVICES
from shared.kernel.errors import Refused
from shared.runtime.service import Outside

if TYPE_CHECKING:
    from shared.adapters.deployed.settings import Settings

NEVER_OPENED = "drill"
"""A trial names a folder with its clock and key, neither of which is asked for here."""


@dataclass(frozen=True, slots=True)
class Place:
    """Servers that may be used, and what begins the names of all that is made in them."""

    postgres: str
    mongo: str
    kafka: str
    partitions: int
    prefix: str
    mode: str

    def settings(self, service: str) -> "Settings":
        """What the processes of a service would be told here."""
        name = f"{self.prefix}_{service}"
        environment = {
            "CCHC_MODE": "trial",
            "CCHC_TRIAL_DIR": NEVER_OPENED,
            "CCHC_POSTGRES": urlunsplit(urlsplit(self.postgres)._replace(path=f"/{name}")),
            "CCHC_MONGO": self.mongo,
            "CCHC_MONGO_DATABASE": name,
            "CCHC_KAFKA": self.kafka,
            "CCHC_KAFKA_TOPIC": f"{self.prefix}-facts",
            "CCHC_KAFKA_PARTITIONS": str(self.partitions),
            "CCHC_KAFKA_REPLICAS": "1",
        }
        told = servers.told(service, environment)
        if self.mode == told.mode:
            return told
        if self.mode != "production":
            raise Refused("backup-mode-unknown", mode=self.mode)
        # A database remembers its mode; of all else that production asks for nothing is used.
        return replace(told, mode="production")

    @asynccontextmanager
    async def made(self, *, is_loaded: bool) -> AsyncIterator[None]:
        """Databases and a topic, given up at the end; where dumps are loaded already, they stay."""
        from shared.adapters import kafka, mongo, postgres  # noqa: PLC0415 - as in `servers`

        async with AsyncExitStack() as ending:
            for service in SERVICES:
                name, told = f"{self.prefix}_{service}", self.settings(service)
                if not is_loaded:
                    await postgres.create_database(self.postgres, name)
                    ending.push_async_callback(postgres.drop_database, self.postgres, name)
                shown = mongo.connect(told.mongo, database=name, application="cchc-drill")
                ending.push_async_callback(shown.close)
                ending.push_async_callback(shown.drop, "documents-unavailable")
            ending.push_async_callback(kafka.delete_topic, self.kafka, f"{self.prefix}-facts")
            yield

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Mapping[str, Outside]]:
        """The outside worlds of all services, once migrated."""
        async with AsyncExitStack() as opened:
            worlds: dict[str, Outside] = {}
            for service in SERVICES:
                told = self.settings(service)
                await servers.migrated(service, told)
                opening = servers.opened(service, told, MappingProxyType({}))
                worlds[service] = await opened.enter_async_context(opening)
            yield worlds
