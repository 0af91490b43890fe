"""The three clients of the driver, with every option that matters said aloud.

By itself the driver begins at the end of a topic, commits positions that nobody keeps, and waits
longer than anybody here. The version of the protocol is no option: it asks each broker for it.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.codec import has_lz4
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.record import default_records

from shared.adapters.kafka.tls import Tls
from shared.events.codec import FACT_BYTES_MAX
from shared.kernel.errors import Refused

RECORD_BYTES_MAX = 1024 * 1024
"""What the topic takes as one batch, be it a single record."""
BATCH_BYTES_MAX = 512 * 1024
"""A batch takes no more records beyond this; its last one fits into what the topic takes."""

SESSION_S = 10
"""A member that is not heard of for so long is dead, and others get its partitions."""
HEARTBEAT_S = 1
"""How soon a member hears that partitions are dealt anew."""
REBALANCE_S = 20
"""How long the group waits for a member before it deals the partitions without it."""
ABSENT_S_MAX = 300
"""A member that fetches nothing for so long leaves the group by itself, alive as it may be."""

ANSWER_S_MAX = 5
"""How long one request may take; the driver repeats it as long as it makes sense."""
JOIN_S_MAX = REBALANCE_S + 10
"""How long one request of a consumer may take: one of them waits for the rest of the group."""
RETRY_S = 0.2
METADATA_AGE_S_MAX = 60
UNUSED_S_MAX = 540
"""A broker closes a connection that is not used for ten minutes: be faster."""

FETCH_WAIT_S = 0.5
FETCH_BYTES_MAX = 8 * 1024 * 1024
FETCH_PARTITION_BYTES_MAX = 2 * 1024 * 1024
TICK_S = 0.2
"""How often the driver looks for what it missed; whatever it hears of is faster."""

COMPRESSION = "lz4"
PARTITIONER = DefaultPartitioner()
"""Kafka's own, murmur2 of the key, so that other tools find a cycle in the same partition."""

assert BATCH_BYTES_MAX + FACT_BYTES_MAX < RECORD_BYTES_MAX <= FETCH_PARTITION_BYTES_MAX


def check(*, slow: bool, has_codec: bool) -> None:
    """Raise `Refused("kafka-client-incomplete")` where the driver is not what was measured."""
    if slow:
        raise Refused("kafka-client-incomplete", missing="aiokafka.record._crecords")
    if not has_codec:
        raise Refused("kafka-client-incomplete", missing="cramjam (lz4)")


def check_installed() -> None:
    """Check the driver of this process.

    It makes do in silence with Python where its compiled part is missing, which is many times
    slower; without the codec it fails at the first record.
    """
    builder = default_records.DefaultRecordBatchBuilder
    check(slow=builder.__module__ == default_records.__name__, has_codec=has_lz4())


def producer(servers: str, client_id: str, tls: Tls | None = None) -> AIOKafkaProducer:
    """Who sends: an acknowledgement means that all replicas in step have it, and have it once."""
    return AIOKafkaProducer(
        **_reach(servers, client_id, ANSWER_S_MAX, tls),
        acks="all",
        enable_idempotence=True,
        transactional_id=None,
        compression_type=COMPRESSION,
        max_batch_size=BATCH_BYTES_MAX,
        max_request_size=RECORD_BYTES_MAX,
        # Batches come ready-made: nothing is won by waiting for more.
        linger_ms=0,
        partitioner=PARTITIONER,
        key_serializer=None,
        value_serializer=None,
    )


def consumer(servers: str, client_id: str, group: str, tls: Tls | None = None) -> AIOKafkaConsumer:
    """Who reads: as a member of a group that deals out the partitions, and keeps no positions."""
    return AIOKafkaConsumer(
        **_reach(servers, client_id, JOIN_S_MAX, tls),
        group_id=group,
        group_instance_id=None,
        partition_assignment_strategy=(RoundRobinPartitionAssignor,),
        session_timeout_ms=_ms(SESSION_S),
        heartbeat_interval_ms=_ms(HEARTBEAT_S),
        rebalance_timeout_ms=_ms(REBALANCE_S),
        max_poll_interval_ms=_ms(ABSENT_S_MAX),
        enable_auto_commit=False,
        # Where a position cannot be read, somebody has to be told: no other one is right.
        auto_offset_reset="none",
        # None of us writes in transactions; what others write in them is read as it comes.
        isolation_level="read_uncommitted",
        check_crcs=True,
        fetch_min_bytes=1,
        fetch_max_wait_ms=_ms(FETCH_WAIT_S),
        fetch_max_bytes=FETCH_BYTES_MAX,
        max_partition_fetch_bytes=FETCH_PARTITION_BYTES_MAX,
        max_poll_records=None,
        consumer_timeout_ms=_ms(TICK_S),
        exclude_internal_topics=True,
        client_rack=None,
        key_deserializer=None,
        value_deserializer=None,
    )


def admin(servers: str, client_id: str, tls: Tls | None = None) -> AIOKafkaAdminClient:
    """Who creates topics."""
    return AIOKafkaAdminClient(**_reach(servers, client_id, ANSWER_S_MAX, tls))


def _reach(servers: str, client_id: str, answer_s_max: float, tls: Tls | None) -> dict[str, Any]:
    """How all three reach the brokers: in clear, or by TLS and nothing else."""
    return {
        "bootstrap_servers": servers,
        "client_id": client_id,
        "request_timeout_ms": _ms(answer_s_max),
        "retry_backoff_ms": _ms(RETRY_S),
        "metadata_max_age_ms": _ms(METADATA_AGE_S_MAX),
        "connections_max_idle_ms": _ms(UNUSED_S_MAX),
        "security_protocol": "SSL" if tls else "PLAINTEXT",
        "ssl_context": tls.context() if tls else None,
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
