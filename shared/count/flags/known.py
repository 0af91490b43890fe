"""What the flags know of a cycle: as much as they compare new facts with, and no answer of anybody.

It grows with agencies, items, members and questionnaires. The streams of different services meet
in ledger order: "before" and "after" of two facts are said by their places in it, and where that
could be the post's delay and not people's doing, by their own times as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction

from shared.count.flags.paces import Pace
from shared.count.flags.runs import Run
from shared.count.flags.told import Ref
from shared.kernel.calendar import Calendar, PhaseName
from shared.kernel.scheme import Item, Scheme

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """A fact, and its own time."""

    ref: Ref
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """The council's last word on an item; `together` with a second person, or by one."""

    ref: Ref
    at: datetime
    by: str
    recognised: bool
    awarded: str
    declaration: str
    evidence: tuple[str, ...]
    together: bool


@dataclass(frozen=True, slots=True)
class Requested:
    """An explanation that the council waits for."""

    ref: Ref
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits for a second person, or has just got one; `item` is empty for a whole sheet."""

    action: str
    item: str
    ref: Ref
    at: datetime
    seconded: bool = False


@dataclass(slots=True)
class ItemKnown:
    """The last words on one item of one agency.

    `evidence` maps names to the facts that attached what is attached now, `spoken` is the last
    explanation or evidence that came. `answer_until` is the latest time until which the council
    has ever let the agency answer, and `rejected` says that its first round did not go well.
    """

    declaration: Ref | None = None
    no_task: bool = False
    evidence: Mapping[str, Ref] = field(default_factory=dict)
    explained: bool = False
    spoken: Moment | None = None
    decided: Decided | None = None
    requested: Requested | None = None
    answer_until: datetime = BEGINNING
    rejected: bool = False
    proposed: Proposed | None = None


@dataclass(frozen=True, slots=True)
class Locked:
    """A sheet as it was locked last: the points that were claimed, by item."""

    ref: Ref
    points: Mapping[str, Fraction]


@dataclass(slots=True)
class AgencyKnown:
    """The last words on one agency; `reopened` is empty once the sheet is locked again.

    `files` maps the facts that attached evidence to the content of their files, and `condemned`
    that to where a scanner found something.
    """

    items: dict[str, ItemKnown] = field(default_factory=dict)
    locked: Locked | None = None
    reopened: Moment | None = None
    approved: Moment | None = None
    files: dict[str, str] = field(default_factory=dict)
    condemned: dict[str, Moment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """A certified result that counts, and the content of its document, where that was handed in."""

    ref: Ref
    sha256: str | None


@dataclass(slots=True)
class QuestionnaireKnown:
    """How a survey goes: when the ledger heard of its opening, its end, and answers by agency.

    `scales` are the questions that ask for a place on a scale. `imported` are the certified results
    by agency and source, and `condemned` the documents in which a scanner found something.
    """

    scales: frozenset[str] = frozenset()
    opened_at: datetime | None = None
    closed: Ref | None = None
    paces: dict[str, Pace] = field(default_factory=dict)
    imported: dict[tuple[str, str], Imported] = field(default_factory=dict)
    condemned: dict[str, Moment] = field(default_factory=dict)


@dataclass(slots=True)
class Known:
    """One cycle.

    `reached` is the latest own time of any fact: how far the log has come, on the calendar's own
    clock. `registered` maps members to the agencies that they belong to, and `hands` to those that
    they acted on for the council, with the first such fact.
    """

    cycle: str
    calendar: Calendar | None = None
    schemes: dict[str, Scheme] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, AgencyKnown] = field(default_factory=dict)
    questionnaires: dict[str, QuestionnaireKnown] = field(default_factory=dict)
    registered: dict[str, Mapping[str, Ref]] = field(default_factory=dict)
    hands: dict[str, Mapping[str, Ref]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    reached: datetime = BEGINNING
    _own: set[tuple[str, ...]] = field(default_factory=set)

    def fork(self) -> "Known":
        """Another one, which goes on by itself; what they have in common is shared.

        It costs a few pointers for each agency and member. Of what one of them changes later it
        makes a copy.
        """
        self._own = set()
        return replace(
            self,
            schemes=dict(self.schemes),
            tiers=dict(self.tiers),
            agencies=dict(self.agencies),
            questionnaires=dict(self.questionnaires),
            registered=dict(self.registered),
            hands=dict(self.hands),
            runs=dict(self.runs),
            _own=set(),
        )

    def change_agency(self, code: str) -> AgencyKnown:
        """What is known of an agency, in order to change it."""
        if self._is_new((code,)):
            known = self.agency(code)
            self.agencies[code] = replace(
                known,
                items=dict(known.items),
                files=dict(known.files),
                condemned=dict(known.condemned),
            )
        return self.agencies[code]

    def change_item(self, agency: str, code: str) -> ItemKnown:
        """What is known of an item of an agency, in order to change it."""
        items = self.change_agency(agency).items
        if self._is_new((agency, code)):
            items[code] = replace(self.item(agency, code))
        return items[code]

    def change_questionnaire(self, name: str) -> QuestionnaireKnown:
        """What is known of a questionnaire, in order to change it."""
        if self._is_new(("survey", "", name)):
            known = self.questionnaire(name)
            self.questionnaires[name] = replace(
                known,
                paces=dict(known.paces),
                imported=dict(known.imported),
                condemned=dict(known.condemned),
            )
        return self.questionnaires[name]

    def _is_new(self, place: tuple[str, ...]) -> bool:
        """Whether this is shared with others still; from now on it is not."""
        known = place in self._own
        self._own.add(place)
        return not known

    def agency(self, code: str) -> AgencyKnown:
        """What is known of an agency, to be read."""
        return self.agencies.get(code) or AgencyKnown()

    def item(self, agency: str, code: str) -> ItemKnown:
        """What is known of an item of an agency, to be read."""
        return self.agency(agency).items.get(code) or ItemKnown()

    def proposed(self, agency: str, action: str) -> Proposed | None:
        """The proposal of that name, as long as nothing has overtaken it."""
        for item in self.agency(agency).items.values():
            if item.proposed is not None and item.proposed.action == action:
                return item.proposed
        return None

    def questionnaire(self, name: str) -> QuestionnaireKnown:
        """What is known of a questionnaire, to be read."""
        return self.questionnaires.get(name) or QuestionnaireKnown()

    def scored_item(self, agency: str, code: str) -> Item | None:
        """The item in the present scheme of the agency's tier, where both are known."""
        scheme = self.schemes.get(self.tiers.get(agency, ""))
        return scheme.items.get(code) if scheme else None

    def closes(self, phase: PhaseName, agency: str = "") -> datetime | None:
        """When a phase ends for an agency, by the extensions so far; None where nobody said."""
        if self.calendar is None or phase not in self.calendar.phases:
            return None
        return self.calendar.closes(phase, agency)

    def is_past(self, phase: PhaseName, at: datetime, agency: str = "") -> bool:
        """Whether a phase had ended for an agency by then, as far as is known."""
        closes = self.closes(phase, agency)
        return closes is not None and at >= closes

    def is_open(self, phase: PhaseName, at: datetime, agency: str = "") -> bool:
        """Whether a phase runs for an agency then."""
        if self.calendar is None or phase not in self.calendar.phases:
            return False
        return self.calendar.is_open(phase, at, agency)
