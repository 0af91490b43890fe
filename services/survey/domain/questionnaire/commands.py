"""What can be asked of a questionnaire."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from services.survey.domain.cycle import Cycle
from shared.events import survey as events
from shared.events.envelope import Sealed


@dataclass(frozen=True, slots=True)
class AdoptQuestionnaire:
    """Say what is asked, of whom, about which agencies; the edition is given by the decision.

    `based_on` is the edition that was read, by whoever replaces one.
    """

    questionnaire: events.QuestionnaireAdopted
    cycle: Cycle
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSample:
    """Say how many people there are, about each agency and service, and how exact it is to be."""

    margin: Fraction
    populations: tuple[tuple[str, str, int], ...]
    """Agency, service (empty: all), and how many people."""
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class IssueInvitations:
    """Let so many more people answer about an agency, once each."""

    agency: str
    count: int
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Let anybody answer about an agency, up to a limit in all and one for each day."""

    cycle: Cycle
    agency: str
    link: str
    answers_max: int
    answers_per_day_max: int


@dataclass(frozen=True, slots=True)
class CloseLink:
    """Take no more answers by an open link, for a reason."""

    link: str
    because: Sealed


@dataclass(frozen=True, slots=True)
class AdoptBallotKeys:
    """Publish the keys that sign ballots, by agency."""

    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """Begin to take answers."""

    at: datetime
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class CountBatch:
    """Count a batch that was drawn from the urn."""

    batch: int
    channel: events.Channel
    responses: tuple[events.Response, ...]
    receipts: tuple[str, ...]
    hasty: int


@dataclass(frozen=True, slots=True)
class EnterPile:
    """Say that a pile of paper forms was put into the urn: how many by agency, and by whom."""

    pile: str
    forms: tuple[tuple[str, int], ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiveUpPile:
    """Forget what was typed in of a pile, for a reason; `typed` says whether anything was."""

    pile: str
    because: Sealed
    typed: bool


@dataclass(frozen=True, slots=True)
class ProposeExclusion:
    """Propose to take counted responses out again, by their places in a batch, for a reason."""

    batch: int
    positions: tuple[int, ...]
    because: Sealed


@dataclass(frozen=True, slots=True)
class SecondExclusion:
    """Agree, as a second person, that the responses of a proposal do not count."""

    exclusion: str
    by: str


@dataclass(frozen=True, slots=True)
class DropExclusion:
    """Let a proposal come to nothing, for a reason."""

    exclusion: str
    because: Sealed


@dataclass(frozen=True, slots=True)
class TypeResult:
    """Take over the certified result of a survey that was run elsewhere, as one of two people."""

    result: events.ResultImported
    cycle: Cycle
    by: str
    beside: bool = False
    """Whether it is of other people than those whom other sources asked about the agency."""
    waits: bool = False
    """Whether somebody scans files, so that its document waits for that."""


@dataclass(frozen=True, slots=True)
class TakeScan:
    """Record what a scanner, by its name, says of a document; no finding where it is clean."""

    cycle: str
    questionnaire: str
    sha256: str
    scanner: str
    finding: str | None


@dataclass(frozen=True, slots=True)
class ReleaseComment:
    """Release what somebody wrote, as a moderator read it."""

    agency: str
    question: str
    text: Sealed


@dataclass(frozen=True, slots=True)
class CloseSurvey:
    """End it, once the urn was shut and everything in it was counted."""

    closed_by: events.ClosedBy


Command = (
    AdoptQuestionnaire
    | PlanSample
    | IssueInvitations
    | OpenLink
    | CloseLink
    | AdoptBallotKeys
    | OpenSurvey
    | CountBatch
    | EnterPile
    | GiveUpPile
    | ProposeExclusion
    | SecondExclusion
    | DropExclusion
    | TypeResult
    | TakeScan
    | ReleaseComment
    | CloseSurvey
)
