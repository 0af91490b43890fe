"""What a document server's silence means, what its no means, and that nobody waits for ever."""

import asyncio
import traceback
from collections.abc import Sequence
from typing import Any

import pytest
from pymongo import errors
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from shared.adapters.mongo import Database
from shared.adapters.mongo.database import NotWritten
from shared.kernel.errors import Unavailable

TAKEN = {"index": 1, "code": 11000, "keyPattern": {"_id": 1}}
FORBIDDEN = {"index": 0, "code": 13}
TOO_LATE = {"index": 0, "code": 50}
UNSAFE = {"code": 64, "errInfo": {"wtimeout": True}}
GOING_DOWN = {"code": 91}

AWAY = (
    errors.AutoReconnect("the line is dead"),
    errors.NetworkTimeout("it says nothing"),
    errors.ServerSelectionTimeoutError("it is not there"),
    errors.WaitQueueTimeoutError("too many ask"),
    errors.NotPrimaryError("not primary"),
    errors.ExecutionTimeout("too late", 50),
    errors.WTimeoutError("not by the majority", 64),
    errors.CursorNotFound("another server by now", 43),
    OperationFailure("query plan killed: collection dropped", 175),
    OperationFailure("not authorized", 13),
    OperationFailure("authentication failed", 18),
    OperationFailure("bad auth", 8000),
    OperationFailure("available disk space is less than required minimum", 14031),
    OperationFailure("later", 112, {"errorLabels": ["TransientTransactionError"]}),
)
SAID_NO = (
    OperationFailure("no such command", 59),
    errors.DuplicateKeyError("twice", 11000),
    errors.InvalidOperation("not like this"),
)


class Refusing:
    """A collection of a driver in which every call ends the same way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getitem__(self, _: str) -> "Refusing":
        return self

    async def find_one(self, _: object) -> None:
        raise self._error

    async def bulk_write(self, *_: object, **__: object) -> None:
        raise self._error


class Silent:
    """A driver that waits for ever, and tells when it may stop."""

    def __init__(self) -> None:
        self.given_up = False

    def __getitem__(self, _: str) -> "Silent":
        return self

    async def find_one(self, _: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up = True


def database(handle: object) -> Database:
    async def close() -> None:
        pass

    return Database(handle, close, call_s_max=0.01)


def refused(*writes: dict[str, Any], unsafe: Sequence[dict[str, Any]] = ()) -> BulkWriteError:
    return BulkWriteError(
        {"writeErrors": list(writes), "writeConcernErrors": list(unsafe), "nMatched": 3}
    )


@pytest.mark.parametrize("error", AWAY, ids=repr)
async def test_a_server_that_may_answer_another_time_is_away(error: PyMongoError) -> None:
    collection = database(Refusing(error)).collection("sheets", away="documents-unavailable")

    with pytest.raises(Unavailable, match="documents-unavailable"):
        await collection.find_one({})


@pytest.mark.parametrize("error", SAID_NO, ids=repr)
async def test_a_no_stays_a_no(error: PyMongoError) -> None:
    collection = database(Refusing(error)).collection("sheets", away="documents-unavailable")

    with pytest.raises(type(error)):
        await collection.find_one({})


async def test_nobody_waits_for_ever() -> None:
    silent = Silent()

    with pytest.raises(Unavailable, match="files-unavailable"):
        await database(silent).collection("sheets", away="files-unavailable").find_one({})

    assert silent.given_up


async def test_a_key_that_is_taken_is_an_answer() -> None:
    collection = database(Refusing(refused(TAKEN))).collection("sheets", away="away")

    written = await collection.write([])

    assert (written.found, written.taken) == (3, (1,))


async def test_what_was_to_be_written_stands_in_no_error() -> None:
    error = refused({**FORBIDDEN, "op": {"data": "evidence"}})
    collection = database(Refusing(error)).collection("sheets", away="away")

    with pytest.raises(NotWritten, match="13") as raised:
        await collection.write([])

    assert "evidence" in str(error)
    assert "evidence" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("error", [refused(TAKEN, FORBIDDEN), refused(FORBIDDEN)])
async def test_another_no_among_the_writes_is_raised(error: BulkWriteError) -> None:
    collection = database(Refusing(error)).collection("sheets", away="away")

    with pytest.raises(NotWritten):
        await collection.write([])


async def test_a_key_of_another_field_is_another_no() -> None:
    collection = database(Refusing(refused(TAKEN))).collection("sheets", away="away")

    with pytest.raises(NotWritten):
        await collection.write([], unique=[("filename",)])


@pytest.mark.parametrize(
    "error",
    [
        refused(unsafe=[UNSAFE]),
        refused(unsafe=[GOING_DOWN]),
        refused(TAKEN, unsafe=[GOING_DOWN]),
        refused(TOO_LATE),
    ],
)
async def test_what_was_written_and_may_be_taken_back_was_not_answered(
    error: BulkWriteError,
) -> None:
    collection = database(Refusing(error)).collection("sheets", away="away")

    with pytest.raises(Unavailable):
        await collection.write([])
