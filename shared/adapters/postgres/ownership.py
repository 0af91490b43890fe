"""Whose a database is: one service's, in one mode, for ever, from its first start on."""

from shared.adapters.postgres.database import PostgresDatabase
from shared.events.submission import Mode
from shared.kernel.errors import Refused

SCHEMA = (
    """create table if not exists ownership (
        id integer primary key check (id = 1),
        service text not null,
        mode text not null
    )""",
)
_OFFER = "insert into ownership (id, service, mode) values (1, %s, %s) on conflict do nothing"
_OWNER = "select service, mode from ownership"


async def claim(database: PostgresDatabase, service: str, mode: Mode) -> None:
    """Take the database for a service, the first time that it is used.

    Raises `Refused("database-of-another")`: two services in one would take each other's facts for
    their own, and what was tried out never becomes official.
    """
    await database.execute(_OFFER, service, mode)
    owner = await database.row(_OWNER)
    assert owner is not None, "somebody owns it now"
    if tuple(owner) != (service, mode):
        raise Refused("database-of-another", service=owner[0], mode=owner[1])
