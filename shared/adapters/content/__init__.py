"""What a file is by its content, whatever it is called; puremagic comes in by this door.

Of the kinds that may be taken, the structure is read to the end: that something begins as a picture
says nothing of what follows. Of all others puremagic tells the name, so that a refusal can say it.
"""

import asyncio

import puremagic

from shared.adapters.content import document, office, picture
from shared.adapters.threads import Threads
from shared.kernel.errors import Refused
from shared.ports import Content

UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins; MS-CFB 2.2. An office file with a password is one, and so is DOC."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream of a compound file that holds an encrypted office file; MS-OFFCRYPTO 2.3.4.4."""

PDF_WITHIN = 1024
"""Programs take for a PDF what has its mark so near to its beginning."""


class ContentInspector:
    """Looks into files in threads, so many files at once: each is in memory as a whole."""

    def __init__(self, name: str, at_once: int) -> None:
        self._threads = Threads(name, at_once)
        self._free = asyncio.Semaphore(at_once)

    async def media_type(self, content: Content) -> str:
        """As the port says."""
        async with self._free:
            whole = b"".join([chunk async for chunk in content])
            return await self._threads.run(lambda: media_type_of(whole))


def media_type_of(content: bytes) -> str:
    """The media type of a whole file; raises `Refused` where it is not what it begins as."""
    if not content:
        return EMPTY
    if content.startswith(document.MARK):
        document.check(content)
        return document.MEDIA_TYPE
    _refuse_document_within(content)
    for kind in picture.KINDS:
        if content.startswith(kind.mark):
            kind.check(content)
            return kind.media_type
    if content.startswith(office.MARK):
        return office.media_type_of(content)
    if content.startswith(OLD_OFFICE) and ENCRYPTED in content:
        raise Refused("file-encrypted")
    return _named(content)


def _refuse_document_within(content: bytes) -> None:
    if document.MARK in content[:PDF_WITHIN]:
        raise Refused("file-mixed", type=_named(content), other=document.MEDIA_TYPE)


def _named(content: bytes) -> str:
    """What a file is called that is not taken."""
    try:
        names = [found.mime_type for found in puremagic.magic_string(content)]
    except puremagic.PureError:
        return UNKNOWN
    return next(filter(None, names), UNKNOWN)
