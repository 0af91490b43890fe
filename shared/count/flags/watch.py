"""A cycle watched for red flags: a fold over its ledger that takes one entry after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.count.flags.flag import Flag, Kind
from shared.count.flags.follow import follow
from shared.count.flags.kinds import KINDS
from shared.count.flags.known import Known
from shared.count.flags.limits import PASSED_OVER_NAMED_MAX
from shared.count.flags.raising import Raising
from shared.count.flags.told import Told
from shared.events import codec
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
        self.passed_over: list[PassedOver] = []
        self.passed_over_count = 0
        self._known = Known(cycle)
        self._raising = Raising()

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

    def flags(self, kind: str = "", agency: str = "") -> Sequence[Flag]:
        """The flags in the order in which they began, of all kinds and agencies unless one is told.

        What could still change stands as long as it does not.
        """
        kinds = {name: each for name, each in KINDS.items() if kind in {"", name}}
        standing = {
            (name, raised.subject): raised
            for name, each in kinds.items()
            if each.standing is not None
            for raised in each.standing(self._known)
        }
        found = self._raising.flags(kinds, standing)
        return [flag for flag in found if agency in {"", flag.subject.agency}]

    def _pass_over(self, entry: bytes) -> None:
        try:
            self._name("fact-unreadable", codec.head(entry).id)
        except codec.Unreadable:
            self._name("entry-unreadable", "")

    def _name(self, code: PassedOverCode, fact: str) -> None:
        self.passed_over_count += 1
        if len(self.passed_over) < PASSED_OVER_NAMED_MAX:
            self.passed_over.append(PassedOver(self.size, code, fact))


def _by_fact() -> dict[type, tuple[Kind, ...]]:
    facts = {fact for kind in KINDS.values() for fact in kind.at}
    return {fact: tuple(kind for kind in KINDS.values() if fact in kind.at) for fact in facts}


_BY_FACT = _by_fact()
