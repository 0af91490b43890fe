"""Where a table comes from, by its comments: who published it, and whether rows were left out.

# PARTIAL (19 of 63)          rows were left out; how many there are in all need not be said
# Source: https://...         who published it; `Nguồn:` says the same
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.errors import Refused

SOURCE_CHARACTERS_MAX = 220
"""The longest source in words; the SHA-256 of the file is added to it."""

_SOURCE = re.compile(r"\b(?:Source|Nguồn)\s*:\s*(?P<said>\S.*)", re.IGNORECASE)
_PARTIAL = re.compile(r"(?:PARTIAL|MỘT PHẦN)\b(?:.*?\b(?:of|trên)\s+(?P<whole>[1-9][0-9]{0,4})\b)?")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Extent:
    """Whether a table says that it leaves out rows, and how many there are in all."""

    partial: bool
    whole: int | None


def source(comments: Sequence[str], given: str | None, sha256: str) -> str:
    """The source as the facts state it; `given` goes before the comments.

    Raises:
        Refused: where nobody says it, or says too much for one line.
    """
    found = (match["said"] for line in comments if (match := _SOURCE.search(line)))
    said = " ".join((given or next(found, "")).split())
    if not said:
        raise Refused("source-missing")
    if len(said) > SOURCE_CHARACTERS_MAX:
        raise Refused("source-too-long", maximum=str(SOURCE_CHARACTERS_MAX))
    return f"{said} [SHA-256 {sha256}]"


def extent(comments: Sequence[str]) -> Extent:
    """What the comments say about rows that were left out."""
    for line in comments:
        match = _PARTIAL.match(line)
        if match:
            return Extent(partial=True, whole=int(match["whole"]) if match["whole"] else None)
    return Extent(partial=False, whole=None)


def year(cycle: str, given: int | None) -> int:
    """The year of a cycle: as it is given, or the only one in its name."""
    if given is not None:
        return given
    named = set(_YEAR.findall(cycle))
    if len(named) != 1:
        raise Refused("year-needed", cycle=cycle)
    return int(named.pop())
