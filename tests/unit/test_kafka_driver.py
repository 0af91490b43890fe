"""The driver of Kafka is what was measured, or is refused; and keys lie where others find them."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.adapters.kafka import KafkaStream
from shared.adapters.kafka.driver import PARTITIONER, check
from shared.kernel.errors import Refused

PROJECT = Path(__file__).parents[2]
BUILD = """
from shared.adapters.kafka import KafkaStream
KafkaStream('127.0.0.1:1', 'facts', partitions=8)
"""
WITHOUT_LZ4 = f"import sys; sys.modules['cramjam'] = None; {BUILD}"


def built(program: str, **environment: str) -> str:
    """What a process says that builds the adapter."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stderr


def test_a_whole_driver_is_taken() -> None:
    KafkaStream("127.0.0.1:1", "facts", partitions=8)

    assert built(BUILD) == ""


def test_a_driver_without_its_compiled_part_is_refused() -> None:
    with pytest.raises(Refused, match="kafka-client-incomplete"):
        check(slow=True, has_codec=True)

    assert "aiokafka.record._crecords" in built(BUILD, AIOKAFKA_NO_EXTENSIONS="1")


def test_a_driver_without_the_codec_is_refused() -> None:
    with pytest.raises(Refused, match="kafka-client-incomplete"):
        check(slow=False, has_codec=False)

    assert "cramjam (lz4)" in built(WITHOUT_LZ4)


# What the clients of Apache Kafka hash these keys to (UtilsTest.testMurmur2).
@pytest.mark.parametrize(
    ("key", "murmur2"),
    [
        ("21", -973932308),
        ("foobar", -790332482),
        ("a-little-bit-long-string", -985981536),
        ("a-little-bit-longer-string", -1486304829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        ("abc", 479470107),
    ],
)
def test_a_key_lies_where_other_clients_of_kafka_look_for_it(key: str, murmur2: int) -> None:
    partitions = list(range(7))

    assert PARTITIONER(key.encode(), partitions, partitions) == (murmur2 & 0x7FFFFFFF) % 7
