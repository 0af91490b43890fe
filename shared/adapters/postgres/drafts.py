"""Drafts in a service's PostgreSQL database."""

from collections.abc import Sequence

from shared.adapters.canonical import to_json
from shared.adapters.drafts import may_agree, require_room, typed_of
from shared.adapters.postgres.connection import Connection, lock_key
from shared.adapters.postgres.database import PostgresDatabase, rows_of
from shared.adapters.postgres.rewriting import mark
from shared.ports import FIRST_PILE, Draft, KeptPile, PileName, Typed

SCHEMA = (
    """create table if not exists drafts (
        questionnaire text collate "C" not null,
        pile text collate "C" not null,
        person text collate "C" not null,
        revision text not null,
        content text not null,
        agreed boolean not null default false,
        primary key (questionnaire, pile, person)
    )""",
    """create table if not exists drafts_given_up (
        questionnaire text collate "C" not null,
        pile text collate "C" not null,
        primary key (questionnaire, pile)
    )""",
)
_LOCK = "select pg_advisory_xact_lock(%s)"
_IS_GIVEN_UP = """
    exists (
        select * from drafts_given_up
        where drafts_given_up.questionnaire = drafts.questionnaire
        and drafts_given_up.pile = drafts.pile
    )
"""
_OF_PILE = "from drafts where questionnaire = %s and pile = %s order by person"
_TYPED = f"select person, revision, content, agreed, {_IS_GIVEN_UP} {_OF_PILE}"
_STATE = f"select person, revision, agreed, {_IS_GIVEN_UP} {_OF_PILE}"
_PUT = """
    insert into drafts (questionnaire, pile, person, revision, content)
    values (%s, %s, %s, %s, %s)
    on conflict (questionnaire, pile, person)
    do update set revision = excluded.revision, content = excluded.content
"""
_AGREE = "update drafts set agreed = true where questionnaire = %s and pile = %s"
_GIVE_UP = """
    insert into drafts_given_up select distinct questionnaire, pile from drafts
    where questionnaire = %s and pile = %s and not agreed
    on conflict do nothing
"""
_FORGET_GIVEN_UP = "delete from drafts_given_up where questionnaire = %s and pile = %s"
_FORGET = "delete from drafts where questionnaire = %s and pile = %s"
_PILES = """
    select questionnaire, pile, array_agg(person order by person),
        array_agg(revision order by person), bool_or(agreed)
    from drafts
    where questionnaire = coalesce(%s::text, questionnaire) and (questionnaire, pile) > (%s, %s)
    group by questionnaire, pile order by questionnaire, pile limit %s
"""


class PostgresDrafts:
    """Drafts in one table.

    Who changes a pile has its lock, so that of three people who begin at once one is refused.
    Forgetting deletes the rows; they, and what they said before, lie in the table's file until the
    urn is stirred next, which writes it anew. What holds them for longer is told in `PostgresKeys`.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def put(self, questionnaire: str, pile: str, draft: Draft) -> None:
        """Keep a person's draft of a pile, in place of the one that they had."""
        row = (questionnaire, pile, draft.person, draft.revision, to_json(draft.content))

        async def put(connection: Connection) -> None:
            await connection.execute(_LOCK, (_key(questionnaire, pile),))
            state = await rows_of(connection, _STATE, questionnaire, pile)
            require_room(state, pile, draft.person)
            await connection.execute(_PUT, row)

        await self._database.transact(put)

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile, all of one moment."""
        rows = await self._database.rows(_TYPED, questionnaire, pile)
        return typed_of(rows)

    async def agree(self, questionnaire: str, pile: str, revisions: Sequence[str]) -> bool:
        """Let the drafts of a pile change no more, if these are their revisions."""

        async def agree(connection: Connection) -> bool:
            await connection.execute(_LOCK, (_key(questionnaire, pile),))
            state = await rows_of(connection, _STATE, questionnaire, pile)
            if not may_agree(state, revisions):
                return False
            await connection.execute(_AGREE, (questionnaire, pile))
            return True

        return await self._database.transact(agree)

    async def give_up(self, questionnaire: str, pile: str) -> Typed:
        """Let nobody agree upon the drafts of a pile any more, unless that was done before."""

        async def give_up(connection: Connection) -> Typed:
            await connection.execute(_LOCK, (_key(questionnaire, pile),))
            await connection.execute(_GIVE_UP, (questionnaire, pile))
            return typed_of(await rows_of(connection, _TYPED, questionnaire, pile))

        return await self._database.transact(give_up)

    async def forget(self, questionnaire: str, pile: str) -> None:
        """Forget the drafts of a pile."""

        async def forget(connection: Connection) -> None:
            await connection.execute(_LOCK, (_key(questionnaire, pile),))
            await connection.execute(_FORGET, (questionnaire, pile))
            await connection.execute(_FORGET_GIVEN_UP, (questionnaire, pile))
            await mark(connection, ("drafts",), tells=True)

        await self._database.transact(forget)

    async def piles(
        self, questionnaire: str | None = None, *, after: PileName = FIRST_PILE, limit: int
    ) -> Sequence[KeptPile]:
        """The piles with drafts behind `after` by their names."""
        rows = await self._database.rows(_PILES, questionnaire, *after, limit)
        return [
            KeptPile(name, pile, tuple(persons), tuple(revisions), agreed)
            for name, pile, persons, revisions, agreed in rows
        ]


def _key(questionnaire: str, pile: str) -> int:
    return lock_key("drafts", f"{questionnaire}/{pile}")
