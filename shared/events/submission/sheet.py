"""Facts of an agency's sheet: what it declares and explains, until the sheet is locked."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.events.envelope import Sealed


class ScoreSubmitted(msgspec.Struct, frozen=True, kw_only=True):
    """An agency declared an item (điểm tự đánh giá).

    `points` is what the rule gave for `inputs` when it was declared, and what the agency saw; an
    index is counted from the inputs.
    """

    cycle: str
    agency: str
    item: str
    inputs: dict[str, str]
    points: str


class ScoreWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An agency took a declaration back: the item is undeclared again."""

    cycle: str
    agency: str
    item: str


class ExplanationGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An agency explained (giải trình) an item, in place of evidence or on request."""

    cycle: str
    agency: str
    item: str
    text: Sealed


class LockedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item as it was locked: ids of the facts that the council will judge.

    `declaration` and `explanation` are empty where there is none.
    """

    item: str
    criterion: str
    maximum: str
    points: str
    declaration: str
    evidence: tuple[str, ...]
    explanation: str


class SubmissionLocked(msgspec.Struct, frozen=True, kw_only=True):
    """The agency's sheet is closed (chốt điểm), by the agency or by the system at the deadline.

    `items` is every self-scored item that applies to the agency, declared or not.
    """

    cycle: str
    agency: str
    tier: str
    locked_by: Literal["agency", "deadline"]
    items: tuple[LockedItem, ...]


class SubmissionReopened(msgspec.Struct, frozen=True, kw_only=True):
    """A superior opened the sheet again, until a time."""

    cycle: str
    agency: str
    until: datetime
    because: Sealed
