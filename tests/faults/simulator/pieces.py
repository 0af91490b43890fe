"""The pieces under test, each replaceable, so that a bug can be planted in one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shared.adapters.memory import MemoryDocuments, MemoryEventStore, MemoryUrn
from shared.events.envelope import Recorded
from shared.kernel.view import View
from shared.ports import Chance, Documents, EventStore, Stream, Urn
from shared.runtime.handle import Handler
from shared.runtime.number import Numberer
from shared.runtime.project import Projector
from shared.runtime.react import Perform, Policy, Reactor
from shared.runtime.receive import Inbox
from shared.runtime.relay import Relay

RETRY_S = 0.5
"""How long a stopped stream rests: a world is over in some seconds."""

MakeReactor = Callable[[EventStore, EventStore, Policy, Perform], Reactor]
REACTOR: MakeReactor = partial(Reactor, retry_s=RETRY_S)


@dataclass(frozen=True, slots=True)
class Pieces:
    """How each piece is made; what is not said otherwise is the real one."""

    store: Callable[[], EventStore] = MemoryEventStore
    documents: Callable[[], Documents] = MemoryDocuments
    urn: Callable[[Chance], Urn] = MemoryUrn
    handler: Callable[[EventStore], Handler] = Handler
    relay: Callable[[EventStore, Stream], Relay] = Relay
    inbox: Callable[[EventStore, Callable[[str], bool]], Inbox] = Inbox
    reactor: MakeReactor = REACTOR
    projector: Callable[[EventStore, Documents, Sequence[View[Recorded]]], Projector] = Projector
    numberer: Callable[[EventStore], Numberer] = Numberer


CORRECT = Pieces()
