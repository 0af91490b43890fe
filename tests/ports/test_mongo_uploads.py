"""What an upload to MongoDB leaves behind, however it ends: its file, or nothing for long."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect

from shared.adapters.mongo import Database, MongoFiles
from shared.adapters.mongo.bucket import UNFINISHED_FOR
from shared.kernel.errors import Refused, Unavailable
from tests.support.evidence import BYTES_MAX, LARGE, chunks, content_of, digest_of, put
from tests.support.mongo import Tables, meddled, written
from tests.support.servers import REAL

pytestmark = REAL


@pytest.fixture
def files(database: Database) -> MongoFiles:
    return MongoFiles(database)


async def left_in(tables: Tables) -> tuple[int, int]:
    """How many files and chunks there are, named or not."""
    return (
        await tables.fs.files.count_documents({}),
        await tables.fs.chunks.count_documents({}),
    )


def begun(ago: timedelta) -> ObjectId:
    """The id of an upload that was begun some time ago."""
    return ObjectId.from_datetime(datetime.now(UTC) - ago)  # noqa: TID251 - of the test's own day


async def plant(tables: Tables, upload: ObjectId, state: str) -> None:
    """An upload in that state, with a chunk."""
    await tables.fs.files.insert_one({"_id": upload, "metadata": {"state": state}})
    await tables.fs.chunks.insert_one({"files_id": upload, "n": 0, "data": b"half a fi"})


async def test_a_refusal_leaves_nothing(files: MongoFiles, tables: Tables) -> None:
    with pytest.raises(Refused, match="file-too-large"):
        await put(files, LARGE, bytes_max=len(LARGE) - 1)
    with pytest.raises(Refused, match="file-too-large"):
        await files.put(chunks(LARGE, LARGE, b"!"), sha256=digest_of(b""), bytes_max=BYTES_MAX)
    with pytest.raises(Refused, match="file-hash-differs"):
        await files.put(chunks(LARGE), sha256=digest_of(b""), bytes_max=BYTES_MAX)

    assert await left_in(tables) == (0, 0)


async def test_an_upload_that_breaks_off_leaves_nothing(files: MongoFiles, tables: Tables) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield LARGE
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.put(broken(), sha256=digest_of(LARGE), bytes_max=BYTES_MAX)

    assert await left_in(tables) == (0, 0)


async def test_a_cancelled_upload_leaves_nothing(files: MongoFiles, tables: Tables) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield LARGE
        begun.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(files.put(endless(), sha256=digest_of(LARGE), bytes_max=BYTES_MAX))
    await begun.wait()
    assert await left_in(tables) != (0, 0)
    upload.cancel()
    await asyncio.gather(upload, return_exceptions=True)

    assert await left_in(tables) == (0, 0)


async def test_an_upload_sweeps_up_what_others_left_long_ago(
    files: MongoFiles, tables: Tables
) -> None:
    old, young = begun(UNFINISHED_FOR + timedelta(hours=1)), begun(UNFINISHED_FOR / 2)
    await plant(tables, old, "coming")
    await plant(tables, begun(3 * UNFINISHED_FOR), "dropped")
    await plant(tables, young, "coming")

    await put(files, b"minutes")
    await put(files, b"decision")

    listed = await tables.fs.files.find({"filename": None}).to_list()
    assert [each["_id"] for each in listed] == [young]
    assert await tables.fs.chunks.distinct("files_id", {"data": b"half a fi"}) == [young]


async def test_a_stored_file_is_not_swept_up_however_old(files: MongoFiles, tables: Tables) -> None:
    await put(files, LARGE)
    kept = await tables.fs.files.find_one_and_delete({})
    old = begun(9 * UNFINISHED_FOR)
    await tables.fs.files.insert_one({**kept, "_id": old})
    await tables.fs.chunks.update_many({}, {"$set": {"files_id": old}})

    await put(files, b"minutes")

    assert await content_of(files, LARGE) == LARGE


async def test_an_old_upload_that_gets_its_name_just_now_is_not_swept_up(tables: Tables) -> None:
    old, content = begun(2 * UNFINISHED_FOR), b"half a fi"
    await plant(tables, old, "coming")
    kept = {"filename": digest_of(content), "length": len(content), "metadata": {"state": "kept"}}

    async def be_faster(files: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        await files.update_one({"_id": old}, {"$set": kept})
        return await written(files, writes)

    files = MongoFiles(meddled(tables, "fs.files", be_faster))
    await put(files, b"minutes")

    assert await content_of(files, content) == content


async def test_an_upload_that_was_swept_up_is_not_kept(files: MongoFiles, tables: Tables) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield LARGE
        await tables.fs.files.delete_many({})
        await tables.fs.chunks.delete_many({})
        yield LARGE

    sha256 = digest_of(LARGE + LARGE)
    with pytest.raises(Unavailable, match="files-unavailable"):
        await files.put(slow(), sha256=sha256, bytes_max=BYTES_MAX)

    assert await files.size(sha256) is None


async def test_an_upload_that_somebody_gave_up_gets_no_name(
    files: MongoFiles, tables: Tables
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield LARGE
        await tables.fs.files.update_many({}, {"$set": {"metadata.state": "dropped"}})

    with pytest.raises(Unavailable, match="files-unavailable"):
        await files.put(slow(), sha256=digest_of(LARGE), bytes_max=BYTES_MAX)

    assert await files.size(digest_of(LARGE)) is None
    assert await left_in(tables) == (0, 0)


async def test_a_file_whose_name_was_given_and_the_answer_lost_stays(tables: Tables) -> None:
    lost = False

    async def lose_the_name(files: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        nonlocal lost
        answer = await written(files, writes)
        if not lost and await files.count_documents({"filename": digest_of(LARGE)}):
            lost = True
            raise AutoReconnect("the answer came too late")
        return answer

    files = MongoFiles(meddled(tables, "fs.files", lose_the_name))

    with pytest.raises(Unavailable, match="files-unavailable"):
        await put(files, LARGE)

    assert await content_of(files, LARGE) == LARGE


@pytest.mark.usefixtures("database")
async def test_a_part_that_is_written_twice_is_there_once(tables: Tables) -> None:
    """A driver tries again where it heard nothing; not every server remembers that it answered."""

    async def write_twice(chunks: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        await written(chunks, writes)
        return await written(chunks, writes)

    files = MongoFiles(meddled(tables, "fs.chunks", write_twice))

    await put(files, LARGE)

    assert await content_of(files, LARGE) == LARGE
    assert await tables.fs.chunks.count_documents({"n": 0}) == 1


async def test_an_upload_of_which_a_part_may_still_come_stays_on_the_list(tables: Tables) -> None:
    writings = 0

    async def lose_the_second(chunks: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        nonlocal writings
        writings += 1
        if writings == 2:
            raise AutoReconnect("nobody knows whether it was taken")
        return await written(chunks, writes)

    with pytest.raises(Unavailable, match="files-unavailable"):
        await put(MongoFiles(meddled(tables, "fs.chunks", lose_the_second)), LARGE)

    listed = await tables.fs.files.find().to_list()
    assert [each["metadata"] for each in listed] == [{"state": "coming"}]
