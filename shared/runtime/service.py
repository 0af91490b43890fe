"""A service as it runs: its routes, and the loops behind them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, Protocol

from shared.events.submission import Mode
from shared.kernel.errors import Unavailable
from shared.ports import (
    BallotKeys,
    Chance,
    Clock,
    Delivery,
    Directory,
    Documents,
    Drafts,
    EventStore,
    Files,
    Leases,
    News,
    Notary,
    Scanner,
    Seals,
    Stream,
    Subscription,
    Uploads,
    Urn,
)
from shared.runtime.alone import alone
from shared.runtime.forget import Forgetter
from shared.runtime.keep import TOPIC
from shared.runtime.loop import Loop
from shared.runtime.number import Numberer
from shared.runtime.project import Projector
from shared.runtime.pulse import Progress
from shared.runtime.react import Reactor
from shared.runtime.receive import Inbox
from shared.runtime.relay import Relay
from shared.runtime.scan import Quarantine, Scanning

FETCH_RECORDS_MAX = 500
FETCH_WAIT_S = 0.5
LOOK_S = 1.0
"""How long a loop over the service's own stores rests at most where it hears of no news."""

SCAN_EVERY_S = 1.0
RESCAN_EVERY_S = 60.0
"""So often it is looked whether the next round has begun, by whoever does it then."""
SWEEP_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside world of one service, as ports.

    `store` holds what it says, `inbox` what it heard; `leases` and `news` are for the processes of
    one service among themselves, `notary` is for who keeps ledgers. In `production` mode nothing of
    a trial is possible. Positions in the topic are kept under its name. People reach the system at
    `public_url`, if anybody said where that is. Files are scanned where there is a `scanner`.
    """

    store: EventStore
    inbox: EventStore
    topic: Stream
    documents: Documents
    files: Files
    uploads: Uploads
    seals: Seals
    directory: Directory
    urn: Urn
    drafts: Drafts
    ballots: BallotKeys
    clock: Clock
    chance: Chance
    leases: Leases
    news: News
    notary: Notary
    mode: Mode
    topic_name: str = TOPIC
    public_url: str = ""
    scanner: Scanner | None = None


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A ledger as those see it who operate the system.

    For `unsigned_s` it has gone on since its newest checkpoint; `alarmed` says that it is not the
    one that was signed, or may not be.
    """

    cycle: str
    entries: int
    unsigned_s: float
    alarmed: bool


async def _no_ledgers() -> Sequence[LedgerState]:
    return ()


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Service:
    """One service, wired: `routes` makes what its `api` room answers, `loops` run beside it.

    `draw` lets its documents show all that it has recorded by now; a view of a new version is made
    whole by it, beside the one that other processes show. Who keeps ledgers tells by `ledgers` how
    they are.
    """

    name: str
    routes: Callable[[], Any]
    loops: tuple[Loop, ...]
    draw: Callable[[], Awaitable[object]] = _nothing
    ledgers: Callable[[], Awaitable[Sequence[LedgerState]]] = _no_ledgers

    @property
    def router(self) -> Any:  # noqa: ANN401 - what it is, the runtime does not know
        """Its routes, made now: a process that answers nobody saves the time."""
        return self.routes()


class Receiving(Protocol):
    """Who keeps what comes from the topic: an inbox, or the ledger."""

    async def position(self, partition: int) -> int:
        """How far the partition has been received."""

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries of one partition, with the position behind them, or raise."""


class Receiver:
    """Feeds an inbox from the topic; after any failure it subscribes again."""

    def __init__(self, topic: Stream, group: str, inbox: Receiving) -> None:
        self._topic = topic
        self._group = group
        self._inbox = inbox
        self._open = AsyncExitStack()
        self._subscription: Subscription | None = None
        self._fetched = self._received = 0
        self._failing: dict[int, int] = {}
        """Where each partition begins that could not be kept, by its number."""

    async def step(self) -> int:
        """Receive what came; returns how many records there were."""
        try:
            return await self._receive()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Leave the group, so that others have its partitions at once; a step joins it again."""
        self._subscription = None
        self._fetched = self._received
        await self._open.aclose()

    async def progress(self) -> Progress:
        """How many records this process has received, and would have with all of its partitions'.

        It fails as long as one of them does, however much comes in the others. Raises `Unavailable`
        where it follows none.
        """
        if self._subscription is None:
            raise Unavailable("topic-unavailable")
        behind = await self._subscription.behind()
        end = self._fetched + sum(each or 0 for each in behind.values())
        return Progress(self._received, end, fails=not self._failing.keys().isdisjoint(behind))

    async def _receive(self) -> int:
        if self._subscription is None:
            position_of = _position_of(self._inbox, self._failing)
            subscribing = self._topic.subscribe(self._group, position_of)
            self._subscription = await self._open.enter_async_context(subscribing)
        fetch = self._subscription.fetch
        deliveries = await fetch(limit=FETCH_RECORDS_MAX, timeout_s=FETCH_WAIT_S)
        self._fetched += len(deliveries)
        for partition in sorted({delivery.partition for delivery in deliveries}):
            of_partition = [each for each in deliveries if each.partition == partition]
            try:
                await self._inbox.receive(of_partition)
            except Exception:
                self._failing[partition] = of_partition[0].position
                raise
            self._failing.pop(partition, None)
            self._received += len(of_partition)
        return len(deliveries)


def _position_of(inbox: Receiving, failing: dict[int, int]) -> Callable[[int], Awaitable[int]]:
    """How far a partition has been received; another member may have got past what failed here."""

    async def position_of(partition: int) -> int:
        position = await inbox.position(partition)
        if position >= failing.get(partition, position + 1):
            del failing[partition]
        return position

    return position_of


def tell(name: str, outside: Outside) -> Loop:
    """The loop that tells the topic what the service recorded."""
    relay = Relay(outside.store, outside.topic, outside.topic_name)
    return _following(outside, Loop(f"{name}.relay", relay.step, progress=relay.progress))


def hear(name: str, outside: Outside, wanted: Callable[[str], bool], edition: int = 1) -> Loop:
    """The loop that fills the inbox with the streams of others that `wanted` picks.

    The edition is the next one where more is wanted than in the version before.
    """
    inbox = Inbox(outside.inbox, wanted, edition=edition, topic=outside.topic_name)
    receiver = Receiver(outside.topic, name, inbox)
    return Loop(f"{name}.receive", receiver.step, progress=receiver.progress, end=receiver.close)


def number(name: str, outside: Outside) -> Loop:
    """The loop that numbers the whole topic into the ledgers, which the inbox then holds."""
    receiver = Receiver(outside.topic, name, Numberer(outside.inbox, outside.topic_name))
    return Loop(f"{name}.number", receiver.step, progress=receiver.progress, end=receiver.close)


def react(name: str, outside: Outside, reactor: Reactor) -> Loop:
    """The loop that follows the service's policy."""
    return _following(outside, Loop(f"{name}.react", reactor.step, progress=reactor.progress))


def show(name: str, outside: Outside, projector: Projector) -> Loop:
    """The loop that keeps the documents up to date when nobody reads them."""
    return _following(outside, Loop(f"{name}.project", projector.step, progress=projector.progress))


def scan(name: str, outside: Outside, quarantine: Quarantine) -> tuple[Loop, ...]:
    """The loops over what waits for the scanner, and over all files anew, if there is one."""
    if outside.scanner is None:
        return ()
    scanning = Scanning(quarantine, outside.files, outside.scanner, outside.clock)
    waiting = Loop(f"{name}.scan", scanning.scan_waiting, idle_s=SCAN_EVERY_S)
    anew = Loop(f"{name}.rescan", scanning.rescan_some, idle_s=RESCAN_EVERY_S)
    return tuple(alone(outside.leases, each) for each in (waiting, anew))


def sweep(name: str, outside: Outside, step: Callable[[], Awaitable[int]]) -> Loop:
    """The loop that forgets what was brought and nothing came to rest on."""
    return alone(outside.leases, Loop(f"{name}.sweep", step, idle_s=SWEEP_EVERY_S))


def forget(name: str, outside: Outside, orders: EventStore) -> Loop:
    """The loop that forgets what facts in `orders`, an inbox or the own store, say."""
    forgetter = Forgetter(orders, outside.store, outside.seals, outside.directory)
    return _following(outside, Loop(f"{name}.forget", forgetter.step, progress=forgetter.progress))


def _following(outside: Outside, loop: Loop) -> Loop:
    """A loop over the service's own stores: one process turns it, as soon as there is news."""
    following = replace(loop, idle_s=LOOK_S, rest=outside.news.follow().wait)
    return alone(outside.leases, following)
