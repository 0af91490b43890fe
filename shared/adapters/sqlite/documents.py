"""Read models of the embedded mode: one table of JSON, each row guarded by its position.

All of it can be rebuilt from the log and each row knows how far it is, so that it need not survive
a loss of power: what is then missing is made again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.adapters.canonical import from_json, to_json
from shared.adapters.prefix import end_of
from shared.adapters.sqlite.database import Connection, Database
from shared.ports import Document

BEHIND_EVERY_TEXT = b""  # https://www.sqlite.org/datatype3.html, 4.1: a blob sorts behind text.

# Text is compared by its UTF-8 bytes, SQLite's default.
_SCHEMA = (
    """create table if not exists documents (
        collection text not null,
        id text not null,
        position integer not null,
        body text,
        primary key (collection, id)
    ) without rowid""",
)
_GET = "select id, position, body from documents where collection = ? and id = ?"
_PUT = """
    insert into documents (collection, id, position, body) values (?, ?, ?, ?)
    on conflict (collection, id) do update set position = excluded.position, body = excluded.body
    where position < excluded.position
"""
_PAGE = """
    select id, position, body from documents
    where collection = :collection and id >= :prefix and id > :after and id < :end
        and body is not null
    order by id limit :limit
"""
_DROP = "delete from documents where collection = ?"


class SqliteDocuments:
    """Documents in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, durability="normal")

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""
        return (await self.many(collection, [identity])).get(identity)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""

        def select(connection: Connection) -> list[_Row | None]:
            return [
                connection.execute(_GET, (collection, identity)).fetchone()
                for identity in identities
            ]

        rows = await self._database.read(select)
        return {row[0]: _document(row) for row in rows if row is not None}

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position."""
        rows = [
            (collection, each.id, each.position, None if each.body is None else to_json(each.body))
            for each in documents
        ]
        await self._database.change(_PUT, *rows)

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""
        end = end_of(prefix)
        values = {
            "collection": collection,
            "prefix": prefix,
            "after": after,
            "end": BEHIND_EVERY_TEXT if end is None else end,
            "limit": limit,
        }
        rows = await self._database.read(
            lambda connection: connection.execute(_PAGE, values).fetchall()
        )
        return [_document(row) for row in rows]

    async def drop(self, collection: str) -> None:
        """Forget a collection; nothing happens if it is not there."""
        await self._database.change(_DROP, (collection,))

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()


_Row = tuple[str, int, str | None]


def _document(row: _Row) -> Document:
    identity, position, text = row
    return Document(identity, position, None if text is None else from_json(text))
