"""From a command to recorded facts: load, decide, append, and again if somebody was faster."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from shared.events import codec
from shared.events.envelope import Context, Recorded
from shared.kernel.decider import Decider, Fold
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import EventStore, Tracking

ATTEMPTS_MAX = 8
READ_FACTS_MAX = 1_000
CACHED_STREAMS_MAX = 512

State = TypeVar("State")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream folded up to its `last` fact, and the idempotency keys that were used in it."""

    state: Any
    keys: dict[str, tuple[str, tuple[str, ...]]]
    last: codec.Stored | None = None

    @property
    def version(self) -> int:
        """That of the last fact, or 0."""
        return self.last.version if self.last is not None else 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to: ids of its facts (of the first time, if it was said again)."""

    facts: tuple[str, ...]
    version: int
    state: Any


class Handler:
    """Runs deciders on the streams of one event store.

    Folded streams are kept and brought up to date before each decision. Callers of one handler
    take turns on a stream; between handlers the store alone decides who was first. A database that
    fell back to a copy may have lost what it had confirmed: what was kept of a stream is believed
    where the last fact of it still stands there, and nothing is recorded behind a gap.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._cache: OrderedDict[str, Loaded] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def load(self, stream: str, fold: Decider[Any, State, Any] | Fold[State, Any]) -> State:
        """The state of a stream, of every fact that was acknowledged before.

        Raises `Unavailable("stream-unreadable")` where a newer version wrote one of them.
        """
        state: State = (await self._load(stream, fold)).state
        return state

    async def handle(
        self,
        stream: str,
        decider: Decider[Any, Any, Any],
        command: object,
        context: Context,
        *,
        tracking: Tracking | None = None,
    ) -> Outcome:
        """Decide on one command and record what follows, all or nothing.

        Raises what `decide` raises; `Refused("idempotency-key-reused")` where the key was used
        for another request; `Conflict("busy")` after too many lost races;
        `Conflict("already-tracked")` where the command's cause was dealt with before; and what
        `load` raises.
        """
        turn = self._turns.setdefault(stream, asyncio.Lock())
        async with turn:
            for _ in range(ATTEMPTS_MAX):
                outcome = await self._attempt(stream, decider, command, context, tracking)
                if outcome is not None:
                    return outcome
        raise Conflict("busy", stream=stream)

    async def _attempt(
        self,
        stream: str,
        decider: Decider[Any, Any, Any],
        command: object,
        context: Context,
        tracking: Tracking | None,
    ) -> Outcome | None:
        """Decide once; None if the stream is not, or not any more, what was decided on."""
        loaded = await self._load(stream, decider)
        told = _told_before(loaded, context)
        facts = decider.decide(command, loaded.state) if told is None else ()
        stored = _encode(stream, loaded.version, context, facts)
        if not stored and tracking is None:
            return Outcome(told or (), loaded.version, loaded.state)
        try:
            await self._store.append(stored, tracking=tracking, behind=loaded.last)
        except Conflict as conflict:
            if conflict.code not in {"version-taken", "version-missing"}:
                raise
            return None
        folded = self._fold(stream, decider, loaded, stored)
        return Outcome(told or tuple(fact.id for fact in stored), folded.version, folded.state)

    async def _load(self, stream: str, fold: Decider[Any, Any, Any] | Fold[Any, Any]) -> Loaded:
        loaded = self._cache.get(stream) or Loaded(fold.initial, {})
        while True:
            # Read with the last fact that is known, which says whether the store still has it.
            last, after = loaded.last, max(0, loaded.version - 1)
            read = await self._store.stream(stream, after=after, limit=READ_FACTS_MAX)
            if last is not None and (not read or read[0].body != last.body):
                _log.error("%s was lost by its store, and is read anew", stream)
                self._cache.pop(stream, None)
                loaded = Loaded(fold.initial, {})
                continue
            loaded = self._fold(stream, fold, loaded, read[1:] if last is not None else read)
            if len(read) < READ_FACTS_MAX:
                return loaded

    def _fold(
        self,
        stream: str,
        fold: Decider[Any, Any, Any] | Fold[Any, Any],
        loaded: Loaded,
        facts: Sequence[codec.Stored],
    ) -> Loaded:
        state, keys = loaded.state, dict(loaded.keys)
        for stored in facts:
            recorded = _decode(stored)
            state = fold.evolve(state, recorded)
            _remember(keys, recorded)
        folded = Loaded(state, keys, facts[-1] if facts else loaded.last)
        if folded.last is None:
            return folded  # Anybody can name what is not there: it would push out what is.
        self._cache[stream] = folded
        self._cache.move_to_end(stream)
        while len(self._cache) > CACHED_STREAMS_MAX:
            self._cache.popitem(last=False)
        return folded


def _decode(stored: codec.Stored) -> Recorded:
    """The fact, or a problem of its stream alone: the others are read and written as ever."""
    try:
        recorded = codec.decode(stored.body)
    except codec.Unreadable as error:
        raise Unavailable("stream-unreadable", fact=stored.id) from error
    assert recorded.id == stored.id, f"{stored.id} holds the bytes of {recorded.id}"
    return recorded


def _encode(
    stream: str, version: int, context: Context, facts: Sequence[object]
) -> list[codec.Stored]:
    return [
        codec.encode(stream, version + place, context, fact)
        for place, fact in enumerate(facts, start=1)
    ]


def _remember(keys: dict[str, tuple[str, tuple[str, ...]]], recorded: Recorded) -> None:
    key = recorded.context.idempotency_key
    if key is not None:
        _, earlier = keys.get(key, ("", ()))
        keys[key] = (recorded.context.request_digest or "", (*earlier, recorded.id))


def _told_before(loaded: Loaded, context: Context) -> tuple[str, ...] | None:
    if context.idempotency_key is None or context.idempotency_key not in loaded.keys:
        return None
    digest, facts = loaded.keys[context.idempotency_key]
    if digest != (context.request_digest or ""):
        raise Refused("idempotency-key-reused", key=context.idempotency_key)
    return facts
