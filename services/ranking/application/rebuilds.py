"""Rebuilds as operations: ordered, done by one process, and read by whoever may."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from services.ranking.application.generations import Generations
from services.ranking.application.rebuilder import Manner
from services.ranking.application.sources import Stores, end_of
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused
from shared.ports import Document
from shared.runtime.number import LEDGER

REBUILDS = "ranking_rebuild"
"""Every operation by its id; it has no version, as the pointers have none."""
OPEN = "ranking_rebuild_open"
"""The ids of those that have not ended."""

CYCLES_MAX = 1_000
OPEN_MAX = 100
"""How many differing documents an operation names; it says how many there are."""
TOLD_EVERY_S = 1.0
ID_CHARACTERS = 32

By = Literal["worker", "command"]
Body = Mapping[str, Any]
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

    def __init__(self, stores: Stores, make: Make) -> None:
        self._stores = stores
        self._documents = stores.documents
        self._make = make
        self._running: AsyncGenerator[Body, None] | None = None

    # --- For people

    async def order(self, by: Actor, order: Order, context: Context) -> Body:
        """Order a rebuild, once for each idempotency key; it is begun by the worker."""
        permit(by, "rebuild-views")
        identity = _identity(f"{context.actor}\n{context.idempotency_key}")
        known = await self._documents.get(REBUILDS, identity)
        if known is None:
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
        generations = Generations(self._documents)
        return {cycle: (await generations.roll_back(cycle)).name for cycle in cycles}

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
        """An operation that a command does: the same one that was broken off, or a new one."""
        cycles, manner = await self._cycles(order), asdict(order.manner)
        for each in await self._open("command"):
            assert each.body is not None, "an operation is never deleted"
            if each.body["manner"] == manner and set(each.body["cycles"]) == set(cycles):
                return each
        return await self._begin(_identity(token), order, "command", {})

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
                cycles[cycle] = told
                body = {**body, "cycles": dict(cycles)}
                if _is_over(told) or _now_s() - told_s >= TOLD_EVERY_S:
                    position, told_s = await self._write(operation.id, position, body), _now_s()
                yield body
        body = {**body, "state": "ended"}
        position = await self._write(operation.id, position, body)
        await self._documents.put(OPEN, [Document(operation.id, position, None)])
        yield body

    async def _open(self, by: By) -> Sequence[Document]:
        """What has not ended, the oldest first."""
        marks = await self._documents.page(OPEN, prefix="", limit=OPEN_MAX)
        found = await self._documents.many(REBUILDS, [mark.id for mark in marks])
        of_by = [each for each in found.values() if each.body and each.body["by"] == by]
        return sorted(of_by, key=lambda each: str((each.body or {}).get("ordered_at")))

    async def _begin(self, identity: str, order: Order, by: By, more: Body) -> Document:
        """Write a new operation down; of two with one id the first one stands."""
        cycles = await self._cycles(order)
        body = {
            "rebuild": identity,
            "by": by,
            "state": "waiting",
            "manner": asdict(order.manner),
            "cycles": {cycle: {"state": "waiting"} for cycle in cycles},
            **more,
        }
        await self._documents.put(OPEN, [Document(identity, 1, {})])
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


def _told(body: Body) -> Body:
    """What of an operation is for others to read."""
    return {name: value for name, value in body.items() if name not in {"by", "of"}}


def _now_s() -> float:
    return asyncio.get_running_loop().time()
