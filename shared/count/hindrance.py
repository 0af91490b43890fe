"""What stands in the way of a publication (công bố)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from shared.count.state import AgencyFacts, CycleState
from shared.kernel.index import Table

Code = Literal[
    "cycle-not-open",
    "cycle-without-result",
    "scheme-missing",  # a tier has agencies and no scheme that can be read
    "item-pending",  # declared or decided, and not decided as it stands now
    "item-unanswered",  # a survey item without a valid answer
    "agency-unapproved",  # the council has not approved it, or has to again; nor is all imported
    "submission-reopened",  # the agency may be changing its sheet at this moment
    "questionnaire-open",
    "stream-parked",  # facts are missing in the ledger
    "ledger-damaged",  # an entry of the ledger cannot be counted
    "entry-altered",  # a fact was told again with other bytes
    "ledger-alarm",  # the ledger is not the one that was signed; said by who keeps it, not counted
]


@dataclass(frozen=True, slots=True, order=True)
class Hindrance:
    """One thing that forbids a publication, and what it concerns."""

    code: Code
    agency: str = ""
    item: str = ""
    tier: str = ""
    questionnaire: str = ""
    stream: str = ""
    fact: str = ""

    @property
    def details(self) -> Mapping[str, str]:
        """What it concerns, without what it does not."""
        return {name: value for name, value in asdict(self).items() if value and name != "code"}


def hindrances(state: CycleState, tables: Sequence[Table]) -> tuple[Hindrance, ...]:
    """Everything in the facts that forbids to publish their tables; nothing if they may be."""
    return tuple(sorted([*_of_cycle(state), *_of_agencies(state), *_of_rows(tables)]))


def _of_cycle(state: CycleState) -> Iterator[Hindrance]:
    if state.opened is None:
        yield Hindrance("cycle-not-open")
    if state.withdrawn:
        yield Hindrance("cycle-without-result")
    for tier in {agency.tier for agency in state.roster.values()} - state.schemes.keys():
        yield Hindrance("scheme-missing", tier=tier)
    for name, questionnaire in state.questionnaires.items():
        if questionnaire.open:
            yield Hindrance("questionnaire-open", questionnaire=name)


def _of_agencies(state: CycleState) -> Iterator[Hindrance]:
    for code, agency in state.roster.items():
        facts = state.agencies.get(code) or AgencyFacts()
        scheme = state.schemes.get(agency.tier)
        if not (facts.is_approved(agency.tier) or (scheme and facts.is_imported(code, scheme))):
            yield Hindrance("agency-unapproved", agency=code)
        if facts.reopened:
            yield Hindrance("submission-reopened", agency=code)


def _of_rows(tables: Sequence[Table]) -> Iterator[Hindrance]:
    for table in tables:
        for row in table.rows:
            for item in row.pending:
                yield Hindrance("item-pending", agency=row.agency, item=item)
            for item in row.unanswered:
                yield Hindrance("item-unanswered", agency=row.agency, item=item)
