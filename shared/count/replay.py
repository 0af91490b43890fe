"""One cycle counted from its ledger, entry by entry: the one way in which anybody counts.

The live table, a rebuild, an answer about the past and the offline verifier all feed the same
bytes, in ledger order, to a `Replay`.
"""

from array import array
from dataclasses import dataclass
from typing import Literal

from shared.count import fold
from shared.count.canonical import canonical, digest
from shared.count.hindrance import Hindrance, hindrances
from shared.count.state import CycleState
from shared.count.table import tables
from shared.events import codec, ranking
from shared.events.envelope import Recorded, cycle_of, fact_id, split_id
from shared.kernel.index import Table
from shared.kernel.prefix import Prefix
from shared.ledger.merkle import Tree

FaultCode = Literal[
    "entry-unreadable",  # the bytes name no place
    "fact-unreadable",  # they do, and this version cannot read the rest
    "fact-of-another-cycle",
    "version-missing",  # the stream goes on, but not with its next version
    "version-repeated",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that is not as a ledger's entries are, by its number."""

    number: int
    code: FaultCode
    fact: str


@dataclass(frozen=True, slots=True)
class Count:
    """What the first `position` entries of a ledger come to."""

    tables: tuple[Table, ...]
    hindrances: tuple[Hindrance, ...]
    basis: ranking.Basis


class Replay:
    """A cycle as far as its ledger has been read.

    It takes everything: an entry with a fault has its number and its leaf in the tree like any
    other, and is named in `faults`.
    """

    def __init__(self, cycle: str) -> None:
        self.state = CycleState(cycle)
        self.faults: Prefix[Fault] = Prefix()
        self._tree = Tree()
        self._versions: dict[str, int] = {}
        self._numbers: dict[str, array[int]] = {}

    @property
    def size(self) -> int:
        """How many entries were read; the last of them has this number."""
        return self._tree.size

    @property
    def root(self) -> str:
        """The RFC 6962 root over the entries read, in hex."""
        return self._tree.root().hex()

    def fork(self) -> "Replay":
        """Another one, which goes on by itself with the same entries as this one.

        It costs a few pointers for each agency and stream; what both know is shared.
        """
        forked = Replay(self.state.cycle)
        forked.state, forked.faults = self.state.fork(), self.faults
        forked._tree, forked._versions = self._tree.fork(), dict(self._versions)
        forked._numbers = self._numbers
        return forked

    def take(self, entry: bytes, recorded: Recorded | None = None) -> Recorded | None:
        """Read the next entry: the bytes of a fact as they were stored.

        `recorded` is what they say, where the caller has decoded them already. Returns the fact if
        it is one that counts, in its place.
        """
        self._tree.append(entry)
        try:
            recorded = recorded or codec.decode(entry)
        except codec.Unreadable:
            self._pass_over(entry)
            return None
        if not self._place(recorded.stream, recorded.version):
            return None
        fold.apply(self.state, recorded)
        return recorded

    def count(self) -> Count:
        """Count what has been read."""
        made = tables(self.state)
        damaged = [Hindrance("ledger-damaged", fact=fault.fact) for fault in self.faults]
        found = (*hindrances(self.state, made), *damaged)
        digest_now = digest(canonical(self.state.cycle, made))
        basis = ranking.Basis(position=self.size, root=self.root, digest=digest_now)
        return Count(made, found, basis)

    def number_of(self, fact: str) -> int | None:
        """The ledger number of a fact; None if it was not read, or stands behind a gap."""
        stream, version = split_id(fact)
        numbers = self._numbers.get(stream, ())
        # Whoever shares the numbers may have read on.
        number = numbers[version - 1] if version <= len(numbers) else self.size + 1
        return number if number <= self.size else None

    def version_of(self, stream: str) -> int:
        """The last version of a stream that was read; 0 if there is none."""
        return self._versions.get(stream, 0)

    def _pass_over(self, entry: bytes) -> None:
        try:
            place = codec.head(entry)
        except codec.Unreadable:
            self._find("entry-unreadable", "")
            return
        if self._place(place.stream, place.version):
            self._find("fact-unreadable", place.id)

    def _place(self, stream: str, version: int) -> bool:
        """Give a fact its number; False if it cannot be counted."""
        last = self._versions.get(stream)
        if last is None:
            if cycle_of(stream) != self.state.cycle:
                self._find("fact-of-another-cycle", fact_id(stream, version))
                return False
            last = 0
            self._numbers.setdefault(stream, array("Q"))
        if version <= last:
            self._find("version-repeated", fact_id(stream, version))
            return False
        if version > last + 1:
            self._find("version-missing", fact_id(stream, version))
        self._versions[stream] = version
        numbers = self._numbers[stream]
        if len(numbers) == version - 1:
            numbers.append(self._tree.size)
        return True

    def _find(self, code: FaultCode, fact: str) -> None:
        self.faults = self.faults.with_next(Fault(self.size, code, fact))
