"""An entry of the ledger as one line of text, so that in an export the n-th line is the n-th entry.

    {"data":...}                 the entry itself, where it is a line, as what services write is
    {"base64":"eyJpZCI6Cn0="}    its bytes, where it is none

Anybody may have written to the topic, and what names a place there has a number, with whatever line
ends stand in it. Hashes are made of the entry, never of the line.
"""

import binascii

LINE_ENDS = (b"\n", b"\r")
_BEFORE = b'{"base64":"'
_BEHIND = b'"}'


def is_line(entry: bytes) -> bool:
    """Whether an entry stands for itself: text in UTF-8 without line ends."""
    if entry.startswith(_BEFORE) or any(end in entry for end in LINE_ENDS):
        return False
    try:
        entry.decode()
    except UnicodeDecodeError:
        return False
    return True


def to_line(entry: bytes) -> bytes:
    """The line of an entry, without its end."""
    if is_line(entry):
        return entry
    return _BEFORE + binascii.b2a_base64(entry, newline=False) + _BEHIND


def from_line(line: bytes) -> bytes:
    """The inverse of `to_line`; what it never wrote is taken as it stands."""
    if not (line.startswith(_BEFORE) and line.endswith(_BEHIND)):
        return line
    try:
        return binascii.a2b_base64(line[len(_BEFORE) : -len(_BEHIND)], strict_mode=True)
    except binascii.Error:
        return line
