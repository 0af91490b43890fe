"""React: another service spoke, and this one does what its policy says.

Facts are taken from the inbox in the order in which they were received. How far each stream has
been reacted to is recorded together with what the last command of a fact led to (`track_of`), so
that a fact has its effect once, whoever reacts to it and how often. How far the log of the inbox
has been passed (`CONSUMER`) only says where to look next, and is recorded batch by batch; a
command is safe to say twice, so that a crash in between repeats it without effect.

A fact that cannot be reacted to stops its stream, and no other: this version cannot read it, or
its policy or a command fails at it. A mark under `stopped/` in the inbox names it, and why, before
the log is passed; so whoever finds a later fact of the stream finds the mark too, and leaves the
fact alone. A stream that once stopped is taken from its copy in the inbox ever after, from the
first fact that was not reacted to, in its order. It is tried again at every start, since a newer
version may know how, and every `RETRY_S`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.kernel.errors import Conflict, Problem, Refused, is_away
from shared.ports import EventStore, Tracking
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.pulse import Progress

BATCH_FACTS_MAX = 200
CONSUMER = "react"
STOPPED = "stopped/"
RETRY_S = 30.0
"""How long a stopped stream rests before it is tried again."""

READ_STREAMS_MAX = 200

_log = logging.getLogger(__name__)

Policy = Callable[[Recorded], Sequence[Any]]
Perform = Callable[[Any, Recorded, Tracking | None], Awaitable[None]]


class Reactor:
    """Runs one service's policy over its inbox.

    `perform` runs one command; the tracking that it gets belongs into the same transaction, where
    there is one. What it refuses is passed over: it was said before, or makes no sense any more.
    While a server is away, or others are too busy at the same place, all reactions wait. Anything
    else stops the stream of the fact: what is missing may come, and a mistake may be mended.
    """

    def __init__(
        self,
        inbox: EventStore,
        store: EventStore,
        policy: Policy,
        perform: Perform,
        *,
        retry_s: float = RETRY_S,
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._policy = policy
        self._perform = perform
        self._retry_s = retry_s
        self._tried_s: float | None = None
        self._marked: dict[str, int] = {}
        self._resting: set[str] = set()

    async def step(self) -> int:
        """React to one batch; returns how many facts it had, 0 when there is none left."""
        resumed = await self._try_again()
        # First the position, then the marks: a mark is made before its fact is passed.
        position = await self._store.tracked(CONSUMER)
        batch = await self._inbox.log(after=position, limit=BATCH_FACTS_MAX)
        if batch:
            await self._read_marks()
            for entry in batch:
                await self._pass(entry.fact)
            await self._reach(Tracking(CONSUMER, batch[-1].position))
        return resumed + len(batch)

    async def progress(self) -> Progress:
        """Up to where the log of the inbox has been passed.

        What waits in stopped streams is not told; `shared.runtime.parked` tells of it.
        """
        reached = await self._store.tracked(CONSUMER)
        return Progress(reached, await self._inbox.end())

    async def _pass(self, fact: Stored) -> None:
        if fact.stream.startswith((PARKED, UNREADABLE, ALTERED, STOPPED)):
            return
        if fact.stream not in self._marked:
            await self._settle(fact)
        elif fact.stream not in self._resting:
            resumed = await self._resume(fact.stream)
            if resumed == BATCH_FACTS_MAX:
                self._tried_s = None  # There may be more of it.

    # --- One fact

    async def _settle(self, fact: Stored, *, always: bool = False) -> bool:
        """React to a fact whose turn it is; False where it stops its stream.

        With `always` it is also recorded that a fact led to nothing.
        """
        try:
            recorded = codec.decode(fact.body)
            commands = self._policy(recorded)
        except Exception as error:  # noqa: BLE001 - a mistake about one fact is no one else's
            return await self._stop(fact, error)
        tracking = Tracking(track_of(fact.stream), fact.version)
        if not (commands or always) or await self._is_reached(tracking):
            return True
        try:
            await self._run(commands, recorded, tracking)
        except Exception as error:
            if is_away(error) or (isinstance(error, Conflict) and error.code == "busy"):
                raise
            return await self._stop(fact, error)
        if not await self._is_reached(tracking):
            await self._reach(tracking)
        return True

    async def _run(self, commands: Sequence[Any], cause: Recorded, tracking: Tracking) -> None:
        for place, command in enumerate(commands, start=1):
            try:
                last = place == len(commands)
                await self._perform(command, cause, tracking if last else None)
            except Refused as refusal:
                _log.info("%s asked for what is refused here: %s", cause.id, refusal.code)
            except Conflict as conflict:
                if conflict.code != "already-tracked":
                    raise

    async def _is_reached(self, tracking: Tracking) -> bool:
        return await self._store.tracked(tracking.consumer) >= tracking.position

    async def _reach(self, tracking: Tracking) -> None:
        try:
            await self._store.append([], tracking=tracking)
        except Conflict as conflict:
            if conflict.code != "already-tracked":
                raise

    # --- Stopped streams

    async def _stop(self, fact: Stored, error: Exception) -> bool:
        """Mark the fact, durably, and leave its stream alone for a while."""
        because = error.code if isinstance(error, Problem) else type(error).__name__
        try:
            await self._inbox.append([mark(fact, because)])
            _log.error("%s stops its stream: %s", fact.id, because, exc_info=error)
        except Conflict as conflict:
            if conflict.code != "version-taken":
                raise
            _log.warning("%s still stops its stream: %s", fact.id, because)
        self._marked.setdefault(fact.stream, fact.version)
        self._resting.add(fact.stream)
        return False

    async def _try_again(self) -> int:
        """Try every stopped stream, when it is time; returns how many facts were reacted to."""
        now_s = asyncio.get_running_loop().time()
        if self._tried_s is not None and now_s < self._tried_s + self._retry_s:
            return 0
        self._tried_s = None
        await self._read_marks()
        self._resting.clear()
        resumed = 0
        for stream in list(self._marked):
            resumed += await self._resume(stream)
            if resumed >= BATCH_FACTS_MAX:
                return resumed  # The rest is tried with the next step.
        self._tried_s = now_s
        return resumed

    async def _resume(self, stream: str) -> int:
        """React to a batch of what the stream has by now; returns to how much before it stops."""
        tracked = await self._store.tracked(track_of(stream))
        after = max(tracked, self._marked[stream] - 1)
        facts = await self._inbox.stream(stream, after=after, limit=BATCH_FACTS_MAX)
        for place, fact in enumerate(facts):
            if not await self._settle(fact, always=True):
                return place
        return len(facts)

    async def _read_marks(self) -> None:
        """Learn of streams that others have stopped, and at which fact each stopped first."""
        async for name in named(self._inbox, STOPPED):
            if name.removeprefix(STOPPED) not in self._marked:
                [first] = await self._inbox.stream(name, limit=1)
                self._marked[name.removeprefix(STOPPED)] = first.version


def track_of(stream: str) -> str:
    """The consumer whose position is the version up to which a stream was reacted to.

    Facts that lead to nothing are not counted, unless their stream was stopped once.
    """
    return f"{CONSUMER}/{stream}"


def mark(fact: Stored, because: str) -> Stored:
    """What is kept of a fact that stops its stream: its version and why, and nothing of its own."""
    return Stored(STOPPED + fact.stream, fact.version, "stopped", because.encode())


async def named(store: EventStore, prefix: str) -> AsyncIterator[str]:
    """The names of all streams that begin with `prefix`, in their order."""
    after = ""
    while True:
        names = await store.streams(prefix, after=after, limit=READ_STREAMS_MAX)
        for name in names:
            yield name
        if len(names) < READ_STREAMS_MAX:
            return
        after = names[-1]
