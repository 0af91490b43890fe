"""A service that says again what it hears, every time it is asked to: what is doubled shows."""

from collections.abc import Mapping, Sequence

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored, decode
from shared.events.envelope import Context, Recorded
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused
from shared.ports import EventStore, Tracking
from shared.runtime.handle import Handler, caused_by
from shared.runtime.parked import Parked, StoppedStream
from shared.runtime.react import RETRY_S, Reactor
from tests.support.claims import AT, STREAM, Claim, Claims, claim, claimed, stored
from tests.support.failing import everything


def _decide(command: Claim, _: Claims) -> list[object]:
    if "-1" in command.points:
        raise Refused("points-below-zero")
    return [claimed(points) for points in command.points]


def _evolve(claims: Claims, recorded: Recorded) -> Claims:
    return (*claims, recorded.data.points)


SICK, WELL = "submission/2021/so-y-te", "submission/2021/so-noi-vu"
POISON = f"{SICK}@2"
"""The fact of the one stream that a version fails at; the other stream is well."""

_DECIDER: Decider[Claim, Claims, Recorded] = Decider((), _decide, _evolve)


def policy(recorded: Recorded) -> Sequence[Claim]:
    """The points of a fact are the commands that it leads to: "1 2" to two, "" to none."""
    return [claim(points) for points in recorded.data.points.split()]


class EchoService:
    """One process of it, of a version that fails at some facts; `tried` are those it began."""

    def __init__(
        self,
        inbox: EventStore,
        store: EventStore,
        fails: Mapping[str, Exception],
        *,
        retry_s: float = RETRY_S,
    ) -> None:
        self.fails = fails
        self.tried: list[str] = []
        self.reactor = Reactor(inbox, store, policy, self.perform, retry_s=retry_s)
        self._handler = Handler(store)

    async def perform(self, command: Claim, cause: Recorded, tracking: Tracking | None) -> None:
        """Run one command of the policy."""
        self.tried.append(cause.id)
        if cause.id in self.fails:
            raise self.fails[cause.id]
        context = caused_by(cause, Context(AT))
        await self._handler.handle(STREAM, _DECIDER, command, context, tracking=tracking)


async def said(store: EventStore, stream: str = "") -> list[str]:
    """The facts, of a stream or of all, that were said again, in the order in which they were."""
    causes = [decode(fact.body).context.causation_id or "" for fact in await everything(store)]
    return [cause for cause in causes if cause.startswith(stream)]


async def inbox_with(*facts: Stored) -> MemoryEventStore:
    """An inbox that has received these."""
    inbox = MemoryEventStore()
    await inbox.append(facts)
    return inbox


async def an_inbox() -> MemoryEventStore:
    """Two streams of three facts, each of which leads to a command."""
    return await inbox_with(
        *(stored(version, f"{version}", stream) for version in (1, 2, 3) for stream in (SICK, WELL))
    )


async def stopped(inbox: EventStore, store: EventStore) -> Sequence[StoppedStream]:
    """What the operators are shown."""
    return (await Parked(inbox, store).waiting()).stopped


def ids(stream: str, *versions: int) -> list[str]:
    """The facts of a stream by their ids."""
    return [f"{stream}@{version}" for version in versions]
