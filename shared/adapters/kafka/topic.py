"""The topic itself: created once, by the step that migrates, and held against what it has to be."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    KafkaError,
    LeaderNotAvailableError,
    NoError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from shared.adapters.kafka import driver
from shared.adapters.kafka.ending import end_admin
from shared.adapters.kafka.tls import Tls
from shared.kernel.errors import Refused, Unavailable

CREATE_S_MAX = 30.0
FIND_S_MAX = 5.0
LOOK_S = 0.2
CLIENT_ID = "cchc-migrate"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic by its name, and how many partitions it has to have.

    With more of them keys are dealt anew, and the order within a key is lost.
    """

    name: str
    partitions: int

    async def find(self, brokers: AIOKafkaClient) -> None:
        """Raise `Unavailable` where the brokers do not have it, and `Refused` as `check` does."""
        try:
            async with asyncio.timeout(FIND_S_MAX):
                cluster = await brokers.fetch_all_metadata()
        except (KafkaError, TimeoutError) as error:
            raise Unavailable("topic-unavailable") from error
        found = cluster.partitions_for_topic(self.name)
        if found is None:
            raise Unavailable("topic-not-migrated", topic=self.name)
        self.check(found)

    def check(self, found: Collection[int]) -> None:
        """Raise `Refused("topic-settings-differ")` where it has more partitions, or fewer."""
        _refuse_differences(
            self.name, {"partitions": str(self.partitions)}, {"partitions": str(len(found))}
        )


async def create_topic(
    servers: str, topic: str, *, partitions: int, replicas: int, tls: Tls | None = None
) -> None:
    """Create the topic, or see that the one that is there is as it has to be.

    Several may do this at once. Raises `Refused("topic-settings-differ")` with what differs,
    `Refused("topic-refused")` where the brokers do not want it, `Refused("kafka-tls-unusable")`,
    and `Unavailable`.
    """
    settings = _settings(replicas)
    try:
        async with asyncio.timeout(CREATE_S_MAX), _admin(servers, tls) as admin:
            await _create(admin, NewTopic(topic, partitions, replicas, topic_configs=settings))
            described = await _described(admin, topic)
            found = await _found(admin, topic, settings)
    except (KafkaError, TimeoutError) as error:
        raise Unavailable("topic-unavailable") from error
    copies = {len(each["replicas"]) for each in described}
    wanted = {"partitions": str(partitions), "replicas": str(replicas), **settings}
    found |= {"partitions": str(len(described)), "replicas": ", ".join(map(str, sorted(copies)))}
    _refuse_differences(topic, wanted, found)


async def delete_topic(servers: str, topic: str, *, tls: Tls | None = None) -> None:
    """Give up a topic with everything in it; nothing happens where there is none.

    Raises `Refused("topic-refused")` where the brokers do not want it, and `Unavailable`.
    """
    try:
        async with asyncio.timeout(CREATE_S_MAX), _admin(servers, tls) as admin:
            response = await admin.delete_topics([topic])
    except (KafkaError, TimeoutError) as error:
        raise Unavailable("topic-unavailable") from error
    [(_, code)] = response.topic_error_codes
    if (refusal := for_code(code)) not in {NoError, UnknownTopicOrPartitionError}:
        raise Refused("topic-refused", topic=topic, because=refusal.message)


def _settings(replicas: int) -> dict[str, str]:
    return {
        # Nothing is ever deleted, and nothing replaced by what came later.
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        # The broker says when it took a record, not who wrote it.
        "message.timestamp.type": "LogAppendTime",
        # Of three replicas or more, two have what is acknowledged: the loss of one loses nothing,
        # and stops nothing.
        "min.insync.replicas": str(max(1, replicas - 1)),
        "unclean.leader.election.enable": "false",
        "max.message.bytes": str(driver.RECORD_BYTES_MAX),
    }


@asynccontextmanager
async def _admin(servers: str, tls: Tls | None) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = driver.admin(servers, CLIENT_ID, tls)
    try:
        await admin.start()
        await _controlled(admin)
        yield admin
    finally:
        await end_admin(admin)


async def _controlled(admin: AIOKafkaAdminClient) -> None:
    """A broker that has just begun knows of no controller yet, and the driver relies on one."""
    while True:
        cluster = await admin.describe_cluster()
        if cluster["controller_id"] >= 0:
            return
        await asyncio.sleep(LOOK_S)


async def _create(admin: AIOKafkaAdminClient, new: NewTopic) -> None:
    response = await admin.create_topics([new], timeout_ms=round(1_000 * driver.ANSWER_S_MAX))
    [(_, code, because)] = response.topic_errors
    error = for_code(code)
    if error in {NoError, TopicAlreadyExistsError}:
        return
    if error.retriable:
        raise error(because)
    raise Refused("topic-refused", topic=new.name, because=because or error.message)


async def _described(admin: AIOKafkaAdminClient, topic: str) -> list[Mapping[str, Any]]:
    """Its partitions, once each has a leader; a broker hears of a new topic a moment later."""
    while True:
        [described] = await admin.describe_topics([topic])
        error = for_code(described["error_code"])
        partitions: list[Mapping[str, Any]] = described["partitions"]
        if error is NoError and all(each["leader"] >= 0 for each in partitions):
            return partitions
        if error not in {NoError, LeaderNotAvailableError, UnknownTopicOrPartitionError}:
            raise error(topic)
        await asyncio.sleep(LOOK_S)


async def _found(
    admin: AIOKafkaAdminClient, topic: str, settings: Mapping[str, str]
) -> dict[str, str]:
    wanted = ConfigResource(ConfigResourceType.TOPIC, topic, configs=settings)
    [response] = await admin.describe_configs([wanted])
    [(code, because, _, _, entries)] = response.resources
    if (error := for_code(code)) is not NoError:
        raise error(because)
    return {name: value for name, value, *_ in entries}


def _refuse_differences(topic: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> None:
    differences = [
        f"{name}: {found.get(name)} ≠ {value}"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
    if differences:
        raise Refused("topic-settings-differ", topic=topic, differences="; ".join(differences))
