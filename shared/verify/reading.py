"""The first reading: each line, what it says that is copied elsewhere, and what it claims."""

import codecs
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.count import bundle
from shared.count.bundle import Claims
from shared.events import codec
from shared.events.envelope import Recorded, cycle_of
from shared.ledger.line import from_line, to_line
from shared.verify.content import LINE_BYTES_MAX
from shared.verify.fault import Fault

LF, CR = b"\n", b"\r"

Lines = Callable[[], Iterable[bytes]]
"""The lines of a ledger, each with its end, as often as they are asked for."""


@dataclass(slots=True)
class Read:
    """What a first reading has found.

    `schemes` are the digests of those that stand in the facts, by the member that should hold them.
    `evidence` is the first line in which the list of evidence differs; 0 if it does not.
    """

    size: int = 0
    cycle: str = ""
    named: int = 0
    claims: Claims = field(default_factory=Claims)
    schemes: dict[str, str] = field(default_factory=dict)
    evidence: int = 0
    faults: list[Fault] = field(default_factory=list)


def entries(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The entries in some lines, up to one that is too long."""
    for line in lines:
        text = line.removesuffix(LF)
        if len(text) > LINE_BYTES_MAX:
            return
        yield from_line(text)


def read(lines: Lines, evidence: Iterable[bytes], cycle: str) -> Read:
    """Read all lines, and hold a list of evidence against them.

    Where it is not known of which cycle they are, it is that of the first that names a place.
    """
    found = Read(cycle=cycle)
    listed = iter(evidence)
    count = 0
    for recorded in _told(found, _checked(found, lines())):
        if bundle.is_misplaced(recorded, found.cycle):
            found.faults.append(Fault("claim-misplaced", found.size, recorded.id))
        found.claims.take(found.size, recorded, found.cycle)
        scheme = bundle.scheme_text(recorded)
        if scheme is not None:
            digest = hashlib.sha256(scheme).hexdigest()
            found.schemes[bundle.scheme_name(found.size)] = digest
        expected = bundle.evidence_line(found.size, recorded)
        if expected is not None:
            count += 1
            if next(listed, b"") != expected:
                found.evidence = found.evidence or count
    if next(listed, None) is not None:
        found.evidence = found.evidence or count + 1
    return found


def _told(found: Read, checked: Iterable[bytes]) -> Iterator[Recorded]:
    """The facts that more is wanted of, with their number in `found`."""
    for entry in checked:
        found.size += 1
        try:
            place = codec.head(entry)
        except codec.Unreadable:
            continue  # It is among the faults of the recount.
        found.named += 1
        found.cycle = found.cycle or cycle_of(place.stream)
        recorded = bundle.told(entry)
        if recorded is not None:
            yield recorded


def _checked(found: Read, lines: Iterable[bytes]) -> Iterator[bytes]:
    """The entries in the lines; how the lines are written is noted."""
    ended: list[int] = []
    count = 0
    for number, line in enumerate(lines, start=1):
        text = line.removesuffix(LF)
        if len(text) > LINE_BYTES_MAX:
            found.faults.append(Fault("line-too-long", number))
            break
        if number == 1 and text.startswith(codecs.BOM_UTF8):
            found.faults.append(Fault("byte-order-mark", 1))
        entry = from_line(text)
        if text.endswith(CR):
            ended, count = ended or [number], count + 1
        elif to_line(entry) != text:
            found.faults.append(Fault("line-malformed", number))
        if not line.endswith(LF):
            found.faults.append(Fault("line-unended", number))
        yield entry
    if ended:
        details = {"lines": str(count)}
        found.faults.append(Fault("line-endings-changed", ended[0], details=details))


def of_entries(ledger: Sequence[bytes]) -> Lines:
    """The lines of entries that are in memory."""
    return lambda: (to_line(entry) + LF for entry in ledger)
