"""An entry of the ledger as it is kept: a line with the time, then the bytes of the fact.

    2021-10-15T01:00:00.000000+00:00 LF {"data":...}

The time is the one at which the topic took the record by which the entry got its number, and
never earlier than that of the entry before, so that "as of a time" is always a beginning of the
ledger. Hashes and exports are made of the fact's bytes alone.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

SEPARATOR = b"\n"


class Entry(NamedTuple):
    """The bytes of a fact, and when it took its place."""

    at: datetime
    fact: bytes


def to_bytes(entry: Entry) -> bytes:
    """How an entry is kept."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return at.encode() + SEPARATOR + entry.fact


def from_bytes(kept: bytes) -> Entry:
    """The inverse of `to_bytes`; raises ValueError for anything else."""
    line, separator, fact = kept.partition(SEPARATOR)
    if not separator:
        raise ValueError("an entry begins with a line")
    return Entry(_time(line), fact)


@lru_cache(maxsize=1)
def _time(line: bytes) -> datetime:
    """All records of a batch of the topic were taken at the same time."""
    at = datetime.fromisoformat(line.decode("ascii"))
    if at.tzinfo != UTC:
        raise ValueError("an entry begins with a line that holds a time in UTC")
    return at
