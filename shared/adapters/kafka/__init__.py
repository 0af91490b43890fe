"""The topic `facts` on Kafka, by aiokafka."""

from shared.adapters.kafka.stream import KafkaStream
from shared.adapters.kafka.tls import Tls
from shared.adapters.kafka.topic import create_topic, delete_topic

__all__ = ["KafkaStream", "Tls", "create_topic", "delete_topic"]
