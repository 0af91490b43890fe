"""Letting comments out, and deciding on them: what one transaction does with comments."""

from collections.abc import Sequence

from shared.adapters.comments import chosen, require_same
from shared.adapters.sqlite.database import Connection
from shared.adapters.sqlite.urn import tables
from shared.kernel.errors import Missing
from shared.ports import Chance, Claim, Comment, Verdict


def release(
    connection: Connection, chance: Chance, questionnaire: str, least: int, leave: int
) -> int:
    """Let out those that hide among enough others, or all of an urn that is shut; how many."""
    if connection.execute(tables.IS_SHUT, (questionnaire,)).fetchone() is not None:
        names = _names(connection, tables.UNRELEASED, questionnaire)
    else:
        ripe = connection.execute(tables.RIPE, (questionnaire, least + leave)).fetchall()
        names = [
            name
            for place in ripe
            for name in chosen(
                chance,
                _names(connection, tables.UNRELEASED_ABOUT, questionnaire, *place),
                leave,
            )
        ]
    connection.executemany(tables.RELEASE, [(name,) for name in sorted(names)])
    return len(names)


def claim(
    connection: Connection, questionnaire: str, name: str, verdict: Verdict, text: str
) -> Claim | None:
    """The claim of whoever was first, as long as there is the comment."""
    at = (questionnaire, name)
    known = connection.execute(tables.VERDICT, at).fetchone()
    if known is None:
        if connection.execute(tables.COMMENT, at).fetchone() is None:
            raise Missing("comment-unknown")
        said = (verdict.fate, verdict.by, verdict.digest)
        connection.execute(tables.DECIDE, (*at, *said))
        if text:
            connection.execute(tables.REWORD, (text, name))
        known = said
    require_same(Verdict(*known), verdict)
    row = connection.execute(tables.COMMENT, at).fetchone()
    return Claim(questionnaire, Comment(*row), Verdict(*known)) if row else None


def claimed(connection: Connection, after: str, limit: int) -> Sequence[Claim]:
    """Claims of comments that are still there, behind `after` by name."""
    return [
        Claim(questionnaire, Comment(name, agency, question, text), Verdict(*verdict))
        for questionnaire, name, agency, question, text, *verdict in connection.execute(
            tables.CLAIMED, (after, limit)
        )
    ]


def remove(connection: Connection, questionnaire: str, name: str) -> None:
    """Forget a comment; nothing is left to be done about it."""
    for statement in tables.REMOVE_COMMENT:
        connection.execute(statement, (questionnaire, name))


def _names(connection: Connection, query: str, *values: str) -> list[str]:
    return [name for (name,) in connection.execute(query, values)]
