"""The trees over the ledgers' bytes as they are kept, from which every root and proof is made.

They follow the store by themselves, and fold nothing: what cannot be counted has its leaf as well,
and a shortcut that others take to the present (a snapshot, a document) proves nothing here.
"""

from dataclasses import dataclass, field

from shared.events import codec, ranking
from shared.events.codec import Stored
from shared.kernel.errors import Missing, Refused
from shared.ledger import entry
from shared.ledger.levels import LevelTree
from shared.ledger.merkle import leaf_hash
from shared.ports import EventStore
from shared.runtime.number import LEDGER
from shared.runtime.turn import Turn

PAGE_ENTRIES = 1_000


@dataclass(slots=True)
class Log:
    """A cycle's ledger as far as it was read: its tree, and the number of its last result fact."""

    tree: LevelTree = field(default_factory=LevelTree)
    result: int = 0


class Trees:
    """The tree of each cycle that was asked for; several of these on one store do no harm."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._logs: dict[str, Log] = {}
        self._turn = Turn()

    async def now(self, cycle: str, *, anew: bool = False) -> Log:
        """A cycle's tree with everything that is kept of its ledger; an empty one for nothing.

        `anew` takes nothing on the word of what was read before. Raises `Refused("entry-lost")`
        where what is kept is no ledger. The tree grows; use it before the next `await`.
        """
        async with self._turn.taken():
            log = None if anew else self._logs.get(cycle)
            if log is None or not await self._still_stands(cycle, log):
                log = Log()
            self._logs.pop(cycle, None)
            try:
                await self._read(cycle, log)
            finally:
                if log.tree.size:
                    self._logs[cycle] = log
        return log

    async def of(self, cycle: str, size: int) -> LevelTree:
        """A cycle's tree that has this size, or had it; without a look where it is known so far.

        Raises `Missing` where there is no ledger, or only a shorter one.
        """
        log = self._logs.get(cycle)
        if log is None or size > log.tree.size:
            log = await self.now(cycle)
        if log.tree.size == 0:
            raise Missing("cycle-not-counted", name=cycle)
        if size > log.tree.size:
            raise Missing("number-unknown", number=str(size), size=str(log.tree.size))
        return log.tree

    async def _still_stands(self, cycle: str, log: Log) -> bool:
        """Whether the store has what was read last; one that failed over may have lost it."""
        number = log.tree.size
        kept = await self._store.stream(LEDGER + cycle, after=number - 1, limit=1)
        return [leaf_hash(_fact(each)) for each in kept] == [log.tree.leaf(number - 1)]

    async def _read(self, cycle: str, log: Log) -> None:
        while True:
            after = log.tree.size
            page = await self._store.stream(LEDGER + cycle, after=after, limit=PAGE_ENTRIES)
            for kept in page:
                if kept.version != log.tree.size + 1:
                    raise Refused("entry-lost", number=str(log.tree.size + 1))
                fact = _fact(kept)
                log.tree.append(fact)
                if _is_result(fact, cycle):
                    log.result = log.tree.size
            if len(page) < PAGE_ENTRIES:
                return


def _fact(kept: Stored) -> bytes:
    try:
        return entry.from_bytes(kept.body).fact
    except ValueError as error:
        raise Refused("entry-lost", number=str(kept.version)) from error


def _is_result(fact: bytes, cycle: str) -> bool:
    try:
        return codec.head(fact).stream == ranking.result_of(cycle)
    except codec.Unreadable:
        return False  # It has its leaf like any other; the count names it.
