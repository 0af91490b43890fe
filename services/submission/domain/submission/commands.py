"""What can be asked of an agency's sheet, and the situation in which it is asked.

Free text arrives sealed. `based_on` is the version of a score that the caller has read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.submission.domain.council import Council
from services.submission.domain.cycle import Cycle
from shared.events import submission as events
from shared.events.envelope import Sealed


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command is judged against beside the sheet.

    Whose sheet it is, in which cycle, at what time, and what the council has said of it so far.
    """

    agency: str
    cycle: Cycle
    council: Council
    at: datetime


@dataclass(frozen=True, slots=True)
class SubmitScore:
    """Declare an item: the inputs that its rule wants."""

    situation: Situation
    item: str
    inputs: Mapping[str, str]
    based_on: int | None


@dataclass(frozen=True, slots=True)
class SubmitScores:
    """Declare many items at once, all or none; items left out stay as they are.

    `based_on` is the version of the sheet that the caller has read.
    """

    situation: Situation
    scores: Mapping[str, Mapping[str, str]]
    based_on: int | None


@dataclass(frozen=True, slots=True)
class WithdrawScore:
    """Take a declaration back."""

    situation: Situation
    item: str
    based_on: int | None


@dataclass(frozen=True, slots=True)
class AttachEvidence:
    """Attach a stored file to an item under a name; the same name again replaces it.

    `found` is the media type of its content, whatever the file is said to be. Where files `wait`,
    a scanner looks at this one before anybody relies on it.
    """

    situation: Situation
    item: str
    evidence: str
    document: events.Document
    file: events.StoredFile
    found: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawEvidence:
    """Detach a piece of evidence."""

    situation: Situation
    item: str
    evidence: str
    based_on: int | None


@dataclass(frozen=True, slots=True)
class TakeScan:
    """Record what a scanner, by its name, says of a file; no `finding` where it found nothing."""

    situation: Situation
    sha256: str
    scanner: str
    finding: str | None


@dataclass(frozen=True, slots=True)
class GiveExplanation:
    """Explain an item, in place of evidence or because the council asked."""

    situation: Situation
    item: str
    text: Sealed


@dataclass(frozen=True, slots=True)
class Lock:
    """Close the sheet for good, as the agency."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class LockOverdue:
    """Close the sheet if its time is over, as the system."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class ReopenExtended:
    """Open the sheet again if it was closed before its deadline was extended, as the system."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class Reopen:
    """Let the agency work on its locked sheet again, until a time.

    `seconded` are reopenings that two members of the council wanted.
    """

    situation: Situation
    until: datetime
    because: Sealed
    seconded: bool = False


Command = (
    SubmitScore
    | SubmitScores
    | WithdrawScore
    | AttachEvidence
    | WithdrawEvidence
    | TakeScan
    | GiveExplanation
    | Lock
    | LockOverdue
    | ReopenExtended
    | Reopen
)
