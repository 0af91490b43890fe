"""Comments in the urn on PostgreSQL: letting them out, and deciding on them."""

from collections.abc import Sequence
from typing import LiteralString

from shared.adapters.comments import chosen, require_same
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of, rows_of
from shared.adapters.postgres.rewriting import mark
from shared.adapters.postgres.urn.locks import choose_comments_alone, stay_unstirred
from shared.adapters.postgres.urn.polls import is_shut
from shared.kernel.errors import Missing
from shared.ports import Chance, Claim, Comment, Verdict

TABLES = ("urn_comments",)

RELEASED_MAX = 1_000
"""So many comments about an agency are let out by one transaction, for which stirring waits."""

COMMENTS = """
    select name, agency, question, text from urn_comments
    where questionnaire = %s and released and name > %s and not exists (
        select from urn_verdicts
        where urn_verdicts.questionnaire = urn_comments.questionnaire
            and urn_verdicts.name = urn_comments.name
    ) order by name limit %s
"""

_RIPE = """
    select agency, question from urn_comments where questionnaire = %s and not released
    group by agency, question having count(*) >= %s order by agency, question
"""
_UNRELEASED = """
    select name from urn_comments where questionnaire = %s and not released
    order by name limit %s
"""
_UNRELEASED_ABOUT = """
    select name from urn_comments
    where questionnaire = %s and not released and agency = %s and question = %s order by name
"""
# Deleted and put in again by their names, as stirring does: an update would leave them in the order
# in which they came.
_RELEASE = """
    with old as (delete from urn_comments where name = any(%s) returning *)
    insert into urn_comments (name, questionnaire, agency, question, text, released)
    select name, questionnaire, agency, question, text, true from old order by name
"""
_COMMENT = """
    select name, agency, question, text from urn_comments
    where questionnaire = %s and name = %s and released for update
"""
_VERDICT = """
    select fate, decided_by, digest from urn_verdicts where questionnaire = %s and name = %s
"""
_DECIDE = """
    insert into urn_verdicts (questionnaire, name, fate, decided_by, digest)
    values (%s, %s, %s, %s, %s)
"""
_REWORD = "update urn_comments set text = %s, stirred = false where name = %s"
_CLAIMED = """
    select questionnaire, name, agency, question, text, fate, decided_by, digest
    from urn_verdicts join urn_comments using (questionnaire, name)
    where not done and name > %s order by name limit %s
"""
_REMOVE: tuple[LiteralString, ...] = (
    "delete from urn_comments where questionnaire = %s and name = %s",
    "update urn_verdicts set done = true where questionnaire = %s and name = %s",
)


async def release(
    connection: Connection, chance: Chance, questionnaire: str, least: int, leave: int
) -> int:
    """Let out some that hide among enough others, or some of an urn that is shut; how many."""
    await stay_unstirred(connection)
    # Of two that let comments out at once, each would leave other ones behind.
    await choose_comments_alone(connection, questionnaire)
    if await is_shut(connection, questionnaire):
        names = await _names(connection, _UNRELEASED, questionnaire, RELEASED_MAX)
    else:
        names = []
        for place in await rows_of(connection, _RIPE, questionnaire, least + leave):
            about = await _names(connection, _UNRELEASED_ABOUT, questionnaire, *place)
            names += chosen(chance, about, leave)[:RELEASED_MAX]
            if len(names) >= RELEASED_MAX:
                break
    if names:
        await connection.execute(_RELEASE, (names,))
        await mark(connection, TABLES, tells=True)
    return len(names)


async def claim(
    connection: Connection, questionnaire: str, name: str, verdict: Verdict, text: str
) -> Claim | None:
    """The claim of whoever was first, as long as there is the comment."""
    await stay_unstirred(connection)
    at = (questionnaire, name)
    row = await row_of(connection, _COMMENT, *at)  # Others who decide on it wait here.
    known = await row_of(connection, _VERDICT, *at)
    if known is None:
        if row is None:
            raise Missing("comment-unknown")
        known = (verdict.fate, verdict.by, verdict.digest)
        await connection.execute(_DECIDE, (*at, *known))
        if text:
            await connection.execute(_REWORD, (text, name))
            row = await row_of(connection, _COMMENT, *at)
    require_same(Verdict(*known), verdict)
    return Claim(questionnaire, Comment(*row), Verdict(*known)) if row else None


async def claimed(connection: Connection, after: str, limit: int) -> Sequence[Claim]:
    """Claims of comments that are still there, behind `after` by name."""
    return [
        Claim(questionnaire, Comment(name, agency, question, text), Verdict(*verdict))
        for questionnaire, name, agency, question, text, *verdict in await rows_of(
            connection, _CLAIMED, after, limit
        )
    ]


async def remove(connection: Connection, questionnaire: str, name: str) -> None:
    """Forget a comment; its row is gone once the table is written anew."""
    await stay_unstirred(connection)
    for statement in _REMOVE:
        await connection.execute(statement, (questionnaire, name))
    await mark(connection, TABLES, tells=True)


async def _names(connection: Connection, query: LiteralString, *values: str | int) -> list[str]:
    return [name for (name,) in await rows_of(connection, query, *values)]
