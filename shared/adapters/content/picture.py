"""Pictures (JPEG and PNG): whole, and nothing behind their end."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.adapters.content.whole import refuse_archive_behind
from shared.kernel.errors import Refused

PIXELS_MAX = 150_000_000
"""A page A3 at 600 dots an inch has 70 million; a picture that says more only fills memories."""

JPEG = "image/jpeg"
JPEG_MARK = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"
JPEG_SCAN = 0xDA
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SEGMENT = 0xFF
JPEG_SEGMENT_BYTES_MIN = 2

PNG = "image/png"
PNG_MARK = b"\x89PNG\r\n\x1a\n"
PNG_CHUNK_AROUND = 12
PNG_HEADER_BYTES = 13


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture: how it begins, and what refuses one that is not sound."""

    media_type: str
    mark: bytes
    check: Callable[[bytes], None]


def _check_jpeg(content: bytes) -> None:
    """ITU-T T.81, B.1: segments up to the first scan, and the last mark at the end.

    Cameras pad with zeros, and put further pictures behind the first; each of them ends alike.
    """
    if not content.rstrip(b"\0").endswith(JPEG_END):
        raise _damaged(JPEG)
    _require_fitting(JPEG, _jpeg_pixels(content))
    refuse_archive_behind(content, JPEG)


def _jpeg_pixels(content: bytes) -> int:
    """How many pixels the frame says that it has, once a scan follows it."""
    pixels, place = 0, 2
    while place + 4 <= len(content) and content[place] == JPEG_SEGMENT:
        marker = content[place + 1]
        if marker == JPEG_SEGMENT:  # Any number of them fill up what is before a marker.
            place += 1
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == JPEG_SCAN:
            return pixels
        if length < JPEG_SEGMENT_BYTES_MIN:
            break
        if marker in JPEG_FRAMES:
            height, width = (content[place + at : place + at + 2] for at in (5, 7))
            pixels = int.from_bytes(height, "big") * int.from_bytes(width, "big")
        place += 2 + length
    raise _damaged(JPEG)


def _check_png(content: bytes) -> None:
    """ISO/IEC 15948, 5.3 and 5.6: chunks with their checksums, IHDR first, IEND last."""
    place, names = len(PNG_MARK), []
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        end = place + PNG_CHUNK_AROUND + length
        named = content[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(named) != int.from_bytes(content[end - 4 : end], "big"):
            raise _damaged(PNG)
        names.append(named[:4])
        place = end
    header = content[len(PNG_MARK) + 8 :][:PNG_HEADER_BYTES]
    if names[:1] != [b"IHDR"] or names.count(b"IEND") != 1 or names[-1] != b"IEND":
        raise _damaged(PNG)
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (0, 4))
    _require_fitting(PNG, width * height)
    refuse_archive_behind(content, PNG)


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
