"""Read models on MongoDB: a collection of documents for each view, each guarded by its position.

A body is kept as canonical JSON, as in SQLite, and comes back exactly as it was put. In the
server's own format a whole number has 64 bits, a name holds no NUL, and one with `.` or `$` in it
is an address in some places; and nobody asks the server what is inside of a body.

Identities are compared by their bytes, as is every text in a collection without a collation.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pymongo import ReplaceOne

from shared.adapters.canonical import from_json, to_json
from shared.adapters.mongo.database import Collection, Database, Fields
from shared.adapters.prefix import end_of
from shared.ports import Document

AWAY = "documents-unavailable"
IDS_MAX = 500
"""How many documents one call asks for by their ids."""

WRITES_MAX = 100
WRITES_BYTES_MAX = 4 * 1024 * 1024
"""How much one call writes, so that a slow server is in time too; a body alone may have more."""

BODY_BYTES_MAX = 8 * 1024 * 1024
"""Half of what the server takes as one document, so that one call carries it in time."""


class MongoDocuments:
    """Documents in one database of MongoDB, in collections that belong to one log.

    Those of another log have other names: its positions say nothing here.
    """

    def __init__(self, database: Database, *, log: str = "") -> None:
        self._database = database
        self._prefix = f"{log}." if log else ""

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""
        found = await self._at(collection).find_one({"_id": identity})
        return None if found is None else _document(found)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""
        found: dict[str, Document] = {}
        wanted = iter(dict.fromkeys(identities))
        while ids := list(islice(wanted, IDS_MAX)):
            kept = await self._at(collection).find({"_id": {"$in": ids}}, limit=IDS_MAX)
            found |= {each["_id"]: _document(each) for each in kept}
        return found

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position."""
        kept = self._at(collection)
        for batch in _batches(_newest(documents)):
            writes = [_replace(row) for row in batch]
            refused = (await kept.write(writes)).taken
            if refused:
                # Each of them met a document, put long ago or in this very moment. Once more: what
                # is older is replaced now, and only what is not stays.
                await kept.write([writes[place] for place in refused])

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""
        end = end_of(prefix)
        place = {"$gte": prefix, "$gt": after, **({} if end is None else {"$lt": end})}
        living = {"_id": place, "body": {"$ne": None}}
        return [_document(each) for each in await self._at(collection).find(living, limit=limit)]

    async def drop(self, collection: str) -> None:
        """Forget a collection; nothing happens if it is not there."""
        await self._at(collection).drop()

    def _at(self, collection: str) -> Collection:
        return self._database.collection(self._prefix + collection, away=AWAY)


Row = dict[str, Any]


def _document(found: Fields) -> Document:
    body = found["body"]
    return Document(found["_id"], int(found["position"]), None if body is None else from_json(body))


def _newest(documents: Sequence[Document]) -> Sequence[Row]:
    """What is kept of each; of several with one id, the first with the highest position."""
    newest: dict[str, Row] = {}
    for each in documents:
        body = None if each.body is None else to_json(each.body)
        row = {"_id": each.id, "position": each.position, "body": body}
        assert _body_bytes(row) <= BODY_BYTES_MAX, f"the document {each.id} is too large"
        if each.id not in newest or newest[each.id]["position"] < each.position:
            newest[each.id] = row
    return list(newest.values())


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """What one call writes: never nothing, and not much."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        full = len(batch) == WRITES_MAX or size + _body_bytes(row) > WRITES_BYTES_MAX
        if batch and full:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += _body_bytes(row)
    if batch:
        yield batch


def _body_bytes(row: Row) -> int:
    return len((row["body"] or "").encode())


def _replace(row: Row) -> ReplaceOne[Row]:
    """Replace an older document, or insert it; refused where there is one that is not older.

    And where another is inserted at the same time, whichever is newer.
    """
    older = {"_id": row["_id"], "position": {"$lt": row["position"]}}
    return ReplaceOne(older, row, upsert=True)
