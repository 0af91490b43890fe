"""The outside world of a service on real servers, and what has to be made there once.

PostgreSQL holds what a service must not lose: its facts, its inbox, its keys, its people, its
drafts and its urn. MongoDB holds what is shown, and the files. Kafka carries the topic. Each
service has a database of its own in both.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from shared.adapters import clamav, kafka, mongo, postgres
from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.chance import SecretChance
from shared.adapters.clock import SystemClock
from shared.adapters.deployed.settings import Settings
from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.migration import FACTS, INBOX, STORES
from shared.adapters.migration import migrate as migrate_postgres
from shared.adapters.sealing import open_seals
from shared.ports import Clock, Notary
from shared.runtime.service import Outside

if TYPE_CHECKING:
    from shared.adapters.telemetry.gauges import Connections
    from shared.adapters.telemetry.process import Telemetry

Closable = TypeVar("Closable", bound="_Closes")
OWN = "own"
"""The connections for keys, leases, drafts and the urn, as telemetry calls them."""


class _Closes(Protocol):
    async def close(self) -> None: ...


async def migrate(settings: Settings, service: str) -> None:
    """Make tables, indexes and the topic; what is there already stays as it is.

    Raises `Refused` where the database is that of another service or mode, or leaves us behind.
    """
    await migrate_postgres(settings.postgres)
    async with postgres.connect(settings.postgres, connections_max=1) as database:
        await postgres.claim(database, service, settings.mode)
    shown = _connect_mongo(settings)
    try:
        await mongo.migrate(shown)
    finally:
        await shown.close()
    await kafka.create_topic(
        settings.kafka,
        settings.kafka_topic,
        partitions=settings.kafka_partitions,
        replicas=settings.kafka_replicas,
        tls=_tls(settings),
    )


@asynccontextmanager
async def open_outside(
    settings: Settings,
    service: str,
    clock: Clock,
    notary: Notary,
    environment: Mapping[str, str],
    telemetry: "Telemetry | None" = None,
) -> AsyncIterator[Outside]:
    """The outside world of one process, of which `telemetry` tells; closed in reverse order.

    Raises `Unavailable` while PostgreSQL is away, or not migrated by this version or a later one;
    `Refused` where it is another's, or leaves us behind. It waits for nobody else.
    """
    url, quarter, chance = settings.postgres, settings.postgres_pool // 4, SecretChance()
    await postgres.probe(url)
    async with AsyncExitStack() as opened:
        database = await opened.enter_async_context(postgres.connect(url, connections_max=quarter))
        log = await _claimed(database, service, settings)
        keys = postgres.PostgresKeys(database)
        leases = _closed_by(opened, postgres.PostgresLeases(url, service))
        shown = _closed_by(opened, _connect_mongo(settings))
        topic = _closed_by(opened, _connect_kafka(settings))
        make = partial(PostgresEventStore, url, environment=environment, traced=bool(telemetry))
        inbox = _closed_by(opened, make(INBOX, connections_max=quarter))
        store = _closed_by(opened, make(FACTS, connections_max=2 * quarter))
        world = Outside(
            store=store,
            inbox=inbox,
            topic=topic,
            documents=mongo.MongoDocuments(shown, log=log),
            files=mongo.MongoFiles(shown),
            uploads=mongo.MongoUploads(shown),
            seals=await open_seals(keys),
            directory=postgres.PostgresDirectory(database),
            urn=postgres.PostgresUrn(database, chance),
            drafts=postgres.PostgresDrafts(database),
            ballots=RsaBallotKeys(keys),
            clock=clock,
            chance=chance,
            leases=leases,
            news=_closed_by(opened, postgres.PostgresNews(url, STORES)),
            notary=notary,
            mode=settings.mode,
            topic_name=settings.kafka_topic,
            public_url=settings.public_url,
            scanner=clamav.scanner_of(settings.scanner),
        )
        pools = {FACTS: store.connections, INBOX: inbox.connections, OWN: database.connections}
        yield _observed(world, telemetry, pools, settings) if telemetry else world


async def _claimed(database: postgres.PostgresDatabase, service: str, settings: Settings) -> str:
    """The name of the log of a database that is the service's, with tables that it works with."""
    log = await postgres.claim(database, service, settings.mode)
    await postgres.require_edition(database)
    return log


def _closed_by(end: AsyncExitStack, made: Closable) -> Closable:
    """What was made, to be closed at the end."""
    end.push_async_callback(made.close)
    return made


def _connect_kafka(settings: Settings) -> kafka.KafkaStream:
    topic, partitions = settings.kafka_topic, settings.kafka_partitions
    return kafka.KafkaStream(settings.kafka, topic, partitions=partitions, tls=_tls(settings))


def _tls(settings: Settings) -> kafka.Tls | None:
    """How brokers are spoken to; None for in clear."""
    if not isinstance(settings.kafka_ca, Path):
        return None
    return kafka.Tls(settings.kafka_ca, settings.kafka_certificate, settings.kafka_key)


def _observed(
    world: Outside, telemetry: "Telemetry", pools: Mapping[str, "Connections"], settings: Settings
) -> Outside:
    """The same, of which is told, and of what it goes by."""
    certified = partial(_certified_s, settings)
    return telemetry.outside(world, settings.kafka_topic, pools, certified)


def _certified_s(settings: Settings) -> Mapping[str, float]:
    """For how long each certificate is good, by the machine's time, as for whoever checks it."""
    tls = _tls(settings)
    return tls.left_s(SystemClock().now()) if tls else {}


def _connect_mongo(settings: Settings) -> mongo.Database:
    return mongo.connect(settings.mongo, database=settings.mongo_database, application="cchc")
