"""What one service keeps on PostgreSQL, its leases and news; psycopg comes in by this door."""

from shared.adapters.postgres.connection import probe
from shared.adapters.postgres.database import PostgresDatabase, connect
from shared.adapters.postgres.directory import PostgresDirectory
from shared.adapters.postgres.drafts import PostgresDrafts
from shared.adapters.postgres.dump import dumped, restored
from shared.adapters.postgres.edition import require as require_edition
from shared.adapters.postgres.keys import PostgresKeys
from shared.adapters.postgres.leases import PostgresLeases
from shared.adapters.postgres.news import PostgresNews
from shared.adapters.postgres.ownership import claim
from shared.adapters.postgres.places import (
    check_empty,
    create_database,
    drop_database,
    rename_log,
)
from shared.adapters.postgres.urn import PostgresUrn

__all__ = [
    "PostgresDatabase",
    "PostgresDirectory",
    "PostgresDrafts",
    "PostgresKeys",
    "PostgresLeases",
    "PostgresNews",
    "PostgresUrn",
    "check_empty",
    "claim",
    "connect",
    "create_database",
    "drop_database",
    "dumped",
    "probe",
    "rename_log",
    "require_edition",
    "restored",
]
