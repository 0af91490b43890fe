"""What only files on MongoDB have to be asked: what GridFS's tools see, and what is in memory."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from hashlib import sha256 as sha256_of

import pytest
from gridfs import AsyncGridFSBucket

from shared.adapters.mongo import Database, MongoFiles, migrate
from shared.adapters.mongo.bucket import CHUNK_BYTES
from shared.kernel.errors import Unavailable
from tests.support.evidence import LARGE, content_of, digest_of, put
from tests.support.mongo import Tables
from tests.support.servers import REAL

pytestmark = REAL

MIB = 1024 * 1024


@pytest.fixture
def files(database: Database) -> MongoFiles:
    return MongoFiles(database)


async def test_tools_for_gridfs_read_a_file_by_its_name(files: MongoFiles, tables: Tables) -> None:
    content = LARGE + b"!"
    await put(files, content)

    stream = await AsyncGridFSBucket(tables).open_download_stream_by_name(digest_of(content))

    assert await stream.read() == content
    assert (stream.length, stream.chunk_size) == (len(content), CHUNK_BYTES)
    assert stream.upload_date.tzinfo is not None


async def test_what_tools_put_under_another_name_is_no_file_of_ours(
    files: MongoFiles, tables: Tables
) -> None:
    await AsyncGridFSBucket(tables).upload_from_stream("minutes.pdf", b"minutes")

    assert await files.size("minutes.pdf") is None


async def test_one_content_is_there_once(files: MongoFiles, tables: Tables) -> None:
    await asyncio.gather(*(put(files, LARGE) for _ in range(5)))
    await put(files, LARGE)

    assert await tables.fs.files.count_documents({}) == 1
    assert await tables.fs.chunks.count_documents({}) == -(-len(LARGE) // CHUNK_BYTES)
    assert await content_of(files, LARGE) == LARGE


async def test_a_file_that_was_changed_is_not_passed_off_as_whole(
    files: MongoFiles, tables: Tables
) -> None:
    await put(files, LARGE)
    await tables.fs.chunks.update_one({"n": 3}, {"$set": {"data": bytes(CHUNK_BYTES)}})

    with pytest.raises(Unavailable, match="file-spoilt"):
        await content_of(files, LARGE)


async def test_a_file_with_a_hole_is_not_passed_off_as_whole(
    files: MongoFiles, tables: Tables
) -> None:
    await put(files, LARGE)
    await tables.fs.chunks.delete_one({"n": 3})

    with pytest.raises(Unavailable, match="file-spoilt"):
        await content_of(files, LARGE)


async def test_of_many_who_put_a_spoilt_file_again_one_takes_its_place(
    files: MongoFiles, tables: Tables
) -> None:
    await put(files, LARGE)
    await tables.fs.chunks.delete_one({"n": 3})

    await asyncio.gather(*(put(files, LARGE) for _ in range(5)))

    assert await tables.fs.files.count_documents({}) == 1
    assert await tables.fs.chunks.count_documents({}) == -(-len(LARGE) // CHUNK_BYTES)
    assert await content_of(files, LARGE) == LARGE


async def test_no_more_than_a_part_of_a_file_is_in_memory(files: MongoFiles) -> None:
    part, count = bytes(CHUNK_BYTES // 3), 300
    digest = sha256_of()
    for _ in range(count):
        digest.update(part)

    async def large() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield part

    tracemalloc.start()
    try:
        size = await files.put(large(), sha256=digest.hexdigest(), bytes_max=100 * MIB)
        async for _ in files.read(digest.hexdigest()):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 20 * MIB
    assert peak < 10 * MIB


async def test_migrating_again_is_no_news(database: Database, tables: Tables) -> None:
    before = await tables.fs.files.index_information()

    await asyncio.gather(*(migrate(database) for _ in range(3)))

    assert await tables.fs.files.index_information() == before
    assert len(before) == 3


async def test_a_closed_database_is_away(database: Database, files: MongoFiles) -> None:
    await put(files, b"minutes")
    await database.close()

    with pytest.raises(Unavailable, match="files-unavailable"):
        await files.size(digest_of(b"minutes"))
    with pytest.raises(Unavailable, match="files-unavailable"):
        await put(files, b"decision")
