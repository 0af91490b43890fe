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
    return await target.put(source.read(name), sha256=name, bytes_max=FILE_BYTES_MAX), True


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
