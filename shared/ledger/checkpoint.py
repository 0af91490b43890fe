"""Checkpoints (https://c2sp.org/tlog-checkpoint): how long a ledger is, and its root, as a text.

    <origin> LF
    <size> LF
    base64(<root>) LF

The origin names the ledger of one cycle for ever: a name that the operator chose, which nobody
else uses, and the cycle (`cchc.angiang.example/2021`). The key that signs the text is called the
same.
"""

import re
from dataclasses import dataclass

from shared.ledger.note import Illegible, from_base64, to_base64

ROOT_BYTES = 32
SIZE_MAX = 2**63 - 1

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES_MIN = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root of a ledger's first `size` entries; `extensions` are lines that others may add."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def to_text(checkpoint: Checkpoint) -> str:
    """How a checkpoint is written; it is the text of a note."""
    lines = (checkpoint.origin, str(checkpoint.size), to_base64(checkpoint.root))
    return "".join(f"{line}\n" for line in (*lines, *checkpoint.extensions))


def from_text(text: str) -> Checkpoint:
    """The inverse of `to_text`; raises `Illegible` for anything else."""
    *lines, behind = text.split("\n")
    if behind or len(lines) < _LINES_MIN or not all(lines):
        raise Illegible("a checkpoint has three lines or more, and none is empty")
    origin, size, encoded, *extensions = lines
    root = from_base64(encoded)
    if not _SIZE.fullmatch(size) or int(size) > SIZE_MAX:
        raise Illegible("the size of a checkpoint is a number without zeros in front")
    if len(root) != ROOT_BYTES:
        raise Illegible(f"the root of a checkpoint has {ROOT_BYTES} bytes")
    return Checkpoint(origin, int(size), root, tuple(extensions))
