"""Stamping anew on PostgreSQL: boxes into which something came, slice by slice.

A slice is written by one transaction, so that all its rows bear one stamp, which says that the last
of them came before that. So a slice is a box (answers about one agency that came by one channel, or
receipts; the comments about one agency) or a part of a large one, between two names: no smaller one
hides an answer among enough. What is new and what is old of a slice are told apart by nothing.

Boxes without news keep their stamps, which are as old as the last answer that came into them. That
says no more than the stamps of rights do, which tell when somebody answered about which agency. Not
all who answer write a comment: a stamp that is as old as the last comment would tell who did. So
comments are stamped with every answer about their agency, and behind it. The transaction that
stamps answers, or takes some of them out, says itself that this is due: so neither a crash nor who
answers meanwhile leaves comments with a stamp that is older than a right, nor does who stamps what
is to be drawn and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import LiteralString

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, rows_of
from shared.adapters.postgres.rewriting import mark
from shared.adapters.postgres.urn.locks import choose_comments_alone, stamp_alone
from shared.ports import Box

LEAST_PART = 10
"""Fewer rows than this part of a slice get no stamp of their own, if their box holds more."""

# A box of comments has no channel, and no table a box without an agency.
_NEWS = """
    select questionnaire, agency, channel from urn_answers where not stirred
    union select questionnaire, agency, channel from urn_receipts where not stirred
    union select questionnaire, agency, '' from urn_comments where not stirred
"""
_HAS_NEWS: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": """
            select exists (
                select from urn_answers
                where questionnaire = %s and agency = %s and channel = %s and not stirred
            )
        """,
        "urn_receipts": """
            select exists (
                select from urn_receipts
                where questionnaire = %s and agency = %s and channel = %s and not stirred
            )
        """,
    }
)
_NAMES: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": """
            select name from urn_answers
            where questionnaire = %s and agency = %s and channel = %s and name > %s
            order by name limit %s
        """,
        "urn_receipts": """
            select receipt from urn_receipts
            where questionnaire = %s and agency = %s and channel = %s and receipt > %s
            order by receipt limit %s
        """,
        "urn_comments": """
            select name from urn_comments
            where questionnaire = %s and agency = %s and %s = '' and name > %s
            order by name limit %s
        """,
    }
)
# Rows are deleted and put in again, since an update would keep what of a long text lies elsewhere,
# under a number that rises in the order in which texts came.
_RESTAMP: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": """with old as (
                delete from urn_answers
                where questionnaire = %s and agency = %s and channel = %s
                    and name > %s and name <= %s returning *)
            insert into urn_answers
            select name, questionnaire, agency, channel, answer, batch, place, true
            from old order by name""",
        "urn_receipts": """with old as (
                delete from urn_receipts
                where questionnaire = %s and agency = %s and channel = %s
                    and receipt > %s and receipt <= %s returning *)
            insert into urn_receipts
            select receipt, questionnaire, agency, channel, batch, place, true
            from old order by receipt""",
        "urn_comments": """with old as (
                delete from urn_comments
                where questionnaire = %s and agency = %s and %s = ''
                    and name > %s and name <= %s returning *)
            insert into urn_comments
            select name, questionnaire, agency, question, text, released, true
            from old order by name""",
    }
)
# One that cannot be removed: it has not been let out, and is to be stamped again when it is.
_LET_COMMENTS_BE_DUE = """
    update urn_comments set stirred = false where stirred and name = (
        select min(name) from urn_comments
        where questionnaire = %s and not released and agency = %s
    )
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table that may be mixed: its part of a box, or the comments about an agency."""

    table: str
    at: tuple[str, str, str]


async def news(database: PostgresDatabase) -> Sequence[Rows]:
    """What is to be stamped where something came: comments last, behind answers about the agency.

    Receipts and answers may go in any order: who answers meanwhile is due by a row of each.
    """
    came = await database.rows(_NEWS)
    agencies = sorted({(questionnaire, agency, "") for questionnaire, agency, _ in came})
    boxes = sorted((questionnaire, agency, channel) for questionnaire, agency, channel in came)
    return [
        *_in_boxes([box for box in boxes if box[2]]),
        *(Rows("urn_comments", at) for at in agencies),
    ]


def to_draw(questionnaire: str, boxes: Sequence[Box]) -> Sequence[Rows]:
    """What is to be stamped before something is drawn from these boxes."""
    return _in_boxes([(questionnaire, box.agency, box.channel) for box in boxes])


def _in_boxes(boxes: Sequence[tuple[str, str, str]]) -> Sequence[Rows]:
    return [Rows(table, at) for table in ("urn_receipts", "urn_answers") for at in boxes]


async def restamp(database: PostgresDatabase, rows: Rows, rows_max: int) -> None:
    """Stamp them anew, unless somebody else did and nothing has come since.

    Comments are due by answers about their agency, whatever they say themselves.
    """
    has_news = _HAS_NEWS.get(rows.table)
    if has_news and await database.row(has_news, *rows.at) != (True,):
        return
    behind: str | None = ""
    while behind is not None:
        behind = await database.transact(_Restamping(rows, behind, rows_max).restamp)


@dataclass(frozen=True, slots=True)
class _Restamping:
    """The transaction that stamps the slice of some rows behind a name."""

    rows: Rows
    behind: str
    rows_max: int

    async def restamp(self, connection: Connection) -> str | None:
        """Do it; behind which name the next slice begins, None after the last."""
        await stamp_alone(connection)
        names = await self._names(connection)
        if not names:
            return None
        if self.behind and len(names) * LEAST_PART < self.rows_max:
            return ""  # The others were discarded meanwhile.
        part = names[: self._size(len(names))]
        await connection.execute(_RESTAMP[self.rows.table], (*self.rows.at, self.behind, part[-1]))
        await mark(connection, (self.rows.table,), tells=True)
        if self.rows.table == "urn_answers":
            questionnaire, agency, _ = self.rows.at
            await _let_comments_be_due(connection, questionnaire, agency)
        return part[-1] if len(part) < len(names) else None

    async def _names(self, connection: Connection) -> Sequence[str]:
        """The names that follow in the box, of two slices at most."""
        query, most = _NAMES[self.rows.table], 2 * self.rows_max
        rows = await rows_of(connection, query, *self.rows.at, self.behind, most)
        return [name for (name,) in rows]

    def _size(self, rows: int) -> int:
        """How large a slice is, of so many rows: what is left is no less than half of one."""
        if rows <= self.rows_max:
            return rows
        return self.rows_max if rows == 2 * self.rows_max else rows // 2


async def _let_comments_be_due(connection: Connection, questionnaire: str, agency: str) -> None:
    """Have comments about an agency stamped behind this transaction, however it goes on."""
    await choose_comments_alone(connection, questionnaire)
    await connection.execute(_LET_COMMENTS_BE_DUE, (questionnaire, agency))
