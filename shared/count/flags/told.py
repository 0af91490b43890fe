"""A fact with its place in the ledger, as the flags look at it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.events import appraisal
from shared.events.envelope import Recorded

COUNCIL = "council:"
"""How the reference of a council member begins."""

ACTS = (
    appraisal.ScoreRecognised,
    appraisal.ScoreRejected,
    appraisal.ExplanationRequested,
    appraisal.ActionProposed,
    appraisal.ActionSeconded,
    appraisal.AppraisalApproved,
)
"""What a member of the council does about an agency."""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A fact by its ledger number and its id."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in its place.

    `at` is its own time, which the service wrote when somebody acted; that of counted answers is
    a date and no more. `taken_at` is the time at which the ledger took it.
    """

    recorded: Recorded
    number: int
    taken_at: datetime

    @property
    def data(self) -> Any:  # noqa: ANN401 - one of the facts of shared.events
        return self.recorded.data

    @property
    def ref(self) -> Ref:
        return Ref(self.number, self.recorded.id)

    @property
    def at(self) -> datetime:
        return zoned(self.recorded.context.at)

    @property
    def by(self) -> str:
        """Who did it, as facts name people; empty where nobody is named."""
        return self.recorded.context.actor or ""

    @property
    def sending(self) -> tuple[str, datetime]:
        """What came in one request: its name, and its time, since a caller may use a name twice.

        A fact without such a name came alone.
        """
        return (self.recorded.context.correlation_id or self.recorded.id, self.at)


def is_decision(fact: object) -> bool:
    """Whether a member says what an item is worth; to propose nothing for it is to say so, too."""
    match fact:
        case appraisal.ScoreRecognised() | appraisal.ScoreRejected():
            return True
        case appraisal.ActionProposed(kind="reject-score"):
            return True
        case _:
            return False


def zoned(instant: datetime) -> datetime:
    """A time that can be compared: one that a stranger wrote without a zone is taken for UTC."""
    return instant if instant.utcoffset() is not None else instant.replace(tzinfo=UTC)
