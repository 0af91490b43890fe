"""A service as processes of its own, on Kafka, PostgreSQL and MongoDB."""

from shared.adapters.deployed.roles import run

__all__ = ["run"]
