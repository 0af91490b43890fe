"""The way to MongoDB: the one module that knows motor.

Motor's life ended on 14 May 2026 (DECISIONS.md, 26). PyMongo's own asynchronous client takes the
same address and options, and its collections have the same verbs, so that it takes motor's place
here, and nowhere else. Motor runs the calls of all its clients in threads, five for each processor
unless MOTOR_MAX_WORKERS says otherwise; what waits for one is counted into `CALL_S_MAX`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError

from shared.adapters.mongo.database import Database
from shared.kernel.errors import Refused

SELECT_MS_MAX = 2_000
"""How long a call looks for a server that is there."""

CONNECT_MS_MAX = 2_000
OPERATION_MS_MAX = 5_000
"""How long the driver works on one call, with all that it tries again."""

CALL_S_MAX = 6.0
"""How long a call takes in all: its operation, and the wait for a thread before."""

CONNECTIONS_MAX = 20
CONNECTING_MAX = 2
IDLE_MS_MAX = 60_000
HEARTBEAT_MS = 10_000


def connect(url: str, *, database: str, application: str) -> Database:
    """A database of the server at `url`, for the event loop that runs; connects when first used.

    `application` is what the server's own log calls the caller. Raises
    `Refused("documents-url-unreadable")`.
    """
    try:
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(url, **options(application))
    except (ConfigurationError, ValueError, OSError):
        # A wrong port is a plain ValueError, and a file of keys that is not there an OSError.
        # What they say repeats the address, and the password in it.
        raise Refused("documents-url-unreadable") from None

    async def close() -> None:
        # It takes leave of the server, and blocks meanwhile.
        await asyncio.to_thread(client.close)

    return Database(client[database], close, call_s_max=CALL_S_MAX)


def options(application: str) -> Mapping[str, Any]:
    """Everything that matters, by name; it outranks what the address says.

    The address says where the servers are, who calls, and how what is said is kept from others.
    """
    return {
        "appname": application,
        "connect": False,
        "serverSelectionTimeoutMS": SELECT_MS_MAX,
        "connectTimeoutMS": CONNECT_MS_MAX,
        "socketTimeoutMS": OPERATION_MS_MAX,
        "timeoutMS": OPERATION_MS_MAX,
        "waitQueueTimeoutMS": OPERATION_MS_MAX,
        "heartbeatFrequencyMS": HEARTBEAT_MS,
        "maxPoolSize": CONNECTIONS_MAX,
        "minPoolSize": 0,
        "maxConnecting": CONNECTING_MAX,
        "maxIdleTimeMS": IDLE_MS_MAX,
        # What was answered survives the loss of a server, and nothing is shown that may not: a
        # position that was read and is taken back later would leave facts out of a view for ever.
        "w": "majority",
        "journal": True,
        "readConcernLevel": "majority",
        "readPreference": "primary",
        "retryWrites": True,
        "retryReads": True,
        "uuidRepresentation": "standard",
        "tz_aware": True,
    }
