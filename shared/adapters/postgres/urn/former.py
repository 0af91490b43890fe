"""Urns of the first shape on PostgreSQL are moved to the present one, once, or left as they are.

There every right was an invitation, and answers said neither by which channel they came nor had a
receipt. So rights, the papers that were put in, and what is shut and counted are kept as they are;
answers that still wait cannot be, without guessing, and have to be counted by the earlier version.
"""

from typing import LiteralString

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of, rows_of
from shared.adapters.postgres.urn.tables import TABLES
from shared.kernel.errors import Refused

_FOUND = """
    select to_regclass('urn_boxes') is not null, to_regclass('urn_tokens') is not null,
        to_regclass('urn_answers') is not null and not exists (
            select from pg_attribute
            where attrelid = to_regclass('urn_answers') and attname = 'channel'
        )
"""
# In the order in which the earlier version took them, should one of its processes still be there.
_LOCKS: tuple[LiteralString, ...] = (
    "lock table urn_boxes in access exclusive mode",
    "lock table urn_tokens in access exclusive mode",
    "lock table urn_answers in access exclusive mode",
)
_WAITING = "select questionnaire, count(*) from urn_answers group by questionnaire order by 1"
_DROP_ANSWERS = "drop table urn_answers"
_MOVE_BOXES: tuple[LiteralString, ...] = (
    """insert into urn_polls (questionnaire, shut, discarded)
    select questionnaire, shut, discarded from urn_boxes order by questionnaire
    on conflict (questionnaire) do update set shut = urn_polls.shut or excluded.shut,
        discarded = greatest(urn_polls.discarded, excluded.discarded)""",
    "drop table urn_boxes",
)
_MOVE_TOKENS: tuple[LiteralString, ...] = (
    """insert into urn_rights
        (token_sha256, questionnaire, agency, kind, uses_max, uses_per_day_max, used)
    select token_sha256, questionnaire, agency, 'invitation', 1, 1, spent::integer
    from urn_tokens order by token_sha256
    on conflict (token_sha256) do update set used = greatest(urn_rights.used, excluded.used)""",
    "drop table urn_tokens",
)

DROPPED: tuple[LiteralString, ...] = (
    "drop index if exists urn_comments_by_release",
    "drop index if exists urn_answers_by_batch",
    "drop index if exists urn_receipts_by_batch",
)
"""What a later version has no use for, and that would be kept up for nothing."""


async def move(connection: Connection) -> None:
    """Move an urn of the first shape, in a transaction of its own; nothing where there is none.

    Raises `Refused("urn-of-earlier-version")`, and leaves everything as it is, where answers wait.
    """
    async with connection.transaction():
        found = await row_of(connection, _FOUND)
        assert found is not None, "what there is of it is a row"
        if not any(found):
            return
        has_boxes, has_tokens, has_answers = found
        for is_there, lock in zip(found, _LOCKS, strict=True):
            if is_there:
                await connection.execute(lock)
        if has_answers:
            await _require_none_waiting(connection)
            await connection.execute(_DROP_ANSWERS)
        moves = (*(_MOVE_BOXES if has_boxes else ()), *(_MOVE_TOKENS if has_tokens else ()))
        for statement in (*TABLES, *moves):
            await connection.execute(statement)


async def _require_none_waiting(connection: Connection) -> None:
    waiting = await rows_of(connection, _WAITING)
    if waiting:
        raise Refused(
            "urn-of-earlier-version",
            answers=str(sum(count for _, count in waiting)),
            questionnaires=", ".join(questionnaire for questionnaire, _ in waiting),
        )
