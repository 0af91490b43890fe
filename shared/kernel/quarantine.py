"""Quarantine: what a scanner has said of a file, and what stands against reading and using it."""

from dataclasses import dataclass
from typing import Literal, assert_never

from shared.kernel.errors import Refused

Standing = Literal["unscanned", "quarantined", "cleared", "condemned"]
"""What a scanner said of a file, if it was asked."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of a file, and what it was condemned for."""

    standing: Standing = "unscanned"
    finding: str = ""

    def has_to_wait(self, *, scans: bool) -> bool:
        """Whether a file that is to be used now is to be scanned first, where anybody scans.

        Raises `Refused("file-condemned")` where it never can be.
        """
        if self.standing == "condemned":
            raise Refused("file-condemned", finding=self.finding)
        return scans and self.standing == "unscanned"

    def is_news(self, *, clean: bool) -> bool:
        """Whether what a scanner says now is to be recorded.

        It is asked again of files that it cleared, and of those that came before there was one.
        That a clean file is clean still is no news, nor is anything of what was condemned.
        """
        match self.standing:
            case "unscanned" | "quarantined":
                return True
            case "cleared":
                return not clean
            case "condemned":
                return False
            case _:
                assert_never(self.standing)


UNSCANNED = Scan()
QUARANTINED = Scan("quarantined")
CLEARED = Scan("cleared")


def against_reading(scan: Scan) -> Refused | None:
    """A file of which a scanner said this may be read now, by whoever may read such files."""
    match scan.standing:
        case "unscanned" | "cleared":
            return None
        case "quarantined":
            return Refused("file-quarantined")
        case "condemned":
            return Refused("file-condemned", finding=scan.finding)
        case _:
            assert_never(scan.standing)
