"""Files of strangers: kept by their content, and looked into before anybody relies on them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Content = AsyncIterator[bytes]
"""What is in a file, chunk by chunk."""

Check = Callable[[Content], Awaitable[object]]
"""Looks at a whole file; raises where it is not to be kept."""


async def take_any(_: Content) -> None:
    """The check of who takes any file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file has to be that streams in: of this SHA-256, and not larger than that."""

    sha256: str
    bytes_max: int


class Files(Protocol):
    """Files by their content. What is stored stays; the same content is stored once.

    One that is spoilt is whole again once its content is put again.

    Every call raises `Unavailable` while they are away; a file that was put then is kept or not.
    """

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes.

        Raises `Refused("file-too-large")` or `Refused("file-hash-differs")`, and keeps nothing.
        Once all of it is there, and has the right hash, `check` sees it; what that raises is
        raised, and nothing is kept.
        """

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""

    async def names(self, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` of the stored files behind `after`, by their SHA-256, in order."""

    def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`.

        Raises `Unavailable("file-spoilt")` where it cannot be read, or not as it was stored;
        that may be known at its end alone.
        """


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was brought: how large it is, and when it was last brought."""

    size_bytes: int
    at: datetime


class Uploads(Protocol):
    """Files that were brought and that nothing rests on yet, to each holder their own.

    A holder is a name of 64 hexadecimal digits. Nobody has what another holder brought. Every call
    raises `Unavailable` while they are away; a file that was put then is held or not.
    """

    async def put(
        self, holder: str, chunks: Content, *, wanted: Wanted, at: datetime, check: Check = take_any
    ) -> int:
        """Hold a file that streams in; returns its size in bytes. Raises what `Files.put` raises.

        The same content again is held once, and was last brought at the later time.
        """

    async def held(self, holder: str) -> Mapping[str, Brought]:
        """What a holder has, by its SHA-256."""

    def read(self, holder: str, sha256: str) -> Content:
        """The content in chunks, as `Files.read`; one forgotten meanwhile may end as spoilt."""

    async def forget(self, holder: str, sha256: str) -> None:
        """Hold a file no longer; nothing happens where it is not held."""

    async def sweep(self, before: datetime) -> int:
        """Forget some of what was last brought before a time; returns how many, 0 if there is none.

        What is brought again in the same moment is kept.
        """


class Inspector(Protocol):
    """Tells what a file is by what is in it; what it is called or said to be counts for nothing."""

    async def media_type(self, content: Content) -> str:
        """The media type of a whole file, also of one that nobody takes.

        Raises `Refused` where the file is not, to its end, what it begins as: `file-damaged`,
        `file-mixed`, `file-encrypted`, `file-has-macros`, `file-has-objects`, `file-fetches`,
        `file-names-unsafe` or, by what there is too much of, `file-beyond-bytes`, `-list`,
        `-parts`, `-ratio` or `-pixels`; and what reading the content raises.
        """


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner, by its name and version, says of a file; no finding where it is clean."""

    scanner: str
    finding: str | None


class Scanner(Protocol):
    """Looks for what harms those who open a file. What it cannot tell it never calls clean."""

    async def scan(self, content: Content) -> Scan:
        """What it says of a whole file.

        Raises `Unavailable("scanner-unavailable")` while it is away, `Refused("scanner-refused")`
        where it does not say of this file that it is clean or not, and what reading the content
        raises.
        """
