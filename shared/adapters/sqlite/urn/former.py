"""Urns of former shapes in SQLite are moved to the present one, once, or left as they are.

In the first one every right was an invitation, and answers said neither by which channel they came
nor had a receipt. So rights, the papers that were put in, and what is shut and counted are kept as
they are; answers that still wait cannot be, without guessing, and have to be counted by the earlier
version.

In the second one rows had all that they have now, but lay in the order of their names alone, so
that whatever is stirred in slices would stay where it lay. They are written into new tables, as if
they had just come, and are stirred next.
"""

from shared.adapters.sqlite.database import Connection
from shared.adapters.sqlite.urn import tables
from shared.kernel.errors import Refused

_COLUMNS = "select name from pragma_table_info(?)"
_WAITING = "select questionnaire, count(*) from answers group by questionnaire order by 1"
_DROP_ANSWERS = "drop table answers"
_MOVE_BOXES = (
    # `where true` tells the parser that `on conflict` is no join.
    """insert into polls (questionnaire, shut, discarded)
    select questionnaire, shut, discarded from boxes where true
    on conflict do update set shut = max(shut, excluded.shut),
        discarded = max(discarded, excluded.discarded)""",
    "drop table boxes",
)
_MOVE_TOKENS = (
    """insert into rights
        (token_sha256, questionnaire, agency, kind, uses_max, uses_per_day_max, used)
    select token_sha256, questionnaire, agency, 'invitation', 1, 1, spent from tokens where true
    on conflict do update set used = max(used, excluded.used)""",
    "drop table tokens",
)
_HAS_NO_SIDES = "select count(*) from pragma_table_info(?) where pk = 1 and name <> 'stirred'"
_REBUILD = {
    "answers": (
        "alter table answers rename to answers_without_sides",
        """insert into answers (name, questionnaire, agency, channel, answer, batch, place)
        select name, questionnaire, agency, channel, answer, batch, place
        from answers_without_sides order by name""",
        "drop table answers_without_sides",
    ),
    "receipts": (
        "alter table receipts rename to receipts_without_sides",
        """insert into receipts (receipt, questionnaire, agency, channel, batch, place)
        select receipt, questionnaire, agency, channel, batch, place
        from receipts_without_sides order by receipt""",
        "drop table receipts_without_sides",
    ),
    "comments": (
        "alter table comments rename to comments_without_sides",
        """insert into comments (name, questionnaire, agency, question, text, released)
        select name, questionnaire, agency, question, text, released
        from comments_without_sides order by name""",
        "drop table comments_without_sides",
    ),
}
_DROP_INDEX = "drop index if exists comments_by_release"


def move(connection: Connection) -> None:
    """Move an urn of a former shape, in the transaction of the caller; nothing where none is.

    Raises `Refused("urn-of-earlier-version")` where answers wait in one of the first shape.
    """
    _move_first(connection)
    _move_without_sides(connection)
    connection.execute(_DROP_INDEX)


def _move_first(connection: Connection) -> None:
    boxes, tokens, answers = (_columns(connection, each) for each in ("boxes", "tokens", "answers"))
    has_answers = bool(answers) and "channel" not in answers
    if not (boxes or tokens or has_answers):
        return
    if has_answers:
        _require_none_waiting(connection)
        connection.execute(_DROP_ANSWERS)
    moves = (*(_MOVE_BOXES if boxes else ()), *(_MOVE_TOKENS if tokens else ()))
    for statement in (*tables.SCHEMA, *moves):
        connection.execute(statement)


def _move_without_sides(connection: Connection) -> None:
    """Write those tables anew; their indices go with them, and the schema, next, makes others."""
    found = [each for each in _REBUILD if connection.execute(_HAS_NO_SIDES, (each,)).fetchone()[0]]
    for rename, *_ in (_REBUILD[table] for table in found):
        connection.execute(rename)
    for statement in tables.SCHEMA if found else ():
        connection.execute(statement)
    for _, *rebuild in (_REBUILD[table] for table in found):
        for statement in rebuild:
            connection.execute(statement)


def _columns(connection: Connection, table: str) -> frozenset[str]:
    """Those of a table; none where it is not there."""
    return frozenset(name for (name,) in connection.execute(_COLUMNS, (table,)))


def _require_none_waiting(connection: Connection) -> None:
    waiting = connection.execute(_WAITING).fetchall()
    if waiting:
        raise Refused(
            "urn-of-earlier-version",
            answers=str(sum(count for _, count in waiting)),
            questionnaires=", ".join(questionnaire for questionnaire, _ in waiting),
        )
