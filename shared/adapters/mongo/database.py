"""A database of MongoDB as documents and files need it, whichever driver stands behind it.

A call that gets no answer raises `Unavailable`: the server is away or asleep, has no primary, does
not let this process in, or answers too late. What was written then may have been taken. A write
that the server refuses raises `NotWritten`; every other error is the driver's own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pymongo import ASCENDING, DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    CursorNotFound,
    PyMongoError,
)

from shared.kernel.errors import Unavailable

KEY_TAKEN = 11000
NOT_ADMITTED = frozenset({13, 18, 8000})  # A password is being changed, here or there.
DISK_FULL = 14031  # It stands until the disk has room again.
PLAN_KILLED = 175  # The collection was dropped, or the primary stepped down, during a reading.
MAY_TRY_AGAIN = ("RetryableWriteError", "TransientTransactionError")

Key = tuple[str, ...]
"""The fields of an index."""

ID: Key = ("_id",)
Fields = Mapping[str, Any]
Result = TypeVar("Result")
Write = DeleteMany | DeleteOne | InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | UpdateOne


@dataclass(frozen=True, slots=True)
class Written:
    """What became of some writes: how many documents they found, and which writes were refused.

    `taken` has the places of those that would have taken a unique key twice.
    """

    found: int
    taken: tuple[int, ...]


class NotWritten(Exception):
    """The server refused some writes; it gives the codes that it had for that."""


class Database:
    """A driver's database, and how to let go of its client."""

    def __init__(
        self,
        handle: Any,  # noqa: ANN401 - the types of motor and of PyMongo have no name in common
        close: Callable[[], Awaitable[None]],
        *,
        call_s_max: float,
    ) -> None:
        self._handle = handle
        self._close = close
        self._call_s_max = call_s_max
        self._closed = False

    def collection(self, name: str, *, away: str) -> "Collection":
        """A collection, whose calls raise `Unavailable(away)` when they get no answer."""
        return Collection(self, self._handle[name], away)

    async def answer(self, call: Callable[[], Awaitable[Result]], away: str) -> Result:
        """What the server answers within the time that a call has."""
        if self._closed:
            raise Unavailable(away)
        try:
            async with asyncio.timeout(self._call_s_max):
                return await call()
        except TimeoutError as error:
            raise Unavailable(away) from error
        except PyMongoError as error:
            if _is_away(error):
                raise Unavailable(away) from error
            raise

    async def drop(self, away: str) -> None:
        """Give up the database, with everything in it."""
        await self.answer(lambda: self._handle.client.drop_database(self._handle), away)

    async def close(self) -> None:
        """Let go of the connections; every later call raises `Unavailable`."""
        self._closed = True
        await self._close()


class Collection:
    """The few verbs that are needed; each is one call."""

    def __init__(self, database: Database, handle: Any, away: str) -> None:  # noqa: ANN401 - as above
        self._database = database
        self._handle = handle
        self._away = away

    async def find_one(self, wanted: Fields) -> Fields | None:
        """A document, or None."""
        found: Fields | None = await self._answer(lambda: self._handle.find_one(wanted))
        return found

    async def find(self, wanted: Fields, *, limit: int, by: Key = ID) -> Sequence[Fields]:
        """Up to `limit` documents, by `_id` or another key: text in the order of its bytes."""
        assert limit > 0, "to the server, 0 is no limit"

        def find() -> Awaitable[Sequence[Fields]]:
            order = [(field, ASCENDING) for field in by]
            cursor = self._handle.find(wanted, sort=order, limit=limit, batch_size=limit)
            documents: Awaitable[Sequence[Fields]] = cursor.to_list(limit)
            return documents

        return await self._answer(find)

    async def write(self, writes: Sequence[Write], *, unique: Sequence[Key] = (ID,)) -> Written:
        """Write all of them, in any order.

        One that would take a `unique` key twice is left out; what else is refused is raised as
        `NotWritten` when the others are written.
        """
        return await self._answer(lambda: self._written(writes, unique))

    async def index(self, key: Key, *, unique: bool = False, sparse: bool = False) -> None:
        """Make an index, unless it is there."""
        keys = [(field, ASCENDING) for field in key]
        await self._answer(lambda: self._handle.create_index(keys, unique=unique, sparse=sparse))

    async def drop(self) -> None:
        """Forget everything; nothing happens if there is nothing."""
        await self._answer(self._handle.drop)

    async def _written(self, writes: Sequence[Write], unique: Sequence[Key]) -> Written:
        try:
            result = await self._handle.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            details, too_late = error.details, error.timeout
        else:
            return Written(result.matched_count, ())
        # That error is left behind: it quotes what was to be written, which belongs into no log.
        if too_late or details["writeConcernErrors"]:  # Of the latter, all may be taken back.
            raise Unavailable(self._away)
        refused = details["writeErrors"]
        if any(each["code"] == DISK_FULL for each in refused):
            raise Unavailable(self._away)
        if not all(_is_taken(each, unique) for each in refused):
            raise NotWritten(sorted({each["code"] for each in refused}))
        return Written(details["nMatched"], tuple(each["index"] for each in refused))

    async def _answer(self, call: Callable[[], Awaitable[Result]]) -> Result:
        return await self._database.answer(call, self._away)


def _is_taken(refused: Fields, unique: Sequence[Key]) -> bool:
    return refused["code"] == KEY_TAKEN and tuple(refused.get("keyPattern", ())) in unique


def _is_away(error: PyMongoError) -> bool:
    """Whether the same call may be answered another time."""
    return (
        # By the second the driver says that the names of a `mongodb+srv` address are not found.
        isinstance(error, ConnectionFailure | ConfigurationError | CursorNotFound)
        or error.timeout
        or any(error.has_error_label(label) for label in MAY_TRY_AGAIN)
        or getattr(error, "code", None) in {DISK_FULL, PLAN_KILLED, *NOT_ADMITTED}
    )
