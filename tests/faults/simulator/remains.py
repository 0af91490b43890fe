"""What is left when a world has come to rest: the facts of each store, the ledgers, the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from services.ranking.application.notes import ALARM, CHECKPOINT, LOG_KEY
from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.ledger import entry
from shared.ports import Delivery, EventStore
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.number import LEDGER
from shared.runtime.parked import Parked, Waiting
from tests.faults.simulator import cycle as the
from tests.faults.simulator.world import NAMES, World

LIMIT = 1_000_000
NUMBERED = (LEDGER, PARKED, ALTERED, UNREADABLE)
SIGNED = (CHECKPOINT, LOG_KEY, ALARM)


@dataclass(frozen=True, slots=True)
class Remains:
    """Everything that can be judged without asking anybody.

    `said` are the facts that each service recorded, `heard` what its inbox holds, in the order of
    their logs; `recorded` are those said, decoded. `numbered` is all that ranking keeps of the
    topic, by its streams, and `signed` what it has signed of that. `waiting` is what each
    service's operators are shown.
    """

    world: World
    said: dict[str, Sequence[Stored]]
    recorded: dict[str, Sequence[Recorded]]
    heard: dict[str, Sequence[Stored]]
    numbered: Mapping[str, Sequence[Stored]]
    signed: Mapping[str, Sequence[Stored]]
    records: Sequence[Delivery]
    waiting: Mapping[str, Waiting]

    @property
    def facts(self) -> list[Stored]:
        """All facts of all services."""
        return list(chain.from_iterable(self.said.values()))

    def ledger(self, cycle: str = the.CYCLE) -> list[bytes]:
        """The facts of a cycle's ledger, as bytes."""
        return [entry.from_bytes(kept.body).fact for kept in self.numbered.get(LEDGER + cycle, ())]


async def remains_of(world: World) -> Remains:
    """Read everything that the world's processes have left."""
    said = {name: await _log(world.kept[name].store) for name in NAMES}
    ledgers = await _log(world.kept["ranking"].inbox)
    return Remains(
        world=world,
        said=said,
        recorded={name: [codec.decode(fact.body) for fact in said[name]] for name in NAMES},
        heard={name: await _log(world.kept[name].inbox) for name in NAMES if name != "ranking"},
        numbered=_of_kinds(NUMBERED, ledgers),
        signed=_of_kinds(SIGNED, ledgers),
        records=list(chain.from_iterable(world.topic.partitions)),
        waiting={
            name: await Parked(kept.inbox, kept.store).waiting()
            for name, kept in world.kept.items()
        },
    )


def _of_kinds(kinds: tuple[str, ...], facts: Sequence[Stored]) -> dict[str, list[Stored]]:
    return by_stream([fact for fact in facts if fact.stream.startswith(kinds)])


def by_stream(facts: Sequence[Stored]) -> dict[str, list[Stored]]:
    """Facts by their streams, in the order in which they were recorded."""
    streams: dict[str, list[Stored]] = {}
    for fact in facts:
        streams.setdefault(fact.stream, []).append(fact)
    return streams


async def _log(store: EventStore) -> Sequence[Stored]:
    return [logged.fact for logged in await store.log(after=0, limit=LIMIT)]
