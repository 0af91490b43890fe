"""A cycle as its facts tell it, and what can be read off it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import scheme_reader
from shared.kernel.calendar import Calendar, Window
from shared.kernel.errors import Refused
from shared.kernel.scheme import Item, Scheme

Status = Literal["unopened", "open", "withdrawn"]
Documents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle (đợt đánh giá).

    `adopted` are the scheme documents that it was opened with, `documents` those in force and
    `schemes` what they say, all by tier. `imported` holds the cells of a table published
    elsewhere, by agency and item, `published` for each agency what the table says of its row.
    `joined` says when an agency came into the running cycle; `extensions` holds the last extension
    of self-scoring for each agency, and under "" the last for all. A document of an older age that
    cannot be read any more has no scheme.
    """

    name: str = ""
    status: Status = "unopened"
    opening: events.CycleOpened | None = None
    opened_at: datetime | None = None
    adopted: Documents = field(default_factory=dict)
    documents: Documents = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    agencies: Mapping[str, events.Agency] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    joined: Mapping[str, datetime] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    extensions: Mapping[str, events.DeadlineExtended] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    imported: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    published: Mapping[str, events.PublishedRow] = field(default_factory=dict)
    version: int = 0

    def takes_part(self, agency: str) -> bool:
        """Whether the agency is in the cycle and has not been withdrawn."""
        return agency in self.agencies and agency not in self.withdrawn

    def participants(self) -> Iterator[events.Agency]:
        """The agencies that take part."""
        return (agency for code, agency in self.agencies.items() if self.takes_part(code))

    def scheme_of(self, agency: str) -> Scheme:
        """The scheme of the agency's tier; refused where its document cannot be read."""
        tier = self.agencies[agency].tier
        if tier not in self.schemes:
            raise Refused("scheme-unreadable", tier=tier)
        return self.schemes[tier]

    def declared_items(self, agency: str) -> Iterator[Item]:
        """The items that the agency declares itself, in the order of its scheme."""
        items = self.scheme_of(agency).items.values()
        return (item for item in items if item.part == "self" and item.applies_to(agency))

    def is_readable(self, agency: str) -> bool:
        """Whether the document of the agency's tier can be read today."""
        return self.agencies[agency].tier in self.schemes

    def scored_since(self, agency: str) -> datetime:
        """Since when the agency is one that scores itself: the opening, or when it was added."""
        assert self.opened_at is not None, "a cycle with agencies was opened"
        return self.joined.get(agency, self.opened_at)

    def extension_of(self, agency: str) -> events.DeadlineExtended | None:
        """The extension by which self-scoring closes for the agency, if one does it."""
        closes = self.calendar.closes("self-scoring", agency)
        known = (self.extensions.get(whose) for whose in (agency, ""))
        return next((each for each in known if each and each.until == closes), None)

    def is_imported(self, agency: str) -> bool:
        """Whether results of the agency were taken over from a published table."""
        return agency in self.imported


def evolve(  # noqa: C901 - one case for each fact, and nothing else
    cycle: Cycle, recorded: Recorded
) -> Cycle:
    """The cycle after a fact."""
    cycle = replace(cycle, version=recorded.version)
    match recorded.data:
        case events.SchemeAdopted() as fact:
            adopted = {**cycle.adopted, fact.tier: fact.scheme}
            return replace(_with_scheme(cycle, fact.tier, fact.scheme), adopted=adopted)
        case events.SchemeAmended() as fact:
            return _with_scheme(cycle, fact.tier, fact.scheme)
        case events.CycleOpened() as fact:
            return _opened(cycle, fact, recorded.context.at)
        case events.CycleWithdrawn():
            return replace(cycle, status="withdrawn")
        case events.DeadlineExtended() as fact:
            return _extended(cycle, fact)
        case events.AgencyAdded() as fact:
            agencies = {**cycle.agencies, fact.agency.code: fact.agency}
            withdrawn = cycle.withdrawn - {fact.agency.code}
            joined = {**cycle.joined, fact.agency.code: recorded.context.at}
            return replace(cycle, agencies=agencies, withdrawn=withdrawn, joined=joined)
        case events.AgencyWithdrawn() as fact:
            return replace(cycle, withdrawn=cycle.withdrawn | {fact.agency})
        case events.ItemResultsImported() as fact:
            return _with_results(cycle, fact)
        case _:
            return cycle


def valid_in(agency: events.Agency, year: int) -> bool:
    """Whether the agency exists on some day of the year; `valid_to` is its last day."""
    begins, ends = agency.valid_from or date.min, agency.valid_to or date.max
    return begins <= date(year, 12, 31) and ends >= date(year, 1, 1)


def _with_scheme(cycle: Cycle, tier: str, document: Mapping[str, Any]) -> Cycle:
    """Keep the document also where it can be read no more: a fold never refuses."""
    schemes = {code: scheme for code, scheme in cycle.schemes.items() if code != tier}
    with suppress(Refused):  # Whoever needs the scheme is refused; an amendment replaces it.
        schemes[tier] = scheme_reader.read(document)
    return replace(cycle, documents={**cycle.documents, tier: document}, schemes=schemes)


def _extended(cycle: Cycle, fact: events.DeadlineExtended) -> Cycle:
    whose = fact.agency or ""
    calendar = cycle.calendar.extended(fact.phase, fact.until, whose)
    before = cycle.extensions.get(whose)
    if fact.phase != "self-scoring" or (before and before.until >= fact.until):
        return replace(cycle, calendar=calendar)
    return replace(cycle, calendar=calendar, extensions={**cycle.extensions, whose: fact})


def _opened(cycle: Cycle, fact: events.CycleOpened, at: datetime) -> Cycle:
    phases = {phase.name: Window(phase.opens, phase.closes) for phase in fact.calendar}
    return replace(
        cycle,
        name=fact.cycle,
        status="open",
        opening=fact,
        opened_at=at,
        agencies={agency.code: agency for agency in fact.agencies},
        calendar=Calendar(phases),
    )


def _with_results(cycle: Cycle, fact: events.ItemResultsImported) -> Cycle:
    imported = {agency: dict(cells) for agency, cells in cycle.imported.items()}
    for score in fact.scores:
        imported.setdefault(score.agency, {})[score.item] = score.points
    rows = {row.agency: row for row in fact.published}
    return replace(
        cycle,
        sources=cycle.sources | {fact.source},
        imported=imported,
        published={**cycle.published, **rows},
    )
