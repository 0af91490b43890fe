"""Access to evidence: who was given which file of an agency, and for which reason.

One stream, `access/{cycle}/{agency}`, beside that of the sheet, which does not grow by being read.
The agency reads what is its own, and of that nothing is kept. Everybody else reads for a reason
that is a fact: an assignment, or what they themselves said, which is good for an hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from shared.events import submission as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.authority import require_reason
from shared.kernel.decider import Decider

VISIT = timedelta(hours=1)
"""How long a reason is good for; and for how long one reading of a file is not told again."""


@dataclass(frozen=True, slots=True)
class JustifyReading:
    """Say why one reads the evidence of an agency; the words are sealed."""

    cycle: str
    agency: str
    by: str
    because: Sealed
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadEvidence:
    """Give somebody a file; `duty` is the fact that makes it theirs to read, if one does."""

    cycle: str
    agency: str
    by: str
    sha256: str
    items: tuple[str, ...]
    duty: str
    at: datetime


Command = JustifyReading | ReadEvidence


@dataclass(frozen=True, slots=True)
class Justification:
    """A reason that somebody gave, by its fact, and until when it is good."""

    because: Sealed
    fact: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """When somebody was given a file, and on which ground."""

    ground: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """The visits that are not over: reasons by person, readings by person and file."""

    justified: Mapping[str, Justification] = field(default_factory=dict)
    read: Mapping[tuple[str, str], Reading] = field(default_factory=dict)

    def justification(self, by: str, at: datetime) -> Justification | None:
        """The reason that somebody has given, if it is good at that time."""
        given = self.justified.get(by)
        return given if given and at < given.until else None


def stream(cycle: str, agency: str) -> str:
    """The stream of who read the evidence of an agency."""
    return f"access/{cycle}/{agency}"


def evolve(access: Access, recorded: Recorded) -> Access:
    """The visits after a fact; those that are over by its time are forgotten."""
    at, by = recorded.context.at, recorded.context.actor or ""
    match recorded.data:
        case events.ReadingJustified() as fact:
            given = Justification(fact.because, recorded.id, fact.until)
            good = {who: each for who, each in access.justified.items() if at < each.until}
            return replace(access, justified={**good, by: given})
        case events.EvidenceRead() as fact:
            recent = {what: each for what, each in access.read.items() if at < each.at + VISIT}
            reading = Reading(fact.ground, at)
            return replace(access, read={**recent, (by, fact.sha256): reading})
        case _:
            return access


def decide(command: Command, access: Access) -> Sequence[events.Fact]:
    """The facts that follow from a command."""
    match command:
        case JustifyReading():
            return _justify_reading(command, access)
        case ReadEvidence():
            return _read_evidence(command, access)
        case _:
            assert_never(command)


def _justify_reading(command: JustifyReading, access: Access) -> Sequence[events.Fact]:
    """The same words again are no news as long as they are good, and are not good for longer."""
    given = access.justification(command.by, command.at)
    if given and given.because == command.because:
        return ()
    justified = events.ReadingJustified(
        cycle=command.cycle,
        agency=command.agency,
        until=command.at + VISIT,
        because=command.because,
    )
    return (justified,)


def _read_evidence(command: ReadEvidence, access: Access) -> Sequence[events.Fact]:
    """A download that is resumed or repeated within the visit, on the same ground, is no news."""
    given = access.justification(command.by, command.at)
    ground = command.duty or (given.fact if given else "")
    require_reason(ground, agency=command.agency)
    before = access.read.get((command.by, command.sha256))
    if before and before.ground == ground and command.at < before.at + VISIT:
        return ()
    read = events.EvidenceRead(
        cycle=command.cycle,
        agency=command.agency,
        sha256=command.sha256,
        items=command.items,
        ground=ground,
    )
    return (read,)


decider: Decider[Command, Access, Recorded] = Decider(Access(), decide, evolve)
"""The visits to an agency's evidence as their facts tell them."""
