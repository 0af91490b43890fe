"""Drafts in a file that forgets what is deleted."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from shared.adapters.canonical import to_json
from shared.adapters.drafts import may_agree, require_room, typed_of
from shared.adapters.sqlite.database import Connection, Database
from shared.ports import FIRST_PILE, PERSONS_MAX, Draft, KeptPile, PileName, Typed

_SCHEMA = (
    """create table if not exists drafts (
        questionnaire text not null,
        pile text not null,
        person text not null,
        revision text not null,
        content text not null,
        agreed integer not null default 0,
        primary key (questionnaire, pile, person)
    ) without rowid""",
    """create table if not exists drafts_given_up (
        questionnaire text not null,
        pile text not null,
        primary key (questionnaire, pile)
    ) without rowid""",
)
_IS_GIVEN_UP = """
    exists (
        select * from drafts_given_up
        where drafts_given_up.questionnaire = drafts.questionnaire
        and drafts_given_up.pile = drafts.pile
    )
"""
_OF_PILE = "from drafts where questionnaire = ? and pile = ? order by person"
_TYPED = f"select person, revision, content, agreed, {_IS_GIVEN_UP} {_OF_PILE}"
_STATE = f"select person, revision, agreed, {_IS_GIVEN_UP} {_OF_PILE}"
_PUT = """
    insert into drafts (questionnaire, pile, person, revision, content) values (?, ?, ?, ?, ?)
    on conflict do update set revision = excluded.revision, content = excluded.content
"""
_AGREE = "update drafts set agreed = 1 where questionnaire = ? and pile = ?"
_GIVE_UP = """
    insert into drafts_given_up select distinct questionnaire, pile from drafts
    where questionnaire = ? and pile = ? and not agreed
    on conflict do nothing
"""
_FORGET_GIVEN_UP = "delete from drafts_given_up where questionnaire = ? and pile = ?"
_FORGET = "delete from drafts where questionnaire = ? and pile = ?"
_PILES = """
    select questionnaire, pile, person, revision, agreed from drafts
    where questionnaire = coalesce(?, questionnaire) and (questionnaire, pile) > (?, ?)
    order by questionnaire, pile, person limit ?
"""


class SqliteDrafts:
    """Drafts in one SQLite file; what was kept is on the disk."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, durability="full", forgetting=True)

    async def put(self, questionnaire: str, pile: str, draft: Draft) -> None:
        """Keep a person's draft of a pile, in place of the one that they had."""
        row = (questionnaire, pile, draft.person, draft.revision, to_json(draft.content))

        def put(connection: Connection) -> None:
            state = connection.execute(_STATE, (questionnaire, pile)).fetchall()
            require_room(state, pile, draft.person)
            connection.execute(_PUT, row)

        await self._database.write(put)

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile, all of one moment."""
        rows = await self._database.read(
            lambda connection: connection.execute(_TYPED, (questionnaire, pile)).fetchall()
        )
        return typed_of(rows)

    async def agree(self, questionnaire: str, pile: str, revisions: Sequence[str]) -> bool:
        """Let the drafts of a pile change no more, if these are their revisions."""

        def agree(connection: Connection) -> bool:
            state = connection.execute(_STATE, (questionnaire, pile)).fetchall()
            if not may_agree(state, revisions):
                return False
            connection.execute(_AGREE, (questionnaire, pile))
            return True

        return await self._database.write(agree)

    async def give_up(self, questionnaire: str, pile: str) -> Typed:
        """Let nobody agree upon the drafts of a pile any more, unless that was done before."""

        def give_up(connection: Connection) -> Typed:
            connection.execute(_GIVE_UP, (questionnaire, pile))
            return typed_of(connection.execute(_TYPED, (questionnaire, pile)).fetchall())

        return await self._database.write(give_up)

    async def forget(self, questionnaire: str, pile: str) -> None:
        """Forget the drafts of a pile: the file is written anew, and the write-ahead log cut."""

        def forget(connection: Connection) -> None:
            connection.execute(_FORGET, (questionnaire, pile))
            connection.execute(_FORGET_GIVEN_UP, (questionnaire, pile))

        await self._database.write(forget)
        await self._database.write_anew()

    async def piles(
        self, questionnaire: str | None = None, *, after: PileName = FIRST_PILE, limit: int
    ) -> Sequence[KeptPile]:
        """The piles with drafts behind `after` by their names."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                _PILES, (questionnaire, *after, limit * PERSONS_MAX)
            ).fetchall()
        )
        return _piles(rows)[:limit]

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()


def _piles(rows: Sequence[tuple[str, str, str, str, int]]) -> Sequence[KeptPile]:
    found = []
    for (name, pile), group in groupby(rows, key=lambda row: row[:2]):
        drafts = list(group)
        persons = tuple(person for _, _, person, *_ in drafts)
        revisions = tuple(revision for *_, revision, _ in drafts)
        is_agreed = any(agreed for *_, agreed in drafts)
        found.append(KeptPile(name, pile, persons, revisions, is_agreed))
    return found
