"""A cycle watched for red flags: a fold over its ledger that takes one entry after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from shared.count.flags.flag import Flag, Kind
from shared.count.flags.follow import follow
from shared.count.flags.kinds import KINDS
from shared.count.flags.known import Known
from shared.count.flags.limits import PASSED_OVER_NAMED_MAX
from shared.count.flags.raising import Raising
from shared.count.flags.told import Told
from shared.events import codec
from shared.kernel.prefix import Prefix
from shared.ledger.entry import Entry

PassedOverCode = Literal["entry-unreadable", "fact-unreadable", "fact-of-another-cycle"]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry that nothing can be said of, by its number; `fact` is empty where it names none."""

    number: int
    code: PassedOverCode
    fact: str


class Watch:
    """One cycle as far as its ledger was read, and the flags that follow from it.

    It takes everything. An entry that this version cannot read is passed over and named, since
    flags may be missing because of it.
    """

    def __init__(self, cycle: str) -> None:
        self.size = 0
        self.passed_over: Prefix[PassedOver] = Prefix()
        self.passed_over_count = 0
        self._known = Known(cycle)
        self._raising = Raising()

    def fork(self) -> "Watch":
        """Another one, which goes on by itself from the same entries; what both know is shared."""
        forked = Watch(self._known.cycle)
        forked.size, forked.passed_over = self.size, self.passed_over
        forked.passed_over_count = self.passed_over_count
        forked._known, forked._raising = self._known.fork(), self._raising.fork()
        return forked

    def take(self, entry: Entry) -> None:
        """Read the next entry of the ledger."""
        self.size += 1
        try:
            recorded = codec.decode(entry.fact)
        except codec.Unreadable:
            self._pass_over(entry.fact)
            return
        if recorded.data.cycle != self._known.cycle:
            self._name("fact-of-another-cycle", recorded.id)
            return
        told = Told(recorded, self.size, entry.at)
        for kind in _BY_FACT.get(type(recorded.data), ()):
            for raised in kind.look(self._known, told):
                self._raising.take(kind, raised)
        follow(self._known, told)

    def flags(
        self, kind: str = "", agency: str = "", after: str = "", limit: int | None = None
    ) -> Sequence[Flag]:
        """The flags in the order in which they began, of all kinds and agencies unless one is told.

        They are all behind the id `after`, or the first so many of them. What could still change
        stands as long as it does not.
        """
        kinds = {name: each for name, each in KINDS.items() if kind in {"", name}}
        standing = {
            (name, raised.subject): raised
            for name, each in kinds.items()
            if each.standing is not None
            for raised in each.standing(self._known)
        }
        found = self._raising.flags(kinds, standing, after)
        wanted = (flag for flag in found if agency in {"", flag.subject.agency})
        return list(islice(wanted, limit))

    def _pass_over(self, entry: bytes) -> None:
        try:
            self._name("fact-unreadable", codec.head(entry).id)
        except codec.Unreadable:
            self._name("entry-unreadable", "")

    def _name(self, code: PassedOverCode, fact: str) -> None:
        self.passed_over_count += 1
        if len(self.passed_over) < PASSED_OVER_NAMED_MAX:
            self.passed_over = self.passed_over.with_next(PassedOver(self.size, code, fact))


def _by_fact() -> dict[type, tuple[Kind, ...]]:
    facts = {fact for kind in KINDS.values() for fact in kind.at}
    return {fact: tuple(kind for kind in KINDS.values() if fact in kind.at) for fact in facts}


_BY_FACT = _by_fact()
