"""Pictures (JPEG and PNG): whole, and nothing behind their end."""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.adapters.content.whole import refuse_archive_within
from shared.kernel.errors import Refused

PIXELS_MAX = 150_000_000
"""A page A3 at 600 dots an inch has 70 million; a picture that says more only fills memories."""

JPEG = "image/jpeg"
JPEG_MARK = b"\xff\xd8\xff"
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SEGMENT_BYTES_MIN = 2
JPEG_SEGMENTS_MAX = 10_000
"""A picture has some tens, and some hundreds where much is said about it."""
JPEG_PICTURES_MAX = 100
JPEG_MARKER = re.compile(rb"\xff++[^\x00]")
"""Any number of the first byte fill up what is before a marker."""
BEHIND_PADDING = re.compile(rb"[^\x00]")
JPEG_BEHIND_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

PNG = "image/png"
PNG_MARK = b"\x89PNG\r\n\x1a\n"
PNG_CHUNK_AROUND = 12
PNG_HEADER_BYTES = 13
PNG_CHUNKS_MAX = 100_000
"""Programs write some thousands of the largest pictures that are taken."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture: how it begins, and what refuses one that is not sound."""

    media_type: str
    mark: bytes
    check: Callable[[bytes], None]


def _check_jpeg(content: bytes) -> None:
    """ITU-T T.81, B.1: one picture to its end.

    Cameras pad with zeros, and put further pictures behind the first.
    """
    refuse_archive_within(content, JPEG)
    place = 0
    for _ in range(JPEG_PICTURES_MAX):
        further = BEHIND_PADDING.search(content, _behind_jpeg(content, place))
        if further is None:
            return
        place = further.start()
    raise _damaged(JPEG)


def _behind_jpeg(content: bytes, place: int) -> int:
    """Where a picture ends that begins here: segments, with a frame and a scan among them."""
    if not content.startswith(JPEG_MARK, place):
        raise _damaged(JPEG)
    place, pixels, scanned = place + 2, 0, False
    for _ in range(JPEG_SEGMENTS_MAX):
        found = JPEG_MARKER.match(content, place)
        if found is None:
            break
        place, marker = found.end(), content[found.end() - 1]
        if marker == JPEG_END:
            _require_fitting(JPEG, pixels if scanned else 0)
            return place
        length = int.from_bytes(content[place : place + 2], "big")
        if length < JPEG_SEGMENT_BYTES_MIN:
            break
        if marker in JPEG_FRAMES:
            height, width = (content[place + at : place + at + 2] for at in (3, 5))
            pixels = int.from_bytes(height, "big") * int.from_bytes(width, "big")
        place += length
        if marker == JPEG_SCAN:
            scanned = True
            place = _behind_scan(content, place)
    raise _damaged(JPEG)


def _behind_scan(content: bytes, place: int) -> int:
    """Where the next marker is; those of restarts belong to the scan."""
    found = JPEG_BEHIND_SCAN.search(content, place)
    return found.start() if found else len(content)


def _check_png(content: bytes) -> None:
    """ISO/IEC 15948, 5.3 and 5.6: chunks with their checksums, IHDR first, IDAT, IEND last."""
    refuse_archive_within(content, PNG)
    place, names = len(PNG_MARK), []
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        end = place + PNG_CHUNK_AROUND + length
        named = content[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(named) != int.from_bytes(content[end - 4 : end], "big"):
            raise _damaged(PNG)
        names.append(named[:4])
        place = end
        if len(names) > PNG_CHUNKS_MAX:
            raise _damaged(PNG)
    header = content[len(PNG_MARK) + 8 :][:PNG_HEADER_BYTES]
    once = names.count(b"IEND") == 1 and b"IDAT" in names
    if names[:1] != [b"IHDR"] or names[-1] != b"IEND" or not once:
        raise _damaged(PNG)
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (0, 4))
    _require_fitting(PNG, width * height)


def _require_fitting(media_type: str, pixels: int) -> None:
    if pixels == 0:
        raise _damaged(media_type)
    if pixels > PIXELS_MAX:
        raise Refused("file-beyond-pixels", maximum=str(PIXELS_MAX))


def _damaged(media_type: str) -> Refused:
    return Refused("file-damaged", type=media_type)


KINDS: Sequence[Kind] = (
    Kind(JPEG, JPEG_MARK, _check_jpeg),
    Kind(PNG, PNG_MARK, _check_png),
)
