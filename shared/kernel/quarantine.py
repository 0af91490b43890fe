"""Quarantine: what a scanner has said of a file, and what stands against reading and using it."""

import re
from dataclasses import dataclass
from typing import Literal, assert_never

from shared.kernel.errors import Refused

Standing = Literal["unscanned", "quarantined", "cleared", "condemned"]
"""What a scanner said of a file, if it was asked."""

_SIGNATURES = re.compile(r"[^/]+/(?P<number>[0-9]{1,9})(/.*)?")
"""A scanner by its name, as ClamAV's is: the program, the number of its signatures, their date."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of a file by the word of which scanner, and what it was condemned for."""

    standing: Standing = "unscanned"
    finding: str = ""
    scanner: str = ""

    def has_to_wait(self, *, scans: bool) -> bool:
        """Whether a file that is to be used now is to be scanned first, where anybody scans.

        Raises `Refused("file-condemned")` where it never can be.
        """
        if self.standing == "condemned":
            raise Refused("file-condemned", finding=self.finding)
        return scans and self.standing == "unscanned"

    def is_news(self, scanner: str, *, clean: bool) -> bool:
        """Whether what a scanner, by its name, says now is to be recorded.

        It is asked again of all files, also of those that came before there was one. That a clean
        file is clean still is no news, nor is another finding in one that was condemned; that it is
        clean by signatures that came later is. Of two scanners the one with older signatures takes
        back nothing that the other has said: they would clear and condemn in turns.
        """
        match self.standing:
            case "unscanned" | "quarantined":
                return True
            case "cleared":
                return not clean and _signatures(self.scanner) <= _signatures(scanner)
            case "condemned":
                return clean and _signatures(self.scanner) < _signatures(scanner)
            case _:
                assert_never(self.standing)


def condemned_by(scanner: str, finding: str) -> Scan:
    """What came of a file in which a scanner found something."""
    return Scan("condemned", finding, scanner)


def cleared_by(scanner: str) -> Scan:
    """What came of a file in which a scanner found nothing."""
    return Scan("cleared", scanner=scanner)


UNSCANNED = Scan()
QUARANTINED = Scan("quarantined")


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


def _signatures(scanner: str) -> float:
    """The number of a scanner's signatures; one that does not tell it knows no more than any."""
    named = _SIGNATURES.fullmatch(scanner)
    return int(named["number"]) if named else 0
