"""What a store of files promises, held against memory, a folder and MongoDB."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from shared.adapters.files import FolderFiles
from shared.adapters.memory import MemoryFiles
from shared.adapters.mongo import MongoFiles
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Content, Files
from tests.support.byte_stores import in_each_place
from tests.support.evidence import BYTES_MAX, LARGE, chunks, content_of, digest_of, put
from tests.support.mongo import tables_of
from tests.support.opened import Opening, opened


def in_folder(folder: Path) -> FolderFiles:
    return FolderFiles(folder / "files")


@pytest.fixture(params=in_each_place(MemoryFiles, in_folder, MongoFiles))
async def files(request: pytest.FixtureRequest) -> AsyncIterator[Files]:
    make: Opening[Files] = request.param
    async with make(request) as files:
        yield files


def left_in(folder: Path) -> Sequence[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def spoil(
    files: Files, content: bytes, instead: bytes, request: pytest.FixtureRequest
) -> None:
    """Let something else stand where the one file is kept; or nothing of it, but its name."""
    match files:
        case MemoryFiles():
            files._files[digest_of(content)] = instead  # noqa: SLF001 - as a disk may do it
        case FolderFiles():
            (kept,) = left_in(request.getfixturevalue("tmp_path"))
            kept.write_bytes(instead)
        case _:
            async with tables_of(request.getfixturevalue("fresh_mongo")) as tables:
                await tables.fs.chunks.update_one({}, {"$set": {"data": instead}})
                await tables.fs.chunks.delete_many({"data": b""})


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", LARGE], ids=["empty", "small", "large"])
async def test_a_file_is_read_as_it_was_put(files: Files, content: bytes) -> None:
    size = await put(files, content[:10], content[10:])

    assert size == len(content)
    assert await files.size(digest_of(content)) == len(content)
    assert await content_of(files, content) == content


async def test_files_are_listed_by_their_names_page_by_page(files: Files) -> None:
    contents = [bytes([number]) for number in range(5)]
    for content in contents:
        await put(files, content)

    first = await files.names(limit=2)
    rest = await files.names(after=first[-1], limit=10)

    assert [*first, *rest] == sorted(map(digest_of, contents))
    assert await files.names(after=rest[-1], limit=10) == []


async def test_what_was_refused_is_not_listed(files: Files) -> None:
    with pytest.raises(Refused):
        await files.put(chunks(b"x"), sha256=digest_of(b"y"), bytes_max=BYTES_MAX)

    assert await files.names(limit=10) == []


async def test_a_large_file_comes_in_chunks(files: Files) -> None:
    await put(files, LARGE)

    sizes = [len(chunk) async for chunk in files.read(digest_of(LARGE))]

    assert len(sizes) > 1
    assert sum(sizes) == len(LARGE)


async def test_the_same_content_may_be_put_again(files: Files) -> None:
    await put(files, b"minutes")

    assert await put(files, b"min", b"utes") == len(b"minutes")
    assert await content_of(files, b"minutes") == b"minutes"


@pytest.mark.parametrize("instead", [b"", b"forged!"], ids=["lost", "changed"])
async def test_a_spoilt_file_is_whole_again_once_it_is_put_again(
    files: Files, instead: bytes, request: pytest.FixtureRequest
) -> None:
    await put(files, b"minutes")
    await spoil(files, b"minutes", instead, request)

    assert await put(files, b"minutes") == len(b"minutes")
    assert await content_of(files, b"minutes") == b"minutes"
    assert await files.names(limit=10) == [digest_of(b"minutes")]


async def test_a_file_of_exactly_the_limit_is_taken(files: Files) -> None:
    assert await put(files, b"12345", b"67890", bytes_max=10) == 10


async def test_a_file_over_the_limit_is_refused_before_it_is_read_to_its_end(
    files: Files,
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 4
            yield b"more"

    with pytest.raises(Refused) as refusal:
        await files.put(endless(), sha256=digest_of(b""), bytes_max=10)

    assert refusal.value.code == "file-too-large"
    assert taken == 12


async def test_a_file_with_another_hash_is_refused_and_not_kept(files: Files) -> None:
    with pytest.raises(Refused) as refusal:
        await files.put(chunks(b"minutes"), sha256=digest_of(b"decision"), bytes_max=BYTES_MAX)

    assert refusal.value.code == "file-hash-differs"
    assert await files.size(digest_of(b"minutes")) is None
    assert await files.size(digest_of(b"decision")) is None


async def test_a_check_sees_the_whole_file_before_it_is_there(files: Files) -> None:
    seen: list[tuple[bytes, int | None]] = []

    async def check(content: Content) -> None:
        whole = b"".join([chunk async for chunk in content])
        seen.append((whole, await files.size(digest_of(LARGE))))

    await files.put(
        chunks(LARGE[:9], LARGE[9:]), sha256=digest_of(LARGE), bytes_max=BYTES_MAX, check=check
    )

    assert seen == [(LARGE, None)]
    assert await files.size(digest_of(LARGE)) == len(LARGE)


async def test_a_file_that_a_check_refuses_is_not_kept(files: Files) -> None:
    async def check(content: Content) -> None:
        async for _ in content:
            raise Refused("file-damaged")

    with pytest.raises(Refused, match="file-damaged"):
        await files.put(chunks(LARGE), sha256=digest_of(LARGE), bytes_max=BYTES_MAX, check=check)

    assert await files.size(digest_of(LARGE)) is None
    assert await put(files, LARGE) == len(LARGE)


async def test_a_file_with_another_hash_is_not_checked(files: Files) -> None:
    async def check(_: Content) -> None:
        pytest.fail("what nobody meant to bring is looked into by nobody")

    with pytest.raises(Refused, match="file-hash-differs"):
        await files.put(chunks(b"a"), sha256=digest_of(b"b"), bytes_max=BYTES_MAX, check=check)


async def test_a_refused_file_leaves_the_stored_one_alone(files: Files) -> None:
    await put(files, b"minutes")

    with pytest.raises(Refused, match="file-hash-differs"):
        await files.put(chunks(b"forged"), sha256=digest_of(b"minutes"), bytes_max=BYTES_MAX)

    assert await content_of(files, b"minutes") == b"minutes"


@pytest.mark.parametrize(
    "name", ["0" * 64, "", "../incoming", "0" * 62 + "/.", digest_of(b"minutes").upper()]
)
async def test_a_file_that_is_not_there_is_missing(files: Files, name: str) -> None:
    await put(files, b"minutes")

    with pytest.raises(Missing, match="file-unknown"):
        [chunk async for chunk in files.read(name)]

    assert await files.size(name) is None


async def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "keys.db"
    outside.write_bytes(b"keys")

    async with opened(in_folder(tmp_path)) as files:
        for name in (f"..{outside}", "../keys.db", str(outside)):
            assert await files.size(name) is None


async def test_many_may_put_the_same_file_at_once(files: Files) -> None:
    sizes = await asyncio.gather(*(put(files, LARGE, b"!") for _ in range(10)))

    assert sizes == [len(LARGE) + 1] * 10
    assert await content_of(files, LARGE + b"!") == LARGE + b"!"


async def test_the_folder_has_one_file_for_one_content(tmp_path: Path) -> None:
    async with opened(in_folder(tmp_path)) as files:
        await asyncio.gather(*(put(files, LARGE) for _ in range(5)))

        assert [path.read_bytes() for path in left_in(tmp_path)] == [LARGE]


async def test_a_refusal_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    async with opened(in_folder(tmp_path)) as files:
        with pytest.raises(Refused, match="file-too-large"):
            await put(files, LARGE, LARGE, b"!", bytes_max=2 * len(LARGE))
        with pytest.raises(Refused, match="file-hash-differs"):
            await files.put(chunks(LARGE), sha256=digest_of(b""), bytes_max=BYTES_MAX)

        assert left_in(tmp_path) == []


async def test_an_upload_that_breaks_off_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield LARGE
        raise ConnectionError

    async with opened(in_folder(tmp_path)) as files:
        with pytest.raises(ConnectionError):
            await files.put(broken(), sha256=digest_of(LARGE), bytes_max=BYTES_MAX)

        assert left_in(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield LARGE
        begun.set()
        await asyncio.Event().wait()

    async with opened(in_folder(tmp_path)) as files:
        upload = asyncio.create_task(
            files.put(endless(), sha256=digest_of(LARGE), bytes_max=BYTES_MAX)
        )
        await begun.wait()
        upload.cancel()
        await asyncio.gather(upload, return_exceptions=True)

        assert left_in(tmp_path) == []


async def test_what_a_dead_process_left_unfinished_is_removed(tmp_path: Path) -> None:
    incoming = tmp_path / "files" / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "half").write_bytes(b"half a fi")

    async with opened(in_folder(tmp_path)):
        assert left_in(tmp_path) == []


async def test_files_survive_a_restart(tmp_path: Path) -> None:
    async with opened(in_folder(tmp_path)) as files:
        await put(files, LARGE)

    async with opened(in_folder(tmp_path)) as files:
        assert await content_of(files, LARGE) == LARGE


async def test_a_file_that_was_changed_on_the_disk_is_not_passed_off_as_whole(
    tmp_path: Path,
) -> None:
    async with opened(in_folder(tmp_path)) as files:
        await put(files, b"minutes")
        (kept,) = left_in(tmp_path)
        kept.write_bytes(b"forged!")

        with pytest.raises(Unavailable, match="file-spoilt"):
            await content_of(files, b"minutes")
