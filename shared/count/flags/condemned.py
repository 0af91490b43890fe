"""Flags about files in which a scanner found something, and by which something counts all the same.

Evidence was not withdrawn where the council had no time left, and what a certified document said
counts for good: people have to say whether it should.
"""

from collections.abc import Iterator

from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import AgencyKnown, Imported, ItemKnown, Known, Moment
from shared.count.flags.told import Ref, Told
from shared.kernel.calendar import local


def rests_on_condemned(known: Known) -> Iterator[Raised]:
    """A decision that stands by evidence that nobody is given any more.

    None does of an agency that has left, or in a cycle that was withdrawn.
    """
    for code in known.agencies:
        if code in known.tiers:
            yield from _resting(known, code)


def approved_all_the_same(known: Known, told: Told) -> Iterator[Raised]:
    """An appraisal was approved with such decisions in it."""
    yield from _resting(known, told.data.agency, told.ref)


def counts_condemned(known: Known) -> Iterator[Raised]:
    """A certified result that counts by a document that nobody is given any more."""
    for name in known.questionnaires:
        yield from _counting(known, name)


def closed_all_the_same(known: Known, told: Told) -> Iterator[Raised]:
    """A survey was closed with such results in it."""
    yield from _counting(known, told.data.questionnaire, told.ref)


def _counting(known: Known, name: str, *closed: Ref) -> Iterator[Raised]:
    """One for each agency, whatever the number of its sources."""
    questionnaire = known.questionnaire(name)
    counting: dict[str, dict[str, tuple[Imported, Moment]]] = {}
    for (agency, source), imported in questionnaire.imported.items():
        found = questionnaire.condemned.get(imported.sha256 or "")
        if found is not None and agency in known.tiers:
            counting.setdefault(agency, {})[source] = (imported, found)
    for agency, results in counting.items():
        first = min((found for _, found in results.values()), key=lambda moment: moment.ref)
        refs = {ref for imported, found in results.values() for ref in (imported.ref, found.ref)}
        yield Raised(
            subject=Subject(agency=agency, questionnaire=name),
            facts=(*sorted(refs), *closed),
            since=first.ref.number,
            details={"sources": ", ".join(sorted(results)), "at": local(first.at)},
        )


def _resting(known: Known, code: str, *approved: Ref) -> Iterator[Raised]:
    agency = known.agency(code)
    for item, said in agency.items.items():
        found = _found(agency, said)
        if said.decided is not None and found:
            last = max(found.values(), key=lambda moment: moment.ref)
            refs = {*found, said.decided.ref, *(moment.ref for moment in found.values())}
            yield Raised(
                subject=Subject(agency=code, item=item),
                facts=(*sorted(refs), *approved),
                since=last.ref.number,
                details={"at": local(last.at)},
            )


def _found(agency: AgencyKnown, item: ItemKnown) -> dict[Ref, Moment]:
    """What a decision saw that was condemned; it stands as long as all that it saw is there."""
    decided = item.decided
    declaration = item.declaration.id if item.declaration else ""
    if not agency.condemned or decided is None or decided.declaration != declaration:
        return {}
    seen = [ref for ref in item.evidence.values() if ref.id in decided.evidence]
    if len(seen) < len(set(decided.evidence)):
        return {}
    found = {ref: agency.condemned.get(agency.files.get(ref.id, "")) for ref in seen}
    return {ref: moment for ref, moment in found.items() if moment is not None}
