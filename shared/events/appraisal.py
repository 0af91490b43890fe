"""Facts of the appraisal service: what the council was given, and what it decided."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.events.envelope import Sealed
from shared.events.submission import LegalAct, LockedItem

ActionKind = Literal["reject-score", "reopen-submission"]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A council member by an opaque id, and the agency on which it cannot decide: its own."""

    id: str
    agency: str


class CriterionAssigned(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion of a tier is appraised by these members from now on, in place of earlier ones."""

    cycle: str
    tier: str
    criterion: str
    members: tuple[Member, ...]


class AppraisalOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The council has an agency's locked sheet before it."""

    cycle: str
    agency: str
    tier: str
    submission: str
    items: tuple[LockedItem, ...]


class ScoreRecognised(msgspec.Struct, frozen=True, kw_only=True):
    """The self-score of an item counts (công nhận).

    `declaration` and `evidence` are the facts that declared and proved it.
    """

    cycle: str
    agency: str
    item: str
    declaration: str
    evidence: tuple[str, ...]
    round: int
    awarded: str


class ScoreRejected(msgspec.Struct, frozen=True, kw_only=True):
    """The self-score does not count (không công nhận); `awarded` points do, for a reason."""

    cycle: str
    agency: str
    item: str
    declaration: str
    evidence: tuple[str, ...]
    round: int
    awarded: str
    because: Sealed
    legal_basis: str


class ExplanationRequested(msgspec.Struct, frozen=True, kw_only=True):
    """The council asks the agency to explain an item, or to prove it better."""

    cycle: str
    agency: str
    item: str
    question: Sealed
    until: datetime


class ReappraisalDue(msgspec.Struct, frozen=True, kw_only=True):
    """The agency changed an item after it was locked: what was decided on it stands no more."""

    cycle: str
    agency: str
    item: LockedItem
    cause: Literal["declaration-changed", "evidence-withdrawn"]


class ActionProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that takes two people, proposed by the first.

    A rejection carries the decision whole, so that the second sees what is seconded.
    """

    cycle: str
    agency: str
    action: str
    kind: ActionKind
    because: Sealed
    item: str = ""
    declaration: str = ""
    evidence: tuple[str, ...] = ()
    awarded: str = ""
    legal_basis: str = ""
    until: datetime | None = None


class ActionSeconded(msgspec.Struct, frozen=True, kw_only=True):
    """A second person agreed to an action: it takes effect."""

    cycle: str
    agency: str
    action: str
    kind: ActionKind
    because: Sealed
    until: datetime | None = None


class AppraisalApproved(msgspec.Struct, frozen=True, kw_only=True):
    """The council approved an agency's appraisal as a whole; every item of it is decided."""

    cycle: str
    agency: str
    decision: LegalAct


Fact = (
    CriterionAssigned
    | AppraisalOpened
    | ScoreRecognised
    | ScoreRejected
    | ExplanationRequested
    | ReappraisalDue
    | ActionProposed
    | ActionSeconded
    | AppraisalApproved
)
