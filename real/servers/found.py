"""Where a server comes from: an address of the environment, or else the programs of this machine.

REAL_POSTGRES   postgresql://USER:PASSWORD@HOST:PORT/DATABASE, of a user who may create databases
REAL_MONGO      mongodb://HOST:PORT/
REAL_KAFKA      HOST:PORT,...
"""

from collections.abc import Mapping
from pathlib import Path

from real.servers.given import Given
from real.servers.kafka import Kafka
from real.servers.mongo import Mongo
from real.servers.postgres import Postgres
from real.servers.server import Server


def postgres(folder: Path, home: Path, environment: Mapping[str, str]) -> Server:
    """A PostgreSQL server, not started."""
    given = environment.get("REAL_POSTGRES")
    return Given("PostgreSQL", given) if given else Postgres(folder / "postgres", home)


def mongo(folder: Path, home: Path, environment: Mapping[str, str]) -> Server:
    """A document server, not started."""
    given = environment.get("REAL_MONGO")
    return Given("MongoDB", given) if given else Mongo(folder / "mongo", home)


def kafka(folder: Path, home: Path, environment: Mapping[str, str]) -> Server:
    """A Kafka server, not started."""
    given = environment.get("REAL_KAFKA")
    return Given("Kafka", given) if given else Kafka(folder / "kafka", home)
