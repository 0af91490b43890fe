"""The urn of the embedded mode: who may answer in one table, what was answered in another.

No row of one leads to a row of the other: answers lie under random names, in their order, and
carry no time. The file's write-ahead log still shows which token and which answer were written
together; it is overwritten whenever a batch is drawn or discarded and when the file is opened, so
that only answers which nobody has drawn yet stand in that window.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.adapters.canonical import from_json, to_json
from shared.adapters.sqlite.database import Connection, Database
from shared.kernel.errors import Missing, Refused
from shared.ports import Chance, Draw, Invitation, Turnout

_SCHEMA = (
    """create table if not exists tokens (
        token_sha256 text primary key not null,
        questionnaire text not null,
        agency text not null,
        spent integer not null default 0
    ) without rowid""",
    "create index if not exists tokens_by_agency on tokens (questionnaire, agency, spent)",
    """create table if not exists answers (
        name text primary key not null,
        questionnaire text not null,
        answer text not null,
        batch integer,
        place integer
    ) without rowid""",
    "create index if not exists answers_by_batch on answers (questionnaire, batch, place)",
    """create table if not exists drops (
        questionnaire text not null,
        key text not null,
        digest text not null,
        primary key (questionnaire, key)
    ) without rowid""",
    """create table if not exists boxes (
        questionnaire text primary key not null,
        shut integer not null default 0,
        discarded integer not null default 0
    ) without rowid""",
)
_INVITE = """
    insert into tokens (token_sha256, questionnaire, agency) values (?, ?, ?)
    on conflict do nothing
"""
_INVITATION = "select questionnaire, agency from tokens where token_sha256 = ?"
_SPEND = "update tokens set spent = 1 where token_sha256 = ? and spent = 0"
_TURNOUT = """
    select agency, count(*), sum(spent) from tokens
    where questionnaire = ? group by agency order by agency
"""
_PUT = "insert into answers (name, questionnaire, answer) values (?, ?, ?)"
_REMEMBER_DROP = "insert into drops (questionnaire, key, digest) values (?, ?, ?)"
_DROPPED = "select digest from drops where questionnaire = ? and key = ?"
_WAITING = "select count(*) from answers where questionnaire = ?"
_UNDRAWN = "select name from answers where questionnaire = ? and batch is null order by name"
_SET_ASIDE = "update answers set batch = ?, place = ? where name = ?"
_BATCH = "select answer from answers where questionnaire = ? and batch = ? order by place"
_FORGET = "delete from answers where questionnaire = ? and batch = ?"
_BOX = "select shut, discarded from boxes where questionnaire = ?"
_SHUT = """
    insert into boxes (questionnaire, shut) values (?, 1)
    on conflict do update set shut = 1
"""
_DISCARDED = """
    insert into boxes (questionnaire, discarded) values (?, ?)
    on conflict do update set discarded = max(discarded, excluded.discarded)
"""


class SqliteUrn:
    """An urn in one SQLite file, which forgets what is deleted."""

    def __init__(self, path: Path, chance: Chance) -> None:
        self._database = Database(path, _SCHEMA, durability="full", forgetting=True)
        self._chance = chance

    async def invite(self, questionnaire: str, invitations: Sequence[Invitation]) -> None:
        """Remember invitations; those that are known already stay as they are."""
        rows = [(each.token_sha256, questionnaire, each.agency) for each in invitations]
        await self._database.change(_INVITE, *rows)

    async def invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""
        return await self._database.read(
            lambda connection: _invitation(connection, questionnaire, token_sha256)
        )

    async def spend(self, questionnaire: str, token_sha256: str, answer: Mapping[str, Any]) -> None:
        """Use up a token and drop the answer in, both or neither."""
        text = to_json(answer)

        def spend(connection: Connection) -> None:
            _invitation(connection, questionnaire, token_sha256)
            if connection.execute(_SPEND, (token_sha256,)).rowcount == 0:
                raise Refused("token-spent")
            self._put(connection, questionnaire, [text])

        await self._database.write(spend)

    async def drop(
        self, questionnaire: str, key: str, answers: Sequence[Mapping[str, Any]], *, digest: str
    ) -> bool:
        """Put in answers collected elsewhere, once per key; False if the key was there already."""
        texts = [to_json(answer) for answer in answers]

        def drop(connection: Connection) -> bool:
            if _is_dropped(connection, questionnaire, key, digest):
                return False
            connection.execute(_REMEMBER_DROP, (questionnaire, key, digest))
            self._put(connection, questionnaire, texts)
            return True

        return await self._database.write(drop)

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        return await self._database.read(
            lambda connection: _is_dropped(connection, questionnaire, key, digest)
        )

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""
        await self._database.change(_SHUT, (questionnaire,))

    async def waiting(self, questionnaire: str) -> int:
        """How many answers have not been drawn and discarded."""
        count: int = await self._database.read(
            lambda connection: connection.execute(_WAITING, (questionnaire,)).fetchone()[0]
        )
        return count

    async def draw(
        self, questionnaire: str, *, batch: int, least: int, most: int, leave: int = 0
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers, and `leave` some behind."""
        assert 1 <= least <= most, "a batch holds an answer"

        def draw(connection: Connection) -> Sequence[str]:
            if batch <= _box(connection, questionnaire)[1]:
                return ()
            drawn = _batch(connection, questionnaire, batch)
            if drawn:
                return drawn
            names = [name for (name,) in connection.execute(_UNDRAWN, (questionnaire,))]
            size = min(most, len(names) - leave)
            if size < least:
                return ()
            self._set_aside(connection, batch, names, size)
            return _batch(connection, questionnaire, batch)

        texts = await self._database.write(draw)
        if not texts:
            return None
        await self._database.empty_log()
        return Draw(batch, [from_json(text) for text in texts])

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget the answers of a drawn batch: they stand in the log now."""

        def discard(connection: Connection) -> None:
            connection.execute(_FORGET, (questionnaire, batch))
            connection.execute(_DISCARDED, (questionnaire, batch))

        await self._database.write(discard)
        await self._database.empty_log()

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """Invitations and answers by agency."""
        rows = await self._database.read(
            lambda connection: connection.execute(_TURNOUT, (questionnaire,)).fetchall()
        )
        return {agency: Turnout(invited, answered) for agency, invited, answered in rows}

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()

    def _put(self, connection: Connection, questionnaire: str, texts: Sequence[str]) -> None:
        if _box(connection, questionnaire)[0]:
            raise Refused("survey-closed")
        rows = [(self._chance.token(), questionnaire, text) for text in texts]
        connection.executemany(_PUT, rows)

    def _set_aside(
        self, connection: Connection, batch: int, names: Sequence[str], size: int
    ) -> None:
        order = self._chance.shuffled(len(names))[:size]
        rows = [(batch, place, names[number]) for place, number in enumerate(order)]
        connection.executemany(_SET_ASIDE, rows)


def _invitation(connection: Connection, questionnaire: str, token_sha256: str) -> Invitation:
    row = connection.execute(_INVITATION, (token_sha256,)).fetchone()
    if row is None:
        raise Missing("token-unknown")
    name, agency = row
    if name != questionnaire:
        raise Refused("token-of-another-survey")
    return Invitation(token_sha256, agency)


def _is_dropped(connection: Connection, questionnaire: str, key: str, digest: str) -> bool:
    known = connection.execute(_DROPPED, (questionnaire, key)).fetchone()
    if known is not None and known[0] != digest:
        raise Refused("idempotency-key-reused", key=key)
    return known is not None


def _batch(connection: Connection, questionnaire: str, batch: int) -> Sequence[str]:
    return [text for (text,) in connection.execute(_BATCH, (questionnaire, batch))]


def _box(connection: Connection, questionnaire: str) -> tuple[bool, int]:
    """Whether it is shut, and the last batch that was discarded."""
    shut, discarded = connection.execute(_BOX, (questionnaire,)).fetchone() or (0, 0)
    return bool(shut), discarded
