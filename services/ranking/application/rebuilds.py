"""Rebuilds as operations: ordered, done by one process, and read by whoever may."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from services.ranking.application.generations import Generations
from services.ranking.application.rebuilder import Manner
from services.ranking.application.sources import Stores, end_of
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Clock, Document
from shared.runtime.number import LEDGER

REBUILDS = "ranking_rebuild"
"""Every operation by its id; it has no version, as the pointers have none."""
CYCLES_MAX = 1_000
ORDERS_OPEN_MAX = 50
"""How many orders wait at most; who orders more is asked to wait."""
OPEN_READ_MAX = 2 * ORDERS_OPEN_MAX
"""How many open operations are read at most: several who order at once may each be the last."""
TAKEN_UP_WITHIN = timedelta(hours=1)
"""A command that was broken off is taken up by the next one if it was at work so lately."""
TOLD_EVERY_S = 1.0
ID_CHARACTERS = 32
_PRIVATE = frozenset({"by", "of", "moves"})

Body = Mapping[str, Any]
By = Literal["worker", "command"]
OPEN: Mapping[By, str] = MappingProxyType(
    {"worker": "ranking_rebuild_ordered", "command": "ranking_rebuild_begun"}
)
"""The ids of those that have not ended, by who does them: no command is in the way of an order."""

Make = Callable[[Sequence[str], Manner], AsyncGenerator[tuple[str, Body], None]]
"""Makes cycles again, and says of each how it stands, as `Rebuilder.tell` does."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which cycles are to be made again, all of them where none is named, and how."""

    cycles: Sequence[str] = ()
    manner: Manner = field(default_factory=Manner)


class Rebuilds:
    """The operations. One process at a time does one, and writes down how it stands.

    `by` says who does it: the worker does what was ordered by HTTP, a command its own. One that
    was broken off goes on where it is begun again, with the cycles that have not come to anything.
    """

    def __init__(self, stores: Stores, make: Make, clock: Clock) -> None:
        self._stores = stores
        self._documents = stores.documents
        self._generations = Generations(stores.documents)
        self._make = make
        self._clock = clock
        self._running: AsyncGenerator[Body, None] | None = None

    # --- For people

    async def order(self, by: Actor, order: Order, context: Context) -> Body:
        """Order a rebuild, once for each idempotency key; it is begun by the worker.

        Raises `Unavailable("too-many-rebuilds")` where as many wait already as may.
        """
        permit(by, "rebuild-views")
        identity = _identity(f"{context.actor}\n{context.idempotency_key}")
        known = await self._documents.get(REBUILDS, identity)
        if known is None:
            if len(await self._open("worker")) >= ORDERS_OPEN_MAX:
                raise Unavailable("too-many-rebuilds", maximum=str(ORDERS_OPEN_MAX))
            at, digest = context.at.isoformat(), context.request_digest
            known = await self._begin(identity, order, "worker", {"ordered_at": at, "of": digest})
        assert known.body is not None, "an operation is never deleted"
        if known.body["of"] != context.request_digest:
            raise Refused("idempotency-key-reused", key=str(context.idempotency_key))
        return _told(known.body)

    async def read(self, by: Actor, identity: str) -> Body:
        """Where an operation stands, and what it came to; raises `Missing("rebuild-unknown")`."""
        permit(by, "read-log")
        known = await self._documents.get(REBUILDS, identity)
        if known is None or known.body is None:
            raise Missing("rebuild-unknown", rebuild=identity)
        return _told(known.body)

    async def roll_back(self, cycles: Sequence[str]) -> Mapping[str, str]:
        """Let what served before serve again; gives the names of the generations by cycle."""
        return {cycle: (await self._generations.roll_back(cycle)).name for cycle in cycles}

    # --- For who does them

    async def step(self) -> int:
        """Do a little of what was ordered first; returns 0 where nothing is."""
        if self._running is None:
            waiting = await self._open("worker")
            if not waiting:
                return 0
            self._running = self.run(waiting[0])
        try:
            await anext(self._running)
        except StopAsyncIteration:
            self._running = None
        except BaseException:
            self._running = None
            raise
        return 1

    async def begin(self, token: str, order: Order) -> Document:
        """An operation that a command does: the same one that was broken off, or a new one.

        It is taken up if it was at work lately, and no pointer of its cycles has moved since, but
        by itself. What it came to before is marked as `earlier`.
        """
        cycles, manner = await self._cycles(order), asdict(order.manner)
        moves = await self._moves(cycles)
        for each in await self._open("command"):
            assert each.body is not None, "an operation is never deleted"
            if not self._is_to_go_on(each.body):
                await self._close(each, "broken-off")
            elif each.body["manner"] == manner and _moves_by_now(each.body) == moves:
                return replace(each, body=_taken_up(each.body))
        return await self._begin(_identity(token), order, "command", {"moves": moves})

    async def cycles(self) -> Sequence[str]:
        """Every cycle that has a ledger."""
        ledgers = await self._stores.inbox.streams(LEDGER, limit=CYCLES_MAX)
        return [ledger.removeprefix(LEDGER) for ledger in ledgers]

    async def run(self, operation: Document) -> AsyncGenerator[Body, None]:
        """Do what is left of an operation; tells how it stands, at least once for each cycle."""
        assert operation.body is not None, "an operation is never deleted"
        body = {**operation.body, "state": "running"}
        cycles: dict[str, Body] = dict(body["cycles"])
        left = [cycle for cycle, each in cycles.items() if not _is_over(each)]
        position, told_s = operation.position, 0.0
        async with aclosing(self._make(left, Manner(**body["manner"]))) as making:
            async for cycle, told in making:
                at = self._clock.now().isoformat()
                cycles[cycle] = {**told, "at": at} if _is_over(told) else told
                body = {**body, "cycles": dict(cycles), "at": at}
                if _is_over(told) or _now_s() - told_s >= TOLD_EVERY_S:
                    position, told_s = await self._write(operation.id, position, body), _now_s()
                yield body
        yield await self._close(Document(operation.id, position, body), "ended")

    async def _open(self, by: By) -> Sequence[Document]:
        """What has not ended, the oldest first."""
        marks = await self._documents.page(OPEN[by], prefix="", limit=OPEN_READ_MAX)
        found = await self._documents.many(REBUILDS, [mark.id for mark in marks])
        return sorted(found.values(), key=lambda each: str((each.body or {}).get("ordered_at")))

    async def _close(self, operation: Document, state: str) -> Body:
        """Write down that an operation has come to its end; gives its body."""
        assert operation.body is not None, "an operation is never deleted"
        body = {**operation.body, "state": state}
        position = await self._write(operation.id, operation.position, body)
        await self._documents.put(OPEN[body["by"]], [Document(operation.id, position, None)])
        return body

    def _is_to_go_on(self, body: Body) -> bool:
        """Whether an operation was at work a short while ago, and has something left to do."""
        is_over = all(map(_is_over, body["cycles"].values()))
        return not is_over and self._age(body) <= TAKEN_UP_WITHIN

    def _age(self, body: Body) -> timedelta:
        return self._clock.now() - datetime.fromisoformat(body["at"])

    async def _moves(self, cycles: Sequence[str]) -> Mapping[str, int]:
        """How often the pointer of each cycle was moved."""
        return {cycle: (await self._generations.pointer(cycle)).moves for cycle in cycles}

    async def _begin(self, identity: str, order: Order, by: By, more: Body) -> Document:
        """Write a new operation down; of two with one id the first one stands."""
        cycles = await self._cycles(order)
        body = {
            "rebuild": identity,
            "by": by,
            "state": "waiting",
            "at": self._clock.now().isoformat(),
            "manner": asdict(order.manner),
            "cycles": {cycle: {"state": "waiting"} for cycle in cycles},
            **more,
        }
        await self._documents.put(OPEN[by], [Document(identity, 1, {})])
        await self._documents.put(REBUILDS, [Document(identity, 1, body)])
        begun = await self._documents.get(REBUILDS, identity)
        assert begun is not None, "it was put just now"
        return begun

    async def _cycles(self, order: Order) -> Sequence[str]:
        """The cycles that are meant; raises `Missing("cycle-not-counted")`."""
        for cycle in order.cycles:
            if not (await end_of(self._stores.inbox, cycle)).records:
                raise Missing("cycle-not-counted", name=cycle)
        if order.cycles:
            return sorted(set(order.cycles))
        return await self.cycles()

    async def _write(self, identity: str, position: int, body: Body) -> int:
        await self._documents.put(REBUILDS, [Document(identity, position + 1, body)])
        return position + 1


def _identity(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:ID_CHARACTERS]


def _is_over(cycle: Body) -> bool:
    return cycle["state"] not in {"waiting", "making"}


def _moves_by_now(body: Body) -> Mapping[str, int]:
    """How often each pointer was moved when an operation began, and by itself since then."""
    moves: Mapping[str, int] = body["moves"]
    return {
        cycle: moves[cycle] + (each["state"] == "serves") for cycle, each in body["cycles"].items()
    }


def _taken_up(body: Body) -> Body:
    """An operation as it goes on: what it came to stands as of then, all else begins anew."""
    cycles = {
        cycle: {**each, "earlier": True} if _is_over(each) else {"state": "waiting"}
        for cycle, each in body["cycles"].items()
    }
    return {**body, "cycles": cycles}


def _told(body: Body) -> Body:
    """What of an operation is for others to read."""
    return {name: value for name, value in body.items() if name not in _PRIVATE}


def _now_s() -> float:
    return asyncio.get_running_loop().time()
