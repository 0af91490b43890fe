"""A system of its own on a cluster of three brokers, of which two have to have what is told."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from real.install import HOME
from real.servers.found import ADDRESSES, Servers
from real.servers.kafka import BROKERS, Kafka, KafkaCluster
from real.system import UNLIMITED, Plan, System, running
from shared.adapters.kafka.driver import PARTITIONER
from tests.faults.judged.cycle import Cycle
from tests.support.deployed import Deployed
from tests.support.servers import start

PREFIX = "clustered"
AWAY_S = 5.0
"""Longer than the others take to notice, and to choose another leader."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """The system, and its brokers."""

    deployed: Deployed
    brokers: KafkaCluster

    def kill_the_leader(self, cycle: Cycle) -> None:
        """Kill the broker that leads the partition of a cycle, and start it again after a while."""
        leader = asyncio.run(self._leader(cycle))
        leader.kill()
        time.sleep(AWAY_S)
        leader.start()

    async def _leader(self, cycle: Cycle) -> Kafka:
        told = self.deployed.settings("ranking")
        numbers = list(range(int(told["CCHC_KAFKA_PARTITIONS"])))
        number = PARTITIONER(cycle.code.encode(), numbers, numbers)
        admin = AIOKafkaAdminClient(bootstrap_servers=told["CCHC_KAFKA"])
        await admin.start()
        try:
            [topic] = await admin.describe_topics([told["CCHC_KAFKA_TOPIC"]])
        finally:
            await admin.close()
        [node] = [each["leader"] for each in topic["partitions"] if each["partition"] == number]
        return next(broker for broker in self.brokers.brokers if broker.node == node)


@contextmanager
def clustered(servers: Servers, folder: Path) -> Iterator[Clustered]:
    """A smaller system, which shares nothing with another one but PostgreSQL and MongoDB."""
    brokers = KafkaCluster(folder / "brokers", HOME)
    try:
        start(brokers)
        urls = {"postgres": servers.postgres.url, "mongo": servers.mongo.url, "kafka": brokers.url}
        told = {ADDRESSES[name]: url for name, url in urls.items()}
        plan = Plan(folder, apis=1, workers=1, prefix=PREFIX, replicas=BROKERS, told=UNLIMITED)
        with running(System(plan, Servers(folder, HOME, told))) as system:
            yield Clustered(Deployed(system), brokers)
    finally:
        brokers.stop()
