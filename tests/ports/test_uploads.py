"""What a store of uploads promises, held against memory, a folder and MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.memory import MemoryUploads
from shared.adapters.mongo import MongoUploads
from shared.adapters.uploads import FolderUploads
from shared.kernel.errors import Missing, Refused
from shared.ports import Brought, Content, Uploads, Wanted
from tests.support.byte_stores import in_each_place
from tests.support.evidence import BYTES_MAX, LARGE, chunks, digest_of
from tests.support.opened import Opening, opened

MINE, OTHERS = digest_of(b"mine"), digest_of(b"others'")
AT = datetime(2021, 12, 1, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def in_folder(folder: Path) -> FolderUploads:
    return FolderUploads(folder / "uploads")


@pytest.fixture(params=in_each_place(MemoryUploads, in_folder, MongoUploads))
async def uploads(request: pytest.FixtureRequest) -> AsyncIterator[Uploads]:
    make: Opening[Uploads] = request.param
    async with make(request) as uploads:
        yield uploads


async def bring(uploads: Uploads, content: bytes, holder: str = MINE, at: datetime = AT) -> int:
    wanted = Wanted(digest_of(content), BYTES_MAX)
    return await uploads.put(holder, chunks(content[:9], content[9:]), wanted=wanted, at=at)


async def content_of(uploads: Uploads, content: bytes, holder: str = MINE) -> bytes:
    return b"".join([chunk async for chunk in uploads.read(holder, digest_of(content))])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", LARGE], ids=["empty", "small", "large"])
async def test_what_was_brought_is_held_and_read_as_it_came(
    uploads: Uploads, content: bytes
) -> None:
    assert await bring(uploads, content) == len(content)

    assert await uploads.held(MINE) == {digest_of(content): Brought(len(content), AT)}
    assert await content_of(uploads, content) == content


async def test_nobody_has_what_another_brought(uploads: Uploads) -> None:
    await bring(uploads, b"minutes")

    assert await uploads.held(OTHERS) == {}
    with pytest.raises(Missing, match="file-unknown"):
        await content_of(uploads, b"minutes", OTHERS)


async def test_the_same_is_held_once_and_was_brought_at_the_later_time(uploads: Uploads) -> None:
    await bring(uploads, b"minutes", at=LATER)
    await bring(uploads, b"minutes", at=AT)

    assert await uploads.held(MINE) == {digest_of(b"minutes"): Brought(7, LATER)}


async def test_what_is_refused_is_not_held(uploads: Uploads) -> None:
    async def check(_: Content) -> None:
        raise Refused("file-damaged")

    wrong = Wanted(digest_of(b"decision"), BYTES_MAX)
    small = Wanted(digest_of(b"minutes"), 6)
    fine = Wanted(digest_of(b"minutes"), BYTES_MAX)
    for wanted, code in ((wrong, "file-hash-differs"), (small, "file-too-large")):
        with pytest.raises(Refused, match=code):
            await uploads.put(MINE, chunks(b"minutes"), wanted=wanted, at=AT)
    with pytest.raises(Refused, match="file-damaged"):
        await uploads.put(MINE, chunks(b"minutes"), wanted=fine, at=AT, check=check)

    assert await uploads.held(MINE) == {}


async def test_what_is_forgotten_is_gone_and_others_keep_theirs(uploads: Uploads) -> None:
    await bring(uploads, LARGE)
    await bring(uploads, LARGE, OTHERS)

    await uploads.forget(MINE, digest_of(LARGE))
    await uploads.forget(MINE, digest_of(LARGE))

    assert await uploads.held(MINE) == {}
    assert await content_of(uploads, LARGE, OTHERS) == LARGE


async def test_what_is_old_is_swept_and_what_is_not_stays(uploads: Uploads) -> None:
    await bring(uploads, b"old")
    await bring(uploads, b"again")
    await bring(uploads, b"again", at=LATER)
    await bring(uploads, b"new", OTHERS, at=LATER)

    swept = [await uploads.sweep(AT), await uploads.sweep(LATER), await uploads.sweep(LATER)]

    assert swept == [0, 1, 0]
    assert set(await uploads.held(MINE)) == {digest_of(b"again")}
    assert await content_of(uploads, b"new", OTHERS) == b"new"


async def test_what_was_swept_can_be_brought_again(uploads: Uploads) -> None:
    await bring(uploads, LARGE)
    await uploads.sweep(LATER)

    await bring(uploads, LARGE, at=LATER)

    assert await content_of(uploads, LARGE) == LARGE


async def test_what_was_acknowledged_is_held_whatever_is_swept_meanwhile(uploads: Uploads) -> None:
    contents = [b"%d" % number for number in range(12)]
    for content in contents:
        await bring(uploads, content)

    async def sweep() -> None:
        for _ in range(4):
            await uploads.sweep(LATER)

    await asyncio.gather(*(bring(uploads, each, at=LATER) for each in contents), sweep(), sweep())

    assert set(await uploads.held(MINE)) == {digest_of(each) for each in contents}
    for content in contents:
        assert await content_of(uploads, content) == content


async def test_what_was_brought_survives_a_restart(tmp_path: Path) -> None:
    async with opened(in_folder(tmp_path)) as uploads:
        await bring(uploads, LARGE)

    async with opened(in_folder(tmp_path)) as uploads:
        assert await content_of(uploads, LARGE) == LARGE
        assert await uploads.held(MINE) == {digest_of(LARGE): Brought(len(LARGE), AT)}


async def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    async with opened(in_folder(tmp_path)) as uploads:
        for name in ("../../secret", "..", "", "/etc/passwd"):
            with pytest.raises(Missing):
                [chunk async for chunk in uploads.read(MINE, name)]
        with pytest.raises(AssertionError):
            await uploads.held("..")
