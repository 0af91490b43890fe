"""What the council keeps of an agency's submission: what is declared and attached at this moment.

A decision names the declaration and the evidence that its member saw; this copy tells whether
they are still what the agency stands by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel.actor import hands_in
from shared.kernel.decider import Fold


@dataclass(frozen=True, slots=True)
class Attached:
    """The fact by which evidence is attached, and the content of its file."""

    fact: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Presented:
    """What an agency presents for an item now; evidence by its name."""

    declaration: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    points: str = "0"
    attached: Mapping[str, Attached] = field(default_factory=dict)
    explanation: str = ""
    explained_at: datetime | None = None

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the facts by which evidence is attached now."""
        return tuple(each.fact for each in self.attached.values())


NOTHING = Presented()


@dataclass(frozen=True, slots=True)
class Sheet:
    """An agency's submission; it is before the council only while it is locked.

    `quarantined` are the files that still wait for a scanner, `condemned` those in which one found
    something: they stay attached where it did when no time was left. `hands` are the people who
    ever acted for the agency, in whichever role they come now.
    """

    locked: bool = False
    items: Mapping[str, Presented] = field(default_factory=dict)
    quarantined: frozenset[str] = frozenset()
    condemned: frozenset[str] = frozenset()
    hands: frozenset[str] = frozenset()

    def item(self, code: str) -> Presented:
        """What is presented for an item, which may be nothing."""
        return self.items.get(code, NOTHING)

    def is_quarantined(self, code: str) -> bool:
        """Whether evidence of an item still waits for a scanner."""
        return not self.quarantined.isdisjoint(self._files(code))

    def is_condemned(self, code: str) -> bool:
        """Whether a scanner found something in evidence of an item that is attached still."""
        return not self.condemned.isdisjoint(self._files(code))

    def _files(self, code: str) -> Sequence[str]:
        return [each.sha256 for each in self.item(code).attached.values()]


def evolve(sheet: Sheet, recorded: Recorded) -> Sheet:
    """The next state of the copy."""
    sheet = replace(sheet, hands=sheet.hands | hands_in(recorded.context.actor))
    match recorded.data:
        case events.SubmissionLocked():
            return replace(sheet, locked=True)
        case events.SubmissionReopened():
            return replace(sheet, locked=False)
        case events.EvidenceQuarantined() as fact:
            return replace(sheet, quarantined=sheet.quarantined | {fact.sha256})
        case events.EvidenceCleared() | events.EvidenceCondemned() as fact:
            found = {fact.sha256} if isinstance(fact, events.EvidenceCondemned) else set()
            return replace(
                sheet,
                quarantined=sheet.quarantined - {fact.sha256},
                condemned=sheet.condemned - {fact.sha256} | found,
            )
        case (
            events.ScoreSubmitted()
            | events.ScoreWithdrawn()
            | events.EvidenceAttached()
            | events.EvidenceWithdrawn()
            | events.ExplanationGiven()
        ) as fact:
            presented = _present(sheet.item(fact.item), fact, recorded)
            return replace(sheet, items={**sheet.items, fact.item: presented})
        case _:
            return sheet


def _present(item: Presented, fact: events.Fact, recorded: Recorded) -> Presented:
    match fact:
        case events.ScoreSubmitted():
            return replace(item, declaration=recorded.id, inputs=fact.inputs, points=fact.points)
        case events.ScoreWithdrawn():
            return replace(item, declaration="", inputs={}, points="0")
        case events.EvidenceAttached():
            attached = Attached(recorded.id, fact.file.sha256)
            return replace(item, attached={**item.attached, fact.evidence: attached})
        case events.EvidenceWithdrawn():
            left = {name: each for name, each in item.attached.items() if name != fact.evidence}
            return replace(item, attached=left)
        case events.ExplanationGiven():
            return replace(item, explanation=recorded.id, explained_at=recorded.context.at)
        case _:
            return item


SHEET = Fold(Sheet(), evolve)
