"""A damage to a bundle, and what a verifier has to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

Codes = frozenset[str]

SCORE, OTHER_SCORE = b'"points":"3.25"', b'"points":"3.50"'
ROOTS = frozenset({"bundle-root-differs", "checkpoint-root-differs", "root-differs"})
RESULTS = frozenset({"digest-differs", "hindered", "table-differs"})
"""What follows from another score."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A file, what is given beside it, and the verdict: an exit code, and the codes of faults."""

    name: str
    content: bytes
    exit: int
    codes: Codes = frozenset()
    checkpoints: Sequence[bytes] = ()
    keys: Sequence[str] = ()
