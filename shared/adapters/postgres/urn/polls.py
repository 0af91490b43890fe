"""How far questionnaires have come in the urn on PostgreSQL."""

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of
from shared.kernel.errors import Refused

_IS_SHUT = "select 1 from urn_polls where questionnaire = %s and shut"
SHUT = """
    insert into urn_polls (questionnaire, shut) values (%s, true)
    on conflict (questionnaire) do update set shut = true
"""
STANDING = """
    select not exists (select from urn_ended_exchanges where questionnaire = %s),
        exists (select from urn_polls where questionnaire = %s and shut),
        coalesce((select discarded from urn_polls where questionnaire = %s), 0),
        coalesce((select batch from urn_told where questionnaire = %s), 0)
"""


async def require_open(connection: Connection, questionnaire: str) -> None:
    """Raises `Refused("survey-closed")`."""
    if await is_shut(connection, questionnaire):
        raise Refused("survey-closed")


async def is_shut(connection: Connection, questionnaire: str) -> bool:
    """Whether it takes no answer any more."""
    return await row_of(connection, _IS_SHUT, questionnaire) is not None
