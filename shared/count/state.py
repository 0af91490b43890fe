"""What is known of one cycle: the last word of every source, under what it speaks of.

Nothing is judged here. What belongs together is put together by `shared.count.table`.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from shared.count.answers import Questionnaire
from shared.events import ranking, submission
from shared.kernel.index import AgencyResult, Decision, Declaration, Imported, Scored
from shared.kernel.prefix import Prefix
from shared.kernel.scheme import Scheme


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something that a fact says and that cannot be counted, with a stable code."""

    code: str
    fact: str
    agency: str = ""
    item: str = ""


@dataclass(slots=True)
class AgencyFacts:
    """What was last said of one agency; keys are item codes.

    `evidence` maps the names of what is attached to an item to the facts that attached it, `files`
    those facts to the content of their files, and `condemned` that to what a scanner said of it.
    `approved` is the fact by which the council approved the agency, as long as that stands, and
    `appraised_in` the tier as which it did; empty as long as nobody said so.
    """

    declarations: dict[str, Declaration] = field(default_factory=dict)
    evidence: dict[str, Mapping[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    condemned: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    imported: dict[str, Imported] = field(default_factory=dict)
    reopened: bool = False
    approved: str = ""
    appraised_in: str = ""

    def fork(self) -> "AgencyFacts":
        """Another one, which goes on by itself."""
        return replace(
            self,
            declarations=dict(self.declarations),
            evidence=dict(self.evidence),
            files=dict(self.files),
            condemned=dict(self.condemned),
            decisions=dict(self.decisions),
            imported=dict(self.imported),
        )

    def condemned_of(self, item: str) -> Mapping[str, str]:
        """What is attached to an item though a scanner condemned it, with the facts that say so.

        It was found when the council had no time left to decide without it.
        """
        attached = self.evidence.get(item, {}).values()
        found = {fact: self.condemned.get(self.files.get(fact, "")) for fact in attached}
        return {fact: said for fact, said in found.items() if said is not None}

    def is_approved(self, tier: str) -> bool:
        """Whether the council approved the agency as one of this tier."""
        return bool(self.approved) and self.appraised_in in {"", tier}

    def is_imported(self, agency: str, scheme: Scheme) -> bool:
        """Whether tables published elsewhere say everything that the agency would declare."""
        wanted = (item for item in scheme.items.values() if item.applies_to(agency))
        declarable = {item.code for item in wanted if item.part == "self"}
        said = self.declarations or self.decisions
        return bool(self.imported) and declarable <= self.imported.keys() and not said


@dataclass(frozen=True, slots=True)
class Publication:
    """A result that was made public, and the fact that says so."""

    revision: int
    basis: ranking.Basis
    decision: submission.LegalAct
    fact: str


@dataclass(slots=True)
class CycleState:
    """One cycle as it is counted.

    `roster` holds the agencies that have a row, `left` those that had one, with the tier that they
    had it in. `adopted` names by tier the fact that holds its scheme, `admitted` by agency the one
    by which it is on the roster. `misfits` are facts that say what cannot be kept at all. `rows`
    and `scores` (by agency and item) remember what was assessed and still stands, so that a new
    fact costs the item that it touches.
    """

    cycle: str
    opened: submission.CycleOpened | None = None
    withdrawn: bool = False
    schemes: dict[str, Scheme] = field(default_factory=dict)
    roster: dict[str, submission.Agency] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    adopted: dict[str, str] = field(default_factory=dict)
    admitted: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, AgencyFacts] = field(default_factory=dict)
    questionnaires: dict[str, Questionnaire] = field(default_factory=dict)
    approved: ranking.Basis | None = None
    publications: Prefix[Publication] = field(default_factory=Prefix)
    misfits: Prefix[Note] = field(default_factory=Prefix)
    rows: dict[str, AgencyResult] = field(default_factory=dict)
    scores: dict[str, dict[str, Scored]] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)

    def fork(self) -> "CycleState":
        """Another one, which goes on by itself; what they have in common is shared.

        It costs a few pointers for each agency. Of what one of them changes later it makes a copy.
        """
        self._own = set()
        return replace(
            self,
            schemes=dict(self.schemes),
            roster=dict(self.roster),
            left=dict(self.left),
            adopted=dict(self.adopted),
            admitted=dict(self.admitted),
            agencies=dict(self.agencies),
            questionnaires={name: each.fork() for name, each in self.questionnaires.items()},
            rows=dict(self.rows),
            scores=dict(self.scores),
            _own=set(),
        )

    def agency(self, code: str, item: str = "") -> AgencyFacts:
        """What is known of an agency, in order to change it, or what is known of one of its items.

        It need not be on the roster yet.
        """
        if code not in self._own:
            self._own.add(code)
            self.agencies[code] = self.agencies.get(code, AgencyFacts()).fork()
            self.scores[code] = dict(self.scores.get(code, {}))
        if item:
            self.rows.pop(code, None)
            self.scores.get(code, {}).pop(item, None)
        return self.agencies[code]

    def questionnaire(self, name: str) -> Questionnaire:
        """What is known of a questionnaire, in order to change it."""
        return self.questionnaires.setdefault(name, Questionnaire(name))

    def note(self, note: Note) -> None:
        """Keep what a fact says and that cannot be kept."""
        self.misfits = self.misfits.with_next(note)

    def assess_anew(self, *agencies: str) -> None:
        """Forget what was assessed of some agencies, or of all where none is named."""
        for code in agencies or list(self.scores):
            self.rows.pop(code, None)
            self.scores.pop(code, None)

    def ask_anew(self, agencies: Iterable[str], items: Container[str]) -> None:
        """Forget what some items of some agencies were worth."""
        for code in agencies:
            self.rows.pop(code, None)
            before = self.scores.get(code, {})
            self.scores[code] = {item: each for item, each in before.items() if item not in items}
