"""The locks of the urn on PostgreSQL, which the database keeps and which leave no trace."""

from shared.adapters.postgres.connection import Connection, lock_key

SHARE_LOCK = "select pg_advisory_xact_lock_shared(%s)"
TAKE_LOCK = "select pg_advisory_xact_lock(%s)"

_STIR_KEY = lock_key("urn-stir")


def box_key(questionnaire: str) -> int:
    """The lock that who puts in shares, and who shuts has alone."""
    return lock_key("urn", questionnaire)


async def share_box(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who shuts the questionnaire's urn."""
    await connection.execute(SHARE_LOCK, (box_key(questionnaire),))


async def take_box(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who puts in or shuts."""
    await connection.execute(TAKE_LOCK, (box_key(questionnaire),))


async def draw_alone(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who draws or discards here, and who stamps."""
    await stay_unstirred(connection)
    await connection.execute(TAKE_LOCK, (lock_key("urn-draw", questionnaire),))


async def choose_comments_alone(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who chooses among comments not let out here."""
    await connection.execute(TAKE_LOCK, (lock_key("urn-release", questionnaire),))


async def stamp_alone(connection: Connection) -> None:
    """Keep away, until the end of this transaction, who draws, discards or stamps anew."""
    await connection.execute(TAKE_LOCK, (_STIR_KEY,))


async def stay_unstirred(connection: Connection) -> None:
    """Keep away who stamps anew until the end of this transaction, and nobody else."""
    await connection.execute(SHARE_LOCK, (_STIR_KEY,))
