"""A service that says again what it hears, every time it is asked to: what is doubled shows."""

from collections.abc import Mapping, Sequence

from shared.events.codec import decode
from shared.events.envelope import Context, Recorded, caused_by
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused
from shared.ports import EventStore, Tracking
from shared.runtime.handle import Handler
from shared.runtime.react import RETRY_S, Reactor
from tests.support.claims import AT, STREAM, Claim, Claims, claim, claimed
from tests.support.failing import everything


def _decide(command: Claim, _: Claims) -> list[object]:
    if "-1" in command.points:
        raise Refused("points-below-zero")
    return [claimed(points) for points in command.points]


def _evolve(claims: Claims, recorded: Recorded) -> Claims:
    return (*claims, recorded.data.points)


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
