"""A broker that speaks by TLS alone, to whom it knows, and lets them do what the manifests say.

It takes a broker of its own: what is asked of a broker that speaks in clear, none here can show.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka.admin import NewPartitions
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAuthorizationFailedError, for_code
from aiokafka.protocol.admin import CreateAclsRequest

from real.install import HOME
from real.servers.kafka import Kafka, Secret
from shared.adapters.kafka import KafkaStream, Tls, create_topic, delete_topic, driver
from shared.adapters.kafka.ending import end_admin
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Message
from tests.support.authority import Authority
from tests.support.manifests import rendered
from tests.support.opened import opened
from tests.support.role import run
from tests.support.servers import REAL, open_folder, start

pytestmark = [*REAL, pytest.mark.slow]

TOPIC, OTHER = "facts-production", "facts-production-2"
"""As in production, and as it is called after a loss."""
OF = {"topic": 2, "group": 3}
PATTERN = {"literal": 3, "prefix": 4}
OPERATION = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
"""The protocol's numbers for what the manifests name."""
ANYWHERE, ALLOW = "*", 3
SAID = [Message("2021", b"one"), Message("2021", b"two")]


@dataclass(frozen=True, slots=True)
class Place:
    """A broker with a topic, what a service needs to reach it, and what a stranger has."""

    servers: str
    own: Tls
    known: Authority
    strange: Authority


@pytest.fixture(scope="module")
def broker() -> Iterator[tuple[str, Authority, Authority]]:
    """A broker, who vouches for it, and somebody whom nobody knows."""
    with open_folder() as folder:
        places = [folder / "ours", folder / "strange"]
        for each in places:
            each.mkdir()
        ours, strange = map(Authority, places)
        secret = Secret(ours.path, *ours.certify("broker"), master="CN=broker")
        server = Kafka(folder / "kafka", HOME, secret=secret)
        try:
            start(server)
            master = Tls(ours.path, *ours.certify("broker"))
            asyncio.run(give(server.url, master, "submission"))
            yield server.url, ours, strange
        finally:
            server.stop()


async def give(servers: str, master: Tls, user: str) -> None:
    """Give a user what the KafkaUser of production is given, as Strimzi does."""
    [made] = [u for u in rendered("production").of("KafkaUser") if u["metadata"]["name"] == user]
    admin = driver.admin(servers, "tests", master)
    await admin.start()
    try:
        for acl in made["spec"]["authorization"]["acls"]:
            of = acl["resource"]
            for operation in acl["operations"]:
                asked = CreateAclsRequest(
                    *(OF[of["type"]], of["name"], PATTERN[of["patternType"]]),
                    *(f"User:CN={user}", ANYWHERE, OPERATION[operation], ALLOW),
                )
                answered = await admin._send_to_controller(asked)  # noqa: SLF001 - the driver has no verb for it
                assert [code for code, _ in answered.creation_responses] == [0]
    finally:
        await end_admin(admin)


@pytest.fixture
async def place(broker: tuple[str, Authority, Authority]) -> Place:
    """The broker with its topic."""
    servers, ours, strange = broker
    own = Tls(ours.path, *ours.certify("submission"))
    await create_topic(servers, TOPIC, partitions=1, replicas=1, tls=own)
    return Place(servers, own, ours, strange)


async def first(_: int) -> int:
    """Where whoever has read nothing begins."""
    return 0


async def test_who_is_known_writes_and_reads(place: Place) -> None:
    topic = KafkaStream(place.servers, TOPIC, partitions=1, tls=place.own)
    async with AsyncExitStack() as ending:
        await ending.enter_async_context(opened(topic))
        await topic.publish(SAID)
        following = await ending.enter_async_context(topic.subscribe("ranking", first))
        read = [each.body for each in await following.fetch(limit=9, timeout_s=30.0)]

    assert read == [each.body for each in SAID]


async def test_a_process_is_told_by_its_settings(
    place: Place, fresh_postgres: str, fresh_mongo: tuple[str, str], tmp_path: Path
) -> None:
    told = {
        "CCHC_MODE": "trial",
        "CCHC_TRIAL_DIR": str(tmp_path),
        "CCHC_POSTGRES": fresh_postgres,
        "CCHC_MONGO": fresh_mongo[0],
        "CCHC_MONGO_DATABASE": fresh_mongo[1],
        "CCHC_KAFKA": place.servers,
        "CCHC_KAFKA_TOPIC": OTHER,
        "CCHC_KAFKA_PARTITIONS": "1",
        "CCHC_KAFKA_REPLICAS": "1",
        "CCHC_KAFKA_CA": str(place.own.ca),
        "CCHC_KAFKA_CERTIFICATE": str(place.own.certificate),
        "CCHC_KAFKA_KEY": str(place.own.key),
    }

    ended = await asyncio.to_thread(run, "submission", "migrate", told)

    assert ended.returncode == 0, ended.stderr
    async with opened(KafkaStream(place.servers, OTHER, partitions=1, tls=place.own)) as made:
        await made.publish(SAID)


async def test_a_service_takes_nothing_away_and_changes_no_topic(place: Place) -> None:
    admin = driver.admin(place.servers, "tests", place.own)
    await admin.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await admin.create_partitions({TOPIC: NewPartitions(total_count=2)})
        forgetting = ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"retention.ms": "1"})
        [changed] = await admin.alter_configs([forgetting])
    finally:
        await end_admin(admin)

    [(code, *_)] = changed.resources
    assert for_code(code) is TopicAuthorizationFailedError
    with pytest.raises(Refused, match="topic-refused"):
        await delete_topic(place.servers, TOPIC, tls=place.own)


async def test_who_is_given_nothing_does_nothing_though_it_is_known(place: Place) -> None:
    nobody = Tls(place.own.ca, *place.known.certify("nobody"))
    topic = KafkaStream(place.servers, TOPIC, partitions=1, tls=nobody)
    async with opened(topic):
        with pytest.raises(Unavailable, match="topic-"):
            await topic.publish(SAID)
    with pytest.raises(Refused, match="topic-refused"):
        await create_topic(
            place.servers, "facts-production-3", partitions=1, replicas=1, tls=nobody
        )


async def test_nobody_else_comes_in(place: Place) -> None:
    """In clear, without a certificate, with that of a stranger, or trusting somebody else."""
    strangers = (
        None,
        Tls(place.own.ca),
        Tls(place.own.ca, *place.strange.certify("submission")),
        Tls(place.strange.path, place.own.certificate, place.own.key),
    )

    async def write(tls: Tls | None) -> None:
        async with opened(KafkaStream(place.servers, TOPIC, partitions=1, tls=tls)) as stream:
            await stream.publish(SAID)

    found = await asyncio.gather(*map(write, strangers), return_exceptions=True)

    assert [type(each) for each in found] == 4 * [Unavailable]
    assert {str(getattr(each, "code", "")) for each in found} == {"topic-unavailable"}
