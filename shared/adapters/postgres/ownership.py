"""Whose a database is: one service's, in one mode, for ever, from its first start on.

Each has a name of its own, made then. What is derived from its log elsewhere stands under that
name, so that nobody takes what was derived from another log for it.
"""

import secrets

from shared.adapters.postgres.database import PostgresDatabase
from shared.events.submission import Mode
from shared.kernel.errors import Refused

LOG_NAME_BYTES = 6

SCHEMA = (
    """create table if not exists ownership (
        id integer primary key check (id = 1),
        service text not null,
        mode text not null,
        log text not null
    )""",
)
_OFFER = """
    insert into ownership (id, service, mode, log) values (1, %s, %s, %s) on conflict do nothing
"""
_OWNER = "select service, mode, log from ownership"


async def claim(database: PostgresDatabase, service: str, mode: Mode) -> str:
    """Take the database for a service, the first time that it is used; gives its log's name.

    Raises `Refused("database-of-another")`: two services in one would take each other's facts for
    their own, and what was tried out never becomes official.
    """
    await database.execute(_OFFER, service, mode, new_log_name())
    owner = await database.row(_OWNER)
    assert owner is not None, "somebody owns it now"
    owning_service, owning_mode, log = owner
    if (owning_service, owning_mode) != (service, mode):
        raise Refused("database-of-another", service=owning_service, mode=owning_mode)
    name: str = log
    return name


def new_log_name() -> str:
    """A name by chance, that no other log has."""
    return secrets.token_hex(LOG_NAME_BYTES)
