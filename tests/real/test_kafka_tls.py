"""A broker that speaks by TLS alone: who is known reads and writes, and nobody else does.

It takes a broker of its own: what is asked of a broker that speaks in clear, none here can show.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from real.install import HOME
from real.servers.kafka import Kafka, Secret
from shared.adapters.kafka import KafkaStream, Tls, create_topic
from shared.kernel.errors import Unavailable
from shared.ports import Message
from tests.support.authority import Authority
from tests.support.opened import opened
from tests.support.role import run
from tests.support.servers import REAL, open_folder, start

pytestmark = [*REAL, pytest.mark.slow]

TOPIC = "facts"
SAID = [Message("2021", b"one"), Message("2021", b"two")]


@dataclass(frozen=True, slots=True)
class Place:
    """A broker with a topic, what a service needs to reach it, and what a stranger has."""

    servers: str
    own: Tls
    strange: Authority


@pytest.fixture(scope="module")
def broker() -> Iterator[tuple[str, Authority, Authority]]:
    """A broker, who vouches for it, and somebody whom nobody knows."""
    with open_folder() as folder:
        places = [folder / "ours", folder / "strange"]
        for each in places:
            each.mkdir()
        ours, strange = map(Authority, places)
        server = Kafka(folder / "kafka", HOME, secret=Secret(ours.path, *ours.certify("broker")))
        try:
            start(server)
            yield server.url, ours, strange
        finally:
            server.stop()


@pytest.fixture
async def place(broker: tuple[str, Authority, Authority]) -> Place:
    """The broker with its topic."""
    servers, ours, strange = broker
    own = Tls(ours.path, *ours.certify("submission"))
    await create_topic(servers, TOPIC, partitions=1, replicas=1, tls=own)
    return Place(servers, own, strange)


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
        "CCHC_KAFKA_TOPIC": "migrated",
        "CCHC_KAFKA_PARTITIONS": "1",
        "CCHC_KAFKA_REPLICAS": "1",
        "CCHC_KAFKA_CA": str(place.own.ca),
        "CCHC_KAFKA_CERTIFICATE": str(place.own.certificate),
        "CCHC_KAFKA_KEY": str(place.own.key),
    }

    ended = await asyncio.to_thread(run, "submission", "migrate", told)

    assert ended.returncode == 0, ended.stderr
    async with opened(KafkaStream(place.servers, "migrated", partitions=1, tls=place.own)) as made:
        await made.publish(SAID)


async def test_nobody_else_does(place: Place) -> None:
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
