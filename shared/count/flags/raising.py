"""The flags as they are raised: occurrences of one kind about one subject are one flag."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.count.flags.flag import Flag, Kind, Raised, Subject, flag_id
from shared.count.flags.limits import FACTS_NAMED_MAX
from shared.count.flags.told import Ref
from shared.count.flags.words import ENGLISH, VIETNAMESE, sentence


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a flag; `last` is where its newest occurrence began."""

    number: int
    last: int
    count: int
    facts: tuple[Ref, ...]
    more: bool
    details: Mapping[str, str]


Key = tuple[str, Subject]


class Raising:
    """Flags by kind and subject: at most one each, so that no number of occurrences fills it.

    They are kept by agency, so that of a fork no more is copied than what is changed.
    """

    def __init__(self) -> None:
        self._kept: dict[str, dict[Key, _Kept]] = {}
        self._own: set[str] = set()

    def fork(self) -> "Raising":
        """Another one, which goes on by itself; what they have in common is shared."""
        forked = Raising()
        forked._kept, self._own = dict(self._kept), set()
        return forked

    def take(self, kind: Kind, raised: Raised) -> None:
        """Keep an occurrence: a new flag, the next of a known one, or one that goes on."""
        key, agency = (kind.name, raised.subject), raised.subject.agency
        if agency not in self._own:
            self._own.add(agency)
            self._kept[agency] = dict(self._kept.get(agency, {}))
        kept = self._kept[agency]
        kept[key] = _joined(kept.get(key), raised)

    def flags(
        self, kinds: Mapping[str, Kind], standing: Mapping[Key, Raised], after: str = ""
    ) -> Iterator[Flag]:
        """Every flag behind the id `after`, in the order in which they began, one by one.

        What stands at this moment is among them.
        """
        kept = {
            key: each
            for agency in self._kept.values()
            for key, each in agency.items()
            if key[0] in kinds
        }
        for key, raised in standing.items():
            kept[key] = _joined(kept.get(key), raised)
        by_id = {flag_id(each.number, *key): key for key, each in kept.items()}
        for name, subject in (by_id[each] for each in sorted(by_id) if each > after):
            yield _flag(kinds[name], subject, kept[name, subject])


def _joined(kept: _Kept | None, raised: Raised) -> _Kept:
    if kept is None:
        facts, more = _facts((), raised)
        return _Kept(raised.since, raised.since, 1, facts, more, raised.details)
    # Of what is named already no more can be named; most of what goes on and on is of that kind.
    facts, more = (kept.facts, True) if kept.more else _facts(kept.facts, raised)
    return _Kept(
        number=kept.number,
        last=raised.since,
        count=kept.count + (raised.since != kept.last),
        facts=facts,
        more=more,
        details=raised.details,
    )


def _facts(known: tuple[Ref, ...], raised: Raised) -> tuple[tuple[Ref, ...], bool]:
    """The facts that are named, in ledger order, and whether there are more."""
    joined = tuple(dict.fromkeys((*known, *raised.facts)))
    return tuple(sorted(joined[:FACTS_NAMED_MAX])), len(joined) > FACTS_NAMED_MAX


def _flag(kind: Kind, subject: Subject, kept: _Kept) -> Flag:
    spoken_of = {**kept.details, **kind.parameters}
    said = [
        sentence(kind.name, subject, spoken_of, kept.count, language)
        for language in (VIETNAMESE, ENGLISH)
    ]
    return Flag(
        kind=kind.name,
        subject=subject,
        number=kept.number,
        count=kept.count,
        facts=kept.facts,
        more=kept.more,
        details=kept.details,
        parameters=kind.parameters,
        vietnamese=said[0],
        english=said[1],
    )
