"""How often each client has asked of late, in memory that is bounded whoever comes.

Counted is by the generic cell rate algorithm: of each client one number is kept, until when what
it asked for would take if it came evenly. Once that time is over the client is forgotten.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic_ns

from shared.adapters.web.rates import Rate

CLIENTS_MAX = 32_768
"""So many clients are known at once; for a new one then who was silent longest is forgotten."""
FORGOTTEN_AT_ONCE = 2
"""One more than may come: so there are never more than those of the last window for long."""
SECOND_NS = 1_000_000_000

Now = Callable[[], int]
"""The nanoseconds since some moment."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to a client after it has asked.

    `seconds` go by until it has everything again; for one that is `refused`, until it has anything.
    """

    requests: int
    seconds: int
    refused: bool = False


class Counts:
    """The clients of one policy, by names that tell nothing."""

    def __init__(
        self, rate: Rate, now_ns: Now = monotonic_ns, *, clients_max: int = CLIENTS_MAX
    ) -> None:
        self._step_ns = rate.seconds * SECOND_NS // rate.requests
        self._window_ns = self._step_ns * rate.requests
        self._now_ns = now_ns
        self._clients_max = clients_max
        self._until_ns: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        """How many clients are known."""
        return len(self._until_ns)

    def take(self, client: bytes) -> Left:
        """Count a request; who is refused asked in vain, and that does not count."""
        now_ns = self._now_ns()
        self._forget(now_ns)
        until_ns = max(self._until_ns.get(client, 0), now_ns) + self._step_ns
        over_ns = until_ns - self._window_ns - now_ns
        if over_ns > 0:
            self._until_ns.move_to_end(client)
            return Left(0, _seconds(over_ns), refused=True)
        self._until_ns[client] = until_ns
        self._until_ns.move_to_end(client)
        if len(self._until_ns) > self._clients_max:
            self._until_ns.popitem(last=False)
        return Left(-over_ns // self._step_ns, _seconds(until_ns - now_ns))

    def give_back(self, client: bytes) -> None:
        """Take back that a request was counted, which was another's."""
        if client in self._until_ns:
            self._until_ns[client] -= self._step_ns

    def _forget(self, now_ns: int) -> None:
        """Let go of those who may ask for everything again; they stand by when they asked last."""
        for _ in range(FORGOTTEN_AT_ONCE):
            oldest = next(iter(self._until_ns), None)
            if oldest is None or self._until_ns[oldest] > now_ns:
                return
            del self._until_ns[oldest]


def _seconds(span_ns: int) -> int:
    """Whole seconds, rather too many than too few."""
    return -(-span_ns // SECOND_NS)
