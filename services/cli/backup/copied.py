"""Files from one store to another, each once, held against its hash on the way."""

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from shared.kernel.errors import Missing, Unavailable
from shared.ports import Files

PAGE_FILES = 500
FILE_BYTES_MAX = 2**40
"""No file is refused for its size here: it was taken once."""


async def names(files: Files) -> AsyncIterator[str]:
    """All files of a store, in their order."""
    after = ""
    while page := await files.names(after=after, limit=PAGE_FILES):
        for name in page:
            yield name
        after = page[-1]


async def bring(source: Files, target: Files, name: str) -> tuple[int, bool]:
    """Bring a file, unless it is there; gives its size, and whether it was brought.

    Raises what `Files.read` raises, and nothing is kept then.
    """
    size = await target.size(name)
    if size is not None:
        return size, False
    return await _put(source, target, name), True


async def mend(source: Files, target: Files, name: str) -> bool:
    """Bring a file, unless it can be read there as it was; whether it was brought.

    Raises what reading the source raises, and the target is then as it was.
    """
    if await is_whole(target, name):
        return False
    await _put(source, target, name)
    return True


async def is_whole(files: Files, name: str) -> bool:
    """Whether a file is there, and can be read as it was."""
    try:
        async for _ in files.read(name):
            pass
    except Missing:
        return False
    except Unavailable as problem:
        if problem.code != "file-spoilt":
            raise
        return False
    return True


async def spoilt(files: Files, listed: Path) -> AsyncGenerator[tuple[str, str], None]:
    """Every file of a list that cannot be read as it was: its name, and a code."""
    for name, size in of_list(listed):
        read = 0
        try:
            async for chunk in files.read(name):
                read += len(chunk)
        except (Missing, Unavailable) as problem:
            yield name, problem.code
        else:
            assert read == size, "what has the hash has the size"


def of_list(path: Path) -> list[tuple[str, int]]:
    """The files of a list, with their sizes."""
    lines = path.read_text("ascii").splitlines()
    return [(name, int(size)) for name, size in map(str.split, lines)]


async def _put(source: Files, target: Files, name: str) -> int:
    return await target.put(source.read(name), sha256=name, bytes_max=FILE_BYTES_MAX)
